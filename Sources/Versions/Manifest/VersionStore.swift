import Core
import Foundation
import Storage

/// The versions of a workspace on disk. Each version is a folder that never changes, except by redaction.
public struct VersionStore: Sendable {
    /// A version on disk, and whether it is new.
    public typealias Written = (version: Version, folder: URL, created: Bool)

    public let workspace: Workspace

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Returns all versions, sorted by name and number.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be read.
    public func list() throws -> [VersionReference] {
        try FolderListing.visibleFoldersIfFolder(workspace.versions).compactMap(VersionName.init).sorted().flatMap {
            name in
            try numbers(of: name).map { VersionReference(name: name, number: $0) }
        }
    }

    /// Returns the numbers of the versions with a name, in increasing order.
    ///
    /// - Throws: ``CurareError`` (74) when the folder cannot be read.
    public func numbers(of name: VersionName) throws -> [Int] {
        let folder = workspace.versions.appending(path: name.text)
        return try FolderListing.visibleFoldersIfFolder(folder).compactMap(Int.init).filter { $0 > 0 }.sorted()
    }

    /// Returns the folder of a version. A name without a number is here the highest number; the meaning that it has for a
    /// user depends on the catalog.
    ///
    /// - Throws: ``CurareError`` (66) when the version does not exist.
    public func folder(_ reference: VersionReference) throws -> URL {
        let numbers = try numbers(of: reference.name)
        guard let newest = numbers.last else {
            throw try notFound("there is no version with the name \(reference.name)", reference)
        }
        let number = reference.number ?? newest
        guard numbers.contains(number) else {
            throw try notFound("there is no version \(reference.name)@\(number)", reference)
        }
        return workspace.versionFolder(reference.name.text, number)
    }

    private func notFound(_ message: String, _ reference: VersionReference) throws -> CurareError {
        let known = try list()
        let ofName = known.filter { $0.name == reference.name }
        let meant = ofName.isEmpty ? suggestion(for: reference.name.text, among: known.map(\.name.text)) : nil
        let existing = (ofName.isEmpty ? known : ofName).suffix(20).map(\.description).joined(separator: ", ")
        return CurareError(
            .missingInput, message, at: workspace.versions.path,
            next: meant
                ?? (known.isEmpty
                    ? "make a version with: curare split RECIPE.yaml" : "existing versions: \(existing)"))
    }

    /// Reads the manifest of a version, and not its entries.
    ///
    /// - Throws: ``CurareError`` (66) when the version or its manifest does not exist, (65) when the manifest is damaged.
    public func manifest(of reference: VersionReference) throws -> Manifest {
        let file = try VersionFiles(folder(reference)).manifest
        return try Manifest(Self.bytes(of: file), file: file.path)
    }

    /// Reads a version.
    public func read(_ reference: VersionReference) throws -> Version {
        try Self.read(folder(reference))
    }

    /// Reads the version in any folder.
    public static func read(_ folder: URL) throws -> Version {
        Version(manifest: try manifest(in: folder), entries: try Entries(reading: VersionFiles(folder).entries))
    }

    /// Reads the manifest of the version in a folder, without the entries.
    public static func manifest(in folder: URL) throws -> Manifest {
        let file = VersionFiles(folder).manifest
        return try Manifest(bytes(of: file), file: file.path)
    }

