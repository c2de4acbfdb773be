import Core

/// The third layer: what today's catalog says of the version's photos.
extension Verification {
    /// Walks through today's catalog and the version side by side, both in the order of photo ids.
    static func catalog(
        _ version: Version, _ facts: FactSource, _ withdrawn: Set<PhotoID>, _ missingOriginal: (PhotoFacts) -> String?
    ) throws -> [Problem] {
        let parts = version.entries.parts
        let photos = parts.photos
        var found = Found(version)
        var next = 0
        /// Photos up to the one that the walk has come to.
        func pass(while isBehind: (PhotoID) -> Bool) {
            while next < photos.count, isBehind(photos[next].photo) {
                found.isGone(next, isWithdrawn: withdrawn.contains(photos[next].photo))
                next += 1
            }
        }
        try facts.forEach { fact in
            pass { $0 < fact.photo }
            guard next < photos.count, photos[next].photo == fact.photo else { return }
            if withdrawn.contains(fact.photo) {
                found.isGone(next, isWithdrawn: true)
            } else {
                found.hold(next, against: fact, missingOriginal)
            }
            next += 1
        }
        pass { _ in true }
        return parts.slots.flatMap { slot in
            slot.copy.map { found.ofCopies[$0] ?? [] } ?? found.ofPhotos[Int(slot.number)] ?? []
        }
    }

    /// Problems by the places of photos and copies in a version; photos are looked at in their order.
    private struct Found {
        private(set) var ofPhotos: [Int: [Problem]] = [:], ofCopies: [Int: [Problem]] = [:]
        private let parts: Parts
        private let drawn: [[OverlayPosition]]
        private let recipe: Recipe
        private let looksAtFaces: Bool
        private var nextCopy = 0

        init(_ version: Version) {
            (parts, drawn, recipe) = (version.entries.parts, version.entries.drawn, version.manifest.recipe)
            looksAtFaces = recipe.profile.crop == .face
        }

        /// Of photo `number`, which the catalog does not know any more. One that was redacted is no problem.
        mutating func isGone(_ number: Int, isWithdrawn: Bool) {
            let photo = parts.photos[number]
            let copies = copies(of: number)
            guard !Redaction.isPlaceholder(photo.photo) else { return }
            guard isWithdrawn else {
                ofPhotos[number] = [
                    Problem(
                        .catalog, .missing, photo.photo,
                        "the catalog does not know this photo of \(photo.volunteer.name) any more")
                ]
                return
            }
            let problem = Problem(
                .catalog, .withdrawn, photo.photo, "this photo of \(photo.volunteer.name) was withdrawn")
            ofPhotos[number] = [problem]
            for copy in copies { ofCopies[copy] = [problem] }
        }

        /// Of photo `number`, of which today's catalog says `fact`.
        mutating func hold(_ number: Int, against fact: PhotoFacts, _ missingOriginal: (PhotoFacts) -> String?) {
            let photo = parts.photos[number]
            var problems: [Problem] = []
            if fact.label != Label(volunteer: photo.volunteer.name, triggerState: photo.triggerState) {
                let now = fact.label.map { "\($0.volunteer), \($0.triggerState)" } ?? "nobody"
                problems.append(
                    Problem(
                        .catalog, .relabelled, photo.photo,
                        "was \(photo.volunteer.name), \(photo.triggerState); is now \(now)"))
            }
            if looksAtFaces, fact.face.face != photo.face {
                problems.append(
                    Problem(.catalog, .otherFace, photo.photo, "another face counts today than the image was cut by"))
            }
            if !fact.consented {
                problems.append(
                    Problem(.catalog, .consentMissing, photo.photo, "someone in this photo has not consented"))
            }
            if let file = missingOriginal(fact) {
                problems.append(Problem(.catalog, .missing, photo.photo, "the original is not at \(file)"))
            }
            if !problems.isEmpty { ofPhotos[number] = problems }
            // Of a copy its photo has said the rest.
            for copy in copies(of: number) {
                let overlay = parts.copies[copy].overlay
                guard recipe.layers(overlay, on: photo.photo, fact.face)?.map(\.position) != drawn[copy] else {
                    continue
                }
                ofCopies[copy] = [
                    Problem(
                        .catalog, .otherFace, photo.photo,
                        "\(overlay) would be drawn elsewhere today: another face counts")
                ]
            }
        }

        private mutating func copies(of number: Int) -> Range<Int> {
            let first = nextCopy
            while nextCopy < parts.copies.count, parts.copies[nextCopy].number == number { nextCopy += 1 }
            return first..<nextCopy
        }
    }
}
