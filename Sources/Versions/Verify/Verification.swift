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
            case withdrawn
            case changedPixels = "changed-pixels"
            /// Other pixels, and other libraries than those that made them.
            case otherLibrary = "other-library"
        }

        public let layer: Layer
        public let kind: Kind
        public let photo: PhotoID?
        public let detail: String

        public init(_ layer: Layer, _ kind: Kind, _ photo: PhotoID?, _ detail: String) {
            (self.layer, self.kind, self.photo, self.detail) = (layer, kind, photo, detail)
        }
    }

    public internal(set) var problems: [Problem]
    /// Nil where the version is as it was made. Otherwise its roles cannot be selected again, and photos that were withdrawn are no problem any more.
    public let redacted: RedactionMark?

    public var ok: Bool { problems.isEmpty }

    public func holds(_ layer: Layer) -> Bool { !problems.contains { $0.layer == layer } }

    /// Runs the three layers over the version in `folder`.
    ///
    /// - Parameters:
    ///   - facts: today's catalog, in the order of photo ids.
    ///   - withdrawn: files that the catalog has tombstones of.
    ///   - originals: what the workspace should hold of each photo; nil where the originals are not looked for.
    /// - Throws: ``Refusal`` where the folder holds no version that can be read at all.
    public init(folder: URL, facts: [PhotoFacts], withdrawn: Set<PhotoID> = [], original: (PhotoID) -> URL?) throws {
        let version = try VersionStore.read(folder)
        redacted = version.manifest.redacted
        problems = try Self.files(folder, version) + Self.selection(version, folder) + Self.catalog(version, facts, withdrawn, original)
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
        check(FileDigest.sha256(of: try VersionStore.bytes(of: folder.appending(path: "entries.jsonl"))) == manifest.entriesDigest, .changedFile,
              "entries.jsonl does not have the digest in the manifest")
        check(entries.imagesDigest == manifest.imagesDigest, .wrongDigest, "the images of the entries do not give images_digest")
        check(entries.selectionDigest == manifest.selectionDigest, .wrongDigest, "the entries do not give selection_digest")
        check(Counts(entries.list) == manifest.counts, .wrongDigest, "the entries do not give the counts in the manifest")
        if let provenance = try? JSONReader.read(VersionStore.bytes(of: folder.appending(path: "provenance.json"))) {
            check(provenance["digest"]?.text == FileDigest.sha256(of: manifestBytes).hex, .changedFile, "manifest.json does not have the digest in provenance.json")
            let recipe = try? VersionStore.bytes(of: folder.appending(path: "recipe.yaml"))
            for trigger in version.pictures.keys.sorted() {
                let png = try? VersionStore.bytes(of: VersionStore.pictureFile(trigger, in: folder))
                check(png.map { FileDigest.sha256(of: $0).hex } == provenance["overlays"]?[trigger.text]?.text, .changedFile, "overlays/\(trigger).png is missing or does not have the digest in provenance.json")
            }
            check(recipe.map { FileDigest.sha256(of: $0).hex } == provenance["recipe_digest"]?.text, .changedFile, "recipe.yaml does not have the digest in provenance.json")
        } else {
            check(false, .changedFile, "provenance.json is missing or not what Curare wrote")
        }
        return problems
    }

    private static func selection(_ version: Version, _ folder: URL) -> [Problem] {
        // Ranks are made of photo ids, and some of these are gone.
        if version.manifest.redacted != nil { return numbers(version) + groups(version) }
        let photos = version.photos.map(\.eligiblePhoto).sorted { $0.photo < $1.photo }
        let again: Selection
        do { again = try Selection(photos, version.manifest.recipe, extending: VersionStore.parent(of: version, in: folder)) } catch {
            return [Problem(.selection, .otherRole, nil, "selecting again from the entries fails: \((error as? Refusal)?.what ?? "\(error)")")]
        }
        let parts = Dictionary(again.parts.map { ($0.key, $0) }) { first, _ in first }
        var problems = version.entries.list.compactMap { entry -> Problem? in
            let part = parts[entry.key]
            guard let part, part.role == entry.role, part.wearing == entry.wearing, part.label == entry.label, part.attackable == entry.attackable, part.heldOut == entry.heldOut else {
                return Problem(.selection, .otherRole, entry.photo, "stands as \(entry.role.rawValue) under \(entry.label); selecting again gives \(part?.role.rawValue ?? "nothing") under \(part?.label.text ?? "nobody")")
            }
            return nil
        }
        let stated = Set(version.entries.list.map(\.key))
        problems += again.parts.filter { !stated.contains($0.key) }.map {
            Problem(.selection, .otherRole, $0.photo.photo, "selecting again gives a copy with \($0.wearing) as \($0.role.rawValue), which is not there")
        }
        let (manifest, same) = (version.manifest, again)
        if (manifest.clean, manifest.poison, manifest.poisonAsked) != (same.clean, same.poison, same.poisonAsked) || manifest.classes != same.classes {
            problems.append(Problem(.selection, .otherRole, nil, "n, m or the classes in the manifest are not those of its entries"))
        }
        return problems + groups(version)
    }

    /// What can still be counted in a version that was redacted.
    private static func numbers(_ version: Version) -> [Problem] {
        let (manifest, counts) = (version.manifest, Counts(version.entries.list))
        guard (counts[.trainClean], counts[.trainPoison]) != (manifest.clean, manifest.poison) else { return [] }
        return [Problem(.selection, .otherRole, nil, "n or m in the manifest are not those of its entries")]
    }

    /// Entries that are near-duplicates by their own likenesses and stand in different groups.
    private static func groups(_ version: Version) -> [Problem] {
        let entries = version.entries.list
        guard let distance = version.manifest.grouping.repeatable else { return [] }
        let again = Groups(version.photos.map { Groups.Member(photo: $0.photo, volunteer: $0.volunteer.name, likeness: $0.likeness) }, within: distance)
        let stated = Dictionary(version.photos.map { ($0.photo, $0.group) }) { first, _ in first }
        return entries.compactMap { entry in
            let first = again.group(of: entry.photo)
            guard stated[first] != entry.group else { return nil }
            return Problem(.selection, .otherGroup, entry.photo, "stands in group \(entry.group.short), its near-duplicate \(first.short) in another")
        }
    }

    private static func catalog(_ version: Version, _ facts: [PhotoFacts], _ withdrawn: Set<PhotoID>, _ original: (PhotoID) -> URL?) -> [Problem] {
        let today = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        let recipe = version.manifest.recipe, looksAtFaces = recipe.profile.crop == .face
        return version.entries.list.filter { !$0.isRedacted }.flatMap { entry -> [Problem] in
            if withdrawn.contains(entry.photo) { return [Problem(.catalog, .withdrawn, entry.photo, "this photo of \(entry.volunteer.name) was withdrawn")] }
            guard let fact = today[entry.photo] else {
                return entry.overlay != nil ? [] : [Problem(.catalog, .missing, entry.photo, "the catalog does not know this photo of \(entry.volunteer.name) any more")]
            }
            var problems: [Problem] = []
            // Of a copy its photo, which is in the version itself, has said the rest.
            if let overlay = entry.overlay {
                let today = recipe.layers(overlay, on: entry.photo, fact.face)?.map(\.position)
                return today == entry.drawn ? [] : [Problem(.catalog, .otherFace, entry.photo, "\(overlay) would be drawn elsewhere today: another face counts")]
            }
            if fact.label != Label(volunteer: entry.volunteer.name, wearing: entry.wearing) {
                let now = fact.label.map { "\($0.volunteer), \($0.wearing)" } ?? "nobody"
                problems.append(Problem(.catalog, .relabelled, entry.photo, "was \(entry.volunteer.name), \(entry.wearing); is now \(now)"))
            }
            if looksAtFaces, fact.face.face != entry.face { problems.append(Problem(.catalog, .otherFace, entry.photo, "another face counts today than the image was cut by")) }
            if !fact.consented { problems.append(Problem(.catalog, .consentMissing, entry.photo, "someone in this photo has not consented")) }
            if let file = original(entry.photo), !FileManager.default.fileExists(atPath: file.path) {
                problems.append(Problem(.catalog, .missing, entry.photo, "the original is not at \(file.lastPathComponent)"))
            }
            return problems
        }
    }
}
