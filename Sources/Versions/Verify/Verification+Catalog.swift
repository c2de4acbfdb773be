import Core
import Foundation

/// The layer `catalog`: the version's photos compared with the facts in the current catalog.
extension Verification {
    /// Reads the catalog and the version together, both in the order of photo ids.
    static func catalog(
        _ version: Version, _ facts: FactSource, _ withdrawn: Set<PhotoID>, _ names: EarlierNames,
        _ missingOriginal: (PhotoFacts) -> String?
    ) throws -> [Mismatch] {
        var comparison = CatalogComparison(version, withdrawn, names)
        try facts.forEach { comparison.add($0, missingOriginal) }
        return comparison.mismatches()
    }

    /// The differences by the indices of photos and copies. Photos are compared in the order of their ids.
    fileprivate struct CatalogComparison {
        private var ofPhotos: [Int: [Mismatch]] = [:]
        private var ofCopies: [Int: [Mismatch]] = [:]
        private let assignments: Assignments
        private let drawn: [[OverlayPosition]]
        private let recipe: Recipe
        private let withdrawn: Set<PhotoID>
        private let names: EarlierNames
        private var nextPhoto = 0
        private var nextCopy = 0

        init(_ version: Version, _ withdrawn: Set<PhotoID>, _ names: EarlierNames) {
            self.withdrawn = withdrawn
            self.names = names.excludingMerges(of: version.manifest.volunteers)
            assignments = version.entries.assignments
            drawn = version.entries.drawn
            recipe = version.manifest.recipe
        }

        /// Compares a photo of the catalog with the version. Photos are added in the order of their ids.
        mutating func add(_ fact: PhotoFacts, _ missingOriginal: (PhotoFacts) -> String?) {
            addMissing { $0 < fact.photo }
            guard nextPhoto < assignments.photos.count, assignments.photos[nextPhoto].photo == fact.photo else {
                return
            }
            if withdrawn.contains(fact.photo) {
                addMissing(nextPhoto, isWithdrawn: true)
            } else {
                compare(nextPhoto, with: fact, missingOriginal)
            }
            nextPhoto += 1
        }

        /// Returns the differences in the order of entries, after all photos of the catalog were added.
        mutating func mismatches() -> [Mismatch] {
            addMissing { _ in true }
            return assignments.rows.flatMap { row in
                (row.copy.map { ofCopies[$0] } ?? ofPhotos[row.photoIndex]) ?? []
            }
        }

        /// Adds the next photos of the version while `isBefore`, because the catalog no longer has them.
        private mutating func addMissing(while isBefore: (PhotoID) -> Bool) {
            while nextPhoto < assignments.photos.count, isBefore(assignments.photos[nextPhoto].photo) {
                addMissing(nextPhoto, isWithdrawn: withdrawn.contains(assignments.photos[nextPhoto].photo))
                nextPhoto += 1
            }
        }

        /// Adds the photo `index`, which the catalog no longer has. Placeholders of a redacted version are no problem.
        private mutating func addMissing(_ index: Int, isWithdrawn: Bool) {
            let photo = assignments.photos[index]
            let copies = copies(of: index)
            guard !Redaction.isPlaceholder(photo.photo) else { return }
            guard isWithdrawn else {
                let detail = "this photo of \(photo.volunteer.name) is no longer in the catalog"
                ofPhotos[index] = [Mismatch(.catalog, .missing, photo.photo, detail)]
                return
            }
            let problem = Mismatch(
                .catalog, .withdrawn, photo.photo, "this photo of \(photo.volunteer.name) was withdrawn")
            ofPhotos[index] = [problem]
            for copy in copies { ofCopies[copy] = [problem] }
        }

        /// Compares the photo `index` with the facts in the current catalog.
        private mutating func compare(_ index: Int, with fact: PhotoFacts, _ missingOriginal: (PhotoFacts) -> String?) {
            let photo = assignments.photos[index]
            var problems: [Mismatch] = []
            func add(_ kind: Mismatch.Kind, _ detail: String) {
                problems.append(Mismatch(.catalog, kind, photo.photo, detail))
            }
            if photo.isRelabelled(in: fact, names) {
                let current = fact.label.map { "\($0.volunteer), \($0.triggerState)" } ?? "without a label"
                add(.relabelled, "this photo was \(photo.volunteer.name), \(photo.triggerState), and is now \(current)")
            }
            if recipe.profile.crop == .face, fact.face.face != photo.face {
                add(.otherFace, "the image was cropped to another face than the catalog now has")
            }
            if !fact.consented {
                add(.consentMissing, "someone in this photo has not consented")
            }
            if let file = missingOriginal(fact) {
                add(.missing, "the original photo \(file) is missing")
            }
            if !problems.isEmpty { ofPhotos[index] = problems }
            // The other facts about a copy are those of its photo.
            for copy in copies(of: index) {
                let overlay = assignments.copies[copy].overlay
                let positions = recipe.layers(overlay, on: photo.photo, fact.face)?.map(\.position)
                guard positions != drawn[copy] else { continue }
                let detail = "\(overlay) would now be drawn at another position, because the catalog has another face"
                ofCopies[copy] = [Mismatch(.catalog, .otherFace, photo.photo, detail)]
            }
        }

        private mutating func copies(of index: Int) -> Range<Int> {
            let first = nextCopy
            while nextCopy < assignments.copies.count, assignments.copies[nextCopy].index == index { nextCopy += 1 }
            return first..<nextCopy
        }
    }
}

