import Core
import Documents
import Foundation
import Storage

/// The result of comparing a version with its own digests, with the rules of selection, and with the current catalog.
public struct Verification: Sendable {
    /// The layers of a verification: what a version is compared with.
    public enum Layer: String, CaseIterable, Sendable {
        /// The files have the digests in the manifest.
        case files
        /// Grouping and selection of the version's own entries give the same groups, roles and labels.
        case selection
        /// The current catalog has the same facts about every photo.
        case catalog
    }

    /// One difference.
    public struct Mismatch: Hashable, Sendable {
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
            /// Different pixels, made with different libraries.
            case otherLibrary = "other-library"
        }

        public let layer: Layer
        public let kind: Kind
        /// Nil when the difference does not concern a single photo.
        public let photo: PhotoID?
        public let detail: String

        public init(_ layer: Layer, _ kind: Kind, _ photo: PhotoID?, _ detail: String) {
            self.layer = layer
            self.kind = kind
            self.photo = photo
            self.detail = detail
        }
    }

    /// A layer that was not checked.
    public struct Unchecked: Hashable, Sendable {
        public let layer: Layer
        /// Why the layer was not checked.
        public let reason: String
        /// What the user can do.
        public let nextStep: String
    }

    public internal(set) var problems: [Mismatch]
    /// Only a version outside of a workspace has layers that are not checked.
    public let unchecked: [Unchecked]
    /// Nil for a version that was not redacted. In a redacted version, roles cannot be selected again, and placeholders
    /// of withdrawn photos are not a problem.
    public let redacted: RedactionMark?

    public var ok: Bool { problems.isEmpty }

    /// Returns whether a layer was checked.
    public func checks(_ layer: Layer) -> Bool { !unchecked.contains { $0.layer == layer } }

    /// Returns whether a layer has no problem.
    public func holds(_ layer: Layer) -> Bool { !problems.contains { $0.layer == layer } }

    /// Verifies the version in `folder`.
    ///
    /// - Parameters:
    ///   - facts: the current catalog, with landmarks when the version has drawn triggers.
    ///   - withdrawn: the photos that were withdrawn.
    ///   - names: the earlier names in the current catalog. A photo with an earlier name is not a difference.
    ///   - missingOriginal: returns the name of a photo's file when the file is missing. Nil when the file exists, or
    ///     when files are not checked.
    /// - Throws: ``CurareError`` (65, 66) when the version cannot be read.
    public init(
        folder: URL, facts: FactSource, withdrawn: Set<PhotoID> = [], names: EarlierNames = EarlierNames(),
        missingOriginal: (PhotoFacts) -> String?
    ) throws {
        try self.init(
            VersionStore.read(folder), in: folder, facts: facts, withdrawn: withdrawn, names: names,
            missingOriginal: missingOriginal)
    }

    /// Verifies a version that was read from `folder`. The other parameters are as above.
    public init(
        _ version: Version, in folder: URL, facts: FactSource, withdrawn: Set<PhotoID> = [],
        names: EarlierNames = EarlierNames(), missingOriginal: (PhotoFacts) -> String?
    ) throws {
        redacted = version.manifest.redacted
        unchecked = []
        problems =
            try Self.files(folder, version) + Self.selection(version, folder)
            + Self.catalog(version, facts, withdrawn, names, missingOriginal)
    }

    /// Verifies a version that was read from a folder outside of a workspace. The layer `catalog` is not checked. The
    /// layer `selection` is not checked either when the version extends a version whose folder is missing or damaged.
    ///
    /// - Throws: ``CurareError`` (74) when a file exists and cannot be read.
    public init(withoutCatalog version: Version, in folder: URL) throws {
        redacted = version.manifest.redacted
        let uncheckedSelection = try Self.uncheckedSelection(of: version, folder)
        unchecked =
            [uncheckedSelection].compactMap(\.self)
            + [
                Unchecked(
                    layer: .catalog, reason: "a folder has no catalog",
                    nextStep: "ask the owner of the study to run curare verify \(version.reference)")
            ]
        problems =
            try Self.files(folder, version) + (uncheckedSelection == nil ? Self.selection(version, folder) : [])
    }

    /// Returns the problems of the layer `files` for a version that was read from `folder`.
    public static func files(_ folder: URL, _ version: Version) throws -> [Mismatch] {
        let manifest = version.manifest
        let entries = version.entries
        var problems: [Mismatch] = []
        func check(_ isSame: Bool, _ kind: Mismatch.Kind, _ detail: String) {
            if !isSame { problems.append(Mismatch(.files, kind, nil, detail)) }
        }
        let files = VersionFiles(folder)
        let manifestBytes = try VersionStore.bytes(of: files.manifest)
        let entriesDigest: FileDigest = try ChunkedFileReader.digest(of: files.entries)
        check(
            Array(manifest.canonical.utf8) == manifestBytes, .changedFile,
            "manifest.json does not have the bytes that Curare writes")
        check(
            entriesDigest == manifest.entriesDigest, .changedFile,
            "entries.jsonl does not have the digest in manifest.json")
        check(
            entries.imagesDigest == manifest.imagesDigest, .wrongDigest,
            "images_digest in manifest.json is not the digest of the entries")
        check(
            entries.selectionDigest == manifest.selectionDigest, .wrongDigest,
            "selection_digest in manifest.json is not the digest of the entries")
        check(
            Counts(entries.assignments) == manifest.counts, .wrongDigest,
            "counts in manifest.json are not the counts of the entries")
        return try problems + provenance(files, version, manifestDigest: FileDigest.sha256(of: manifestBytes))
    }

    /// Compares the files that only `provenance.json` has digests of.
    ///
    /// - Throws: ``CurareError`` (74) when a file exists and cannot be read.
    private static func provenance(_ files: VersionFiles, _ version: Version, manifestDigest: FileDigest) throws
        -> [Mismatch]
    {
        func mismatch(_ detail: String) -> Mismatch { Mismatch(.files, .changedFile, nil, detail) }
        let provenance: JSONValue
        do {
            provenance = try Provenance.json(in: files.folder)
        } catch let error as CurareError where error.code == .badInput || error.code == .missingInput {
            return [mismatch("provenance.json is missing or damaged")]
        }
        func isSame(_ file: URL, _ digest: JSONValue?) throws -> Bool {
            guard let bytes = try RegularFile.contentsIfPresent(file), let digest = digest?.text else { return false }
            return FileDigest.sha256(of: bytes).hex == digest
        }
        var problems: [Mismatch] = []
        if provenance["digest"]?.text != manifestDigest.hex {
            problems.append(mismatch("manifest.json does not have the digest in provenance.json"))
        }
        for trigger in version.pictures.keys.sorted() {
            guard try !isSame(files.overlayPicture(trigger), provenance["overlays"]?[trigger.text]) else { continue }
            problems.append(
                mismatch(
                    "\(VersionFiles.overlayPath(trigger)) is missing, or does not have the digest in provenance.json"))
        }
        if try !isSame(files.recipe, provenance["recipe_digest"]) {
            problems.append(mismatch("recipe.yaml is missing, or does not have the digest in provenance.json"))
        }
        return problems
    }

    /// Adds problems that the caller has found, such as those of a bundle.
    public mutating func add(_ found: [Mismatch]) { problems += found }

    /// Checks that a version may be trained or exported, and returns warnings.
    ///
    /// - Parameter version: the version of this verification.
    /// - Throws: ``CurareError`` (65) when its files or its selection have a problem, when it was redacted, or when a
    ///   photo is missing, withdrawn or without consent.
    public func validateForUse(_ version: Version) throws -> [String] {
        for layer in [Layer.files, .selection] {
            guard let first = problems.first(where: { $0.layer == layer }) else { continue }
            throw CurareError(
                .badInput, "\(version.reference) has changed since it was made (\(layer.rawValue)): \(first.detail)",
                next: "run curare verify \(version.reference) for details; split its recipe again for a new version")
        }
        if let redacted {
            throw CurareError(
                .badInput,
                "\(version.reference) cannot be used: it was redacted because \(redacted.photos) of its photos were "
                    + "withdrawn",
                next: "split the recipe again: the new version is made without these photos")
        }
        let unusable = problems.filter { [.consentMissing, .missing, .withdrawn].contains($0.kind) }
        guard unusable.isEmpty else {
            throw CurareError(
                .badInput,
                "\(version.reference) cannot be used: \(unusable.count) of its photos are no longer available, the "
                    + "first because \(unusable[0].detail)",
                next: "split the recipe again: the new version is made without these photos")
        }
        let relabelled = problems.count { $0.kind == .relabelled }
        return relabelled == 0
            ? []
            : [
                "the labels of \(relabelled) photos have changed since the version was made; the version keeps its "
                    + "labels"
            ]
    }
}
