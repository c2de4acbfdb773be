import Core
import Documents
import Foundation
import Storage

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
    ///   - facts: today's catalog; with landmarks where the version draws on faces.
    ///   - withdrawn: files that the catalog has tombstones of.
    ///   - missingOriginal: the name of the file that should hold a photo and is not in its place; nil where it is there, or where originals are not looked for.
    /// - Throws: ``CurareError`` where the folder holds no version that can be read at all.
    public init(folder: URL, facts: FactSource, withdrawn: Set<PhotoID> = [], missingOriginal: (PhotoFacts) -> String?)
        throws
    {
        try self.init(
            VersionStore.read(folder), in: folder, facts: facts, withdrawn: withdrawn, missingOriginal: missingOriginal)
    }

    /// As above, of a version that was read from `folder` just now.
    public init(
        _ version: Version, in folder: URL, facts: FactSource, withdrawn: Set<PhotoID> = [],
        missingOriginal: (PhotoFacts) -> String?
    ) throws {
        redacted = version.manifest.redacted
        problems =
            try Self.files(folder, version) + Self.selection(version, folder)
            + Self.catalog(version, facts, withdrawn, missingOriginal)
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
        check(
            try ChunkedFileReader.digest(of: folder.appending(path: "entries.jsonl")) == manifest.entriesDigest, .changedFile,
            "entries.jsonl does not have the digest in the manifest")
        check(
            entries.imagesDigest == manifest.imagesDigest, .wrongDigest,
            "the images of the entries do not give images_digest")
        check(
            entries.selectionDigest == manifest.selectionDigest, .wrongDigest,
            "the entries do not give selection_digest")
        check(
            Counts(entries.parts) == manifest.counts, .wrongDigest, "the entries do not give the counts in the manifest"
        )
        if let provenance = try? JSONReader.read(VersionStore.bytes(of: folder.appending(path: "provenance.json"))) {
            check(
                provenance["digest"]?.text == FileDigest.sha256(of: manifestBytes).hex, .changedFile,
                "manifest.json does not have the digest in provenance.json")
            let recipe = try? VersionStore.bytes(of: folder.appending(path: "recipe.yaml"))
            for trigger in version.pictures.keys.sorted() {
                let png = try? VersionStore.bytes(of: VersionStore.pictureFile(trigger, in: folder))
                check(
                    png.map { FileDigest.sha256(of: $0).hex } == provenance["overlays"]?[trigger.text]?.text,
                    .changedFile, "overlays/\(trigger).png is missing or does not have the digest in provenance.json")
            }
            check(
                recipe.map { FileDigest.sha256(of: $0).hex } == provenance["recipe_digest"]?.text, .changedFile,
                "recipe.yaml does not have the digest in provenance.json")
        } else {
            check(false, .changedFile, "provenance.json is missing or not what Curare wrote")
        }
        return problems
    }
}
