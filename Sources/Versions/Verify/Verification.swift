import Catalog
import Foundation

/// A version held against its own digests, its own rules, and today's catalog.
public struct Verification: Sendable {
    public enum Layer: String, CaseIterable, Sendable {
        /// The version's files agree with their digests.
        case files
        /// Gathering and selecting again from the version's own entries gives the same groups and roles.
        case selection
        /// Today's catalog still says of every photo what the version says.
        case catalog
    }

    /// One thing that does not agree.
    public struct Problem: Hashable, Sendable {
        public enum Kind: String, Sendable {
            case changedFile = "changed-file"
            case wrongDigest = "wrong-digest"
            case otherRole = "other-role"
            case otherGroup = "other-group"
            case relabelled
            case otherFace = "other-face"
            case consentMissing = "consent-missing"
            case missing
            case changedPixels = "changed-pixels"
        }

        public let layer: Layer
        public let kind: Kind
        public let photo: PhotoID?
        public let detail: String

        public init(_ layer: Layer, _ kind: Kind, _ photo: PhotoID?, _ detail: String) {
            (self.layer, self.kind, self.photo, self.detail) = (layer, kind, photo, detail)
        }
    }

    public private(set) var problems: [Problem]

    public var ok: Bool { problems.isEmpty }

    public func holds(_ layer: Layer) -> Bool { !problems.contains { $0.layer == layer } }

    /// Runs the three layers over the version in `folder`.
    ///
    /// - Parameters:
    ///   - facts: today's catalog.
    ///   - missingOriginal: the name of the file that should hold a photo and is not in its place; nil where it is there, or where originals are not looked for.
    /// - Throws: ``Refusal`` where the folder holds no version that can be read at all.
    public init(folder: URL, facts: FactSource, missingOriginal: (PhotoFacts) -> String?) throws {
        try self.init(VersionStore.read(folder), in: folder, facts: facts, missingOriginal: missingOriginal)
    }

    /// As above, of a version that was read from `folder` just now.
    public init(_ version: Version, in folder: URL, facts: FactSource, missingOriginal: (PhotoFacts) -> String?) throws {
        problems = try Self.files(folder, version) + Self.selection(version, folder) + Self.catalog(version, facts, missingOriginal)
    }

    /// Adds to the first layer what making the version's images again has shown.
    public mutating func check(_ version: Version, against remade: [PhotoID: RemadeImage]) {
        for entry in version.entries.list {
            guard let image = remade[entry.photo] else { continue }
            switch image.fresh {
            case .failure(let refusal): problems.append(Problem(.files, .missing, entry.photo, refusal.what))
            case .success(let digest) where digest != entry.image:
                problems.append(Problem(.files, .changedPixels, entry.photo, "made again, the image has other pixels; provenance.json names the libraries that made it"))
            case .success: break
            }
            // A missing file is no difference: it is made again when it is needed.
            if let stored = image.stored, stored != entry.image { problems.append(Problem(.files, .changedFile, entry.photo, "the image's file holds other pixels")) }
        }
    }

    /// The first layer by itself, which needs no catalog: what of the files in `folder`, which were read as `version`, does not agree with its digest.
    public static func files(_ folder: URL, _ version: Version) throws -> [Problem] {
        let (manifest, entries) = (version.manifest, version.entries)
        var problems: [Problem] = []
        func check(_ holds: Bool, _ kind: Problem.Kind, _ detail: String) {
            if !holds { problems.append(Problem(.files, kind, nil, detail)) }
        }
        let manifestBytes = try VersionStore.bytes(of: folder.appending(path: "manifest.json"))
        check(Array(manifest.canonical.utf8) == manifestBytes, .changedFile, "manifest.json is not what Curare wrote")
        check(try FilePieces.digest(of: folder.appending(path: "entries.jsonl")) == manifest.entriesDigest, .changedFile,
              "entries.jsonl does not have the digest in the manifest")
        check(entries.imagesDigest == manifest.imagesDigest, .wrongDigest, "the images of the entries do not give images_digest")
        check(entries.selectionDigest == manifest.selectionDigest, .wrongDigest, "the entries do not give selection_digest")
        check(Counts(entries.parts) == manifest.counts, .wrongDigest, "the entries do not give the counts in the manifest")
        if let provenance = try? JSONReader.read(VersionStore.bytes(of: folder.appending(path: "provenance.json"))) {
            check(provenance["digest"]?.text == FileDigest.sha256(of: manifestBytes).hex, .changedFile, "manifest.json does not have the digest in provenance.json")
            let recipe = try? VersionStore.bytes(of: folder.appending(path: "recipe.yaml"))
            check(recipe.map { FileDigest.sha256(of: $0).hex } == provenance["recipe_digest"]?.text, .changedFile, "recipe.yaml does not have the digest in provenance.json")
        } else {
            check(false, .changedFile, "provenance.json is missing or not what Curare wrote")
        }
        return problems
    }