extension EligiblePhoto {
    /// Returns whether the photo of a version has another label in the current catalog.
    fileprivate func isRelabelled(in fact: PhotoFacts, _ names: EarlierNames) -> Bool {
        fact.label != names.current(Label(volunteer: volunteer.name, triggerState: triggerState))
    }
}

extension Version {
    /// Returns the differences between the version's photos and the catalog: labels, faces, consent, missing photos.
    ///
    /// - Parameters:
    ///   - facts: in the order of photo ids, with landmarks if the version has copies.
    ///   - names: the earlier names of people and triggers. A rename is not another label.
    public func differences(from facts: [PhotoFacts], _ names: EarlierNames) -> [Verification.Mismatch] {
        var comparison = Verification.CatalogComparison(self, [], names)
        for fact in facts { comparison.add(fact) { _ in nil } }
        return comparison.mismatches()
    }

    /// Returns the number of photos whose label is different in the current catalog.
    ///
    /// - Parameters:
    ///   - facts: the photos to compare. Photos that are not in the version do not count.
    ///   - names: the earlier names of people and triggers. A rename is not another label.
    public func relabelledCount(_ facts: [PhotoFacts], _ names: EarlierNames) -> Int {
        let names = names.excludingMerges(of: manifest.volunteers)
        let byPhoto = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        return eligiblePhotos.count { photo in byPhoto[photo.photo].map { photo.isRelabelled(in: $0, names) } == true }
    }
}

/// Images that were made again, as a part of the layer `files`.
extension Verification {
    /// Adds the differences between the version's images and the images that were made again.
    ///
    /// - Parameters:
    ///   - made: the libraries that made the version's images. Nil when they are not known.
    ///   - current: the libraries that made the images again.
    ///   - remade: returns the new image of an entry. Nil when the image was not made again.
    public mutating func check(
        _ version: Version, madeBy made: [String: String]?, today current: [String: String],
        against remade: (Entry) -> ReproducedImage?
    ) {
        let changes = made.map { Self.changes(from: $0, to: current) }
        let kind: Mismatch.Kind = changes?.isEmpty == false ? .otherLibrary : .changedPixels
        let detail =
            switch changes {
            case nil: "the image has different pixels when it is made again"
            case .some([]): "the image has different pixels when it is made again with the same libraries"
            case .some(let changes):
                "the image has different pixels when it is made again: \(changes.joined(separator: ", "))"
            }
        for entry in version.entries.list {
            guard let image = remade(entry) else { continue }
            switch image.fresh {
            case .failure(let error): problems.append(Mismatch(.files, .missing, entry.photo, error.message))
            case .success(let digest) where digest != entry.image:
                problems.append(Mismatch(.files, kind, entry.photo, detail))
            case .success: break
            }
            // A missing file is not a difference, because it is made again when it is needed.
            if let stored = image.stored, stored != entry.image {
                problems.append(Mismatch(.files, .changedFile, entry.photo, "the image file has different pixels"))
            }
        }
    }

    /// Returns the libraries with different versions, sorted by name: `libvips was 8.14.1, is 8.15.0`.
    private static func changes(from made: [String: String], to current: [String: String]) -> [String] {
        Set(made.keys).union(current.keys).sorted().filter { made[$0] != current[$0] }.map {
            "\($0) was \(made[$0] ?? "absent"), is \(current[$0] ?? "absent")"
        }
    }
}