    /// Returns whether a folder has the manifest of a version.
    public static func hasManifest(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: VersionFiles(folder).manifest.path)
    }

    /// Returns the base version: the version that `version` extends. Nil when `version` extends no version.
    ///
    /// - Parameter folder: the folder of `version`. The base version is in `../../NAME/V`, as in a workspace.
    /// - Throws: ``CurareError`` (66) when the base version does not exist, (65) when it has another digest than the
    ///   manifest requires.
    public static func base(of version: Version, in folder: URL) throws -> BaseVersion? {
        guard let reference = version.manifest.recipe.extends, reference.number != nil else { return nil }
        let baseFolder = baseFolder(reference, of: folder)
        let base = try read(baseFolder)
        guard let digest = version.manifest.parent, base.manifest.isIdentified(by: digest) else {
            throw CurareError(
                .badInput, "\(reference) does not have the digest of the version that \(version.reference) extends",
                at: baseFolder.path, next: "restore \(reference) from a copy")
        }
        return try BaseVersion(base)
    }

    /// Returns the folder of a base version, as in a workspace.
    ///
    /// - Parameters:
    ///   - reference: with its number.
    ///   - folder: the folder of the version that extends the base version.
    package static func baseFolder(_ reference: VersionReference, of folder: URL) -> URL {
        folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: reference.name.text)
            .appending(path: String(reference.number ?? 0))
    }

    /// Writes a version with the next number, unless a version of that name already has the same bytes.
    ///
    /// - Parameters:
    ///   - used: the highest number of this name that runs, exports or withdrawals know. The new number is higher, even
    ///     when the folder of that version is missing.
    ///   - pictures: the PNG of each overlay. These pictures are stored with the version, so that the version's images
    ///     can be made without the recipe's folder.
    ///   - makeVersion: makes the version with any number, and writes its entries to the given file. The entries are
    ///     most of a version's bytes, and are written while their digests are computed.
    /// - Returns: the version on disk, and whether it was created.
    /// - Throws: ``CurareError`` (74) when a file cannot be written, and the errors of `makeVersion`. The store is then
    ///   unchanged.
    public func write(
        recipe: [UInt8], provenance: Provenance, name: VersionName, used: Int = 0,
        pictures: [TriggerName: [UInt8]] = [:], _ makeVersion: (URL) throws -> Version
    ) throws -> Written {
        let numbers = try numbers(of: name)
        // A damaged run can name any number.
        let next = min(max(numbers.last ?? 0, used), .max - 1) + 1
        let folder = workspace.versionFolder(name.text, next)
        let partial = workspace.partialVersionFolder(name.text, next)
        let files = VersionFiles(partial)
        try FileRemoval.remove(partial)
        do {
            let version = try makeVersion(files.entries)
            for number in numbers.reversed() {
                let candidate = version.numbered(number)
                let existing = workspace.versionFolder(name.text, number)
                let bytes = try Self.bytes(of: VersionFiles(existing).manifest)
                guard bytes == Array(candidate.manifest.canonical.utf8) else { continue }
                try FileRemoval.remove(partial)
                return (candidate, existing, false)
            }
            let new = version.numbered(next)
            for (trigger, png) in pictures {
                try AtomicFile.write(Data(png), to: files.overlayPicture(trigger), mode: 0o400)
            }
            let provenance = provenance.json(new.manifest, recipe: recipe, pictures: pictures)
            try Self.write([
                (files.recipe, recipe), (files.provenance, Array(provenance.canonical.utf8)),
                (files.manifest, Array(new.manifest.canonical.utf8)),
            ])
            try AtomicFile.moveFolder(partial, to: folder)
            return (new, folder, true)
        } catch {
            // The next call removes what is left, so that the first error is the one to report.
            try? FileRemoval.remove(partial)
            throw error
        }
    }

    /// Writes read-only files of a version.
    static func write(_ files: [(file: URL, bytes: [UInt8])]) throws {
        for (file, bytes) in files { try AtomicFile.write(bytes, to: file, mode: 0o400) }
    }

    /// Returns the bytes of a version's file.
    ///
    /// - Throws: ``CurareError`` (66) when the file does not exist, (74) when the file cannot be read.
    static func bytes(of file: URL) throws -> [UInt8] { try RegularFile.contents(file, orThrow: missing(file)) }

    static func missing(_ file: URL) -> CurareError {
        MissingPath.error(
            "a file of the version is missing", at: file.path,
            next: "restore the file from a copy, or split the recipe again")
    }
}