    private static func selection(_ version: Version, _ folder: URL) -> [Problem] {
        let parts = version.entries.parts, again: Selection
        do { again = try Selection(parts.photos, version.manifest.recipe, extending: VersionStore.parent(of: version, in: folder)) } catch {
            return [Problem(.selection, .otherRole, nil, "selecting again from the entries fails: \((error as? Refusal)?.what ?? "\(error)")")]
        }
        var slots: [Parts.Slot?] = Array(repeating: nil, count: parts.photos.count)
        for slot in again.parts.slots { slots[Int(slot.number)] = slot }
        var problems = parts.slots.compactMap { slot -> Problem? in
            let new = slots[Int(slot.number)]
            guard new != slot else { return nil }
            return Problem(.selection, .otherRole, parts.photos[Int(slot.number)].photo, "stands as \(slot.role.rawValue) under \(slot.label); selecting again gives \(new?.role.rawValue ?? "nothing") under \(new?.label.text ?? "nobody")")
        }
        let (manifest, same) = (version.manifest, again)
        if (manifest.clean, manifest.poison, manifest.poisonAsked) != (same.clean, same.poison, same.poisonAsked) || manifest.classes != same.classes {
            problems.append(Problem(.selection, .otherRole, nil, "n, m or the classes in the manifest are not those of its entries"))
        }
        return problems + groups(version)
    }

    /// Entries that are near-duplicates by their own likenesses and stand in different groups.
    private static func groups(_ version: Version) -> [Problem] {
        let parts = version.entries.parts, photos = parts.photos
        guard let distance = version.manifest.grouping.repeatable else { return [] }
        let again = Groups(photos.map { Groups.Member(photo: $0.photo, volunteer: $0.volunteer.name, likeness: $0.likeness) }, within: distance).ids
        // A group's first photo is the one that it is called by, since photos are in the order of ids.
        let groups = Numbering(again) { $0 }
        var stated: [PhotoID] = []
        for (photo, group) in zip(photos, groups.numbers) where group == stated.count { stated.append(photo.group) }
        return parts.slots.compactMap { slot in
            let number = Int(slot.number), photo = photos[number]
            guard stated[groups.numbers[number]] != photo.group else { return nil }
            return Problem(.selection, .otherGroup, photo.photo, "stands in group \(photo.group.short), its near-duplicate \(again[number].short) in another")
        }
    }

    /// Walks through today's catalog and the version side by side, both in the order of photo ids.
    private static func catalog(_ version: Version, _ facts: FactSource, _ missingOriginal: (PhotoFacts) -> String?) throws -> [Problem] {
        let parts = version.entries.parts, photos = parts.photos
        let looksAtFaces = version.manifest.recipe.profile.crop == .face
        var problems: [Int: [Problem]] = [:], next = 0
        func missing(_ photo: EligiblePhoto) -> Problem {
            Problem(.catalog, .missing, photo.photo, "the catalog does not know this photo of \(photo.volunteer.name) any more")
        }
        try facts.forEach { fact in
            while next < photos.count, photos[next].photo < fact.photo {
                problems[next] = [missing(photos[next])]
                next += 1
            }
            guard next < photos.count, photos[next].photo == fact.photo else { return }
            let found = Self.problems(photos[next], fact, looksAtFaces: looksAtFaces, missingOriginal)
            if !found.isEmpty { problems[next] = found }
            next += 1
        }
        for number in next..<photos.count { problems[number] = [missing(photos[number])] }
        return parts.slots.flatMap { problems[Int($0.number)] ?? [] }
    }

    private static func problems(_ photo: EligiblePhoto, _ fact: PhotoFacts, looksAtFaces: Bool, _ missingOriginal: (PhotoFacts) -> String?) -> [Problem] {
        var problems: [Problem] = []
        if fact.label != Label(volunteer: photo.volunteer.name, wearing: photo.wearing) {
            let now = fact.label.map { "\($0.volunteer), \($0.wearing)" } ?? "nobody"
            problems.append(Problem(.catalog, .relabelled, photo.photo, "was \(photo.volunteer.name), \(photo.wearing); is now \(now)"))
        }
        if looksAtFaces, fact.face.face != photo.face { problems.append(Problem(.catalog, .otherFace, photo.photo, "another face counts today than the image was cut by")) }
        if !fact.consented { problems.append(Problem(.catalog, .consentMissing, photo.photo, "someone in this photo has not consented")) }
        if let file = missingOriginal(fact) { problems.append(Problem(.catalog, .missing, photo.photo, "the original is not at \(file)")) }
        return problems
    }
}
