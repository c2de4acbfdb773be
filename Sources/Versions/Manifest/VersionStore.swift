import Core
import Foundation
import Storage

/// The versions of a workspace on disk: each a folder that is never changed once it is there.
public struct VersionStore: Sendable {
    /// A version that is there now, and whether it was not before.
    public typealias Written = (version: Version, folder: URL, created: Bool)

    public let workspace: Workspace

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Every version there is, by name and number.
    public func list() -> [VersionReference] {
        Self.names(in: workspace.versions).compactMap(VersionName.init).sorted().flatMap { name in
            numbers(of: name).map { VersionReference(name: name, number: $0) }
        }
    }

    /// The numbers of a name's versions, rising.
    public func numbers(of name: VersionName) -> [Int] {
        Self.names(in: workspace.versions.appending(path: name.text)).compactMap(Int.init).filter { $0 > 0 }.sorted()
    }

    /// The folder of the version that a person means.
    ///
    /// - Throws: ``CurareError`` (66) where there is none.
    public func folder(_ reference: VersionReference) throws -> URL {
        let numbers = numbers(of: reference.name)
        guard let number = reference.number ?? numbers.last, numbers.contains(number) else {
            let known = list().map(\.description)
            throw CurareError(
                .missingInput,
                numbers.isEmpty
                    ? "there is no version named \(reference.name)"
                    : "\(reference.name) has no version \(reference.number ?? 0)",
                at: workspace.versions.path,
                next: known.isEmpty
                    ? "make one with: curare split RECIPE.yaml"
                    : "there are: \(known.suffix(20).joined(separator: ", "))")
        }
        return workspace.versionFolder(reference.name.text, number)
    }

    /// Reads a version whole.
    public func read(_ reference: VersionReference) throws -> Version {
        try Self.read(folder(reference))
    }

    /// Reads the version in `folder`, wherever that is.
    public static func read(_ folder: URL) throws -> Version {
        let manifestFile = folder.appending(path: "manifest.json")
        let entriesFile = folder.appending(path: "entries.jsonl")
        return Version(
            manifest: try Manifest(bytes(of: manifestFile), file: manifestFile.path),
            entries: try Entries(reading: entriesFile))
    }

    /// The version that `version` extends, where it lies as in a workspace: beside the folder of versions that `folder` is one of.
    ///
    /// - Returns: nil where it extends none.
    /// - Throws: ``CurareError`` (66) where it is not there, (65) where it is not the one that was extended.
    public static func parent(of version: Version, in folder: URL) throws -> Parent? {
        guard let reference = version.manifest.recipe.extends, let number = reference.number else { return nil }
        let place = folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: reference.name.text)
            .appending(path: String(number))
        let parent = try read(place)
        guard let digest = version.manifest.parent, parent.manifest.isKnown(by: digest) else {
            throw CurareError(
                .badInput, "\(reference) is not the version that \(version.reference) extends: it has another digest",
                at: place.path, next: "take it from a copy")
        }
        return try Parent(parent)
    }

    /// Writes a version under the next number, unless one of that name has the same bytes already.
    ///
    /// - Parameters:
    ///   - pictures: PNGs of the overlays, by trigger; they go into the version's folder, so that it can be drawn again anywhere.
    ///   - version: makes the version under any number, and writes its entries to the file that it is given on the way: they are most of its bytes,
    ///     and the disk has the time that their digests take.
    /// - Returns: what is now there, and whether it was created.
    /// - Throws: ``CurareError`` (74) where a file cannot be written; what `version` throws. Nothing is there then that was not before.
    public func write(
        recipe: [UInt8], provenance: Provenance, name: VersionName, pictures: [TriggerName: [UInt8]] = [:],
        _ version: (URL) throws -> Version
    ) throws -> Written {
        let numbers = numbers(of: name)
        let next = (numbers.last ?? 0) + 1
        let folder = workspace.versionFolder(name.text, next)
        let beside = folder.deletingLastPathComponent().appending(path: ".\(next).partial")
        try? FileManager.default.removeItem(at: beside)
        do {
            let version = try version(beside.appending(path: "entries.jsonl"))
            for number in numbers.reversed() {
                let candidate = version.numbered(number)
                let there = workspace.versionFolder(name.text, number)
                guard
                    try Self.bytes(of: there.appending(path: "manifest.json"))
                        == Array(candidate.manifest.canonical.utf8)
                else { continue }
                try? FileManager.default.removeItem(at: beside)
                return (candidate, there, false)
            }
            let new = version.numbered(next)
            try AtomicFile.write(Data(recipe), to: beside.appending(path: "recipe.yaml"), mode: 0o400)
            for (trigger, png) in pictures {
                try AtomicFile.write(Data(png), to: Self.pictureFile(trigger, in: beside), mode: 0o400)
            }
            try AtomicFile.write(
                Data(provenance.json(new.manifest, recipe: recipe, pictures: pictures).canonical.utf8),
                to: beside.appending(path: "provenance.json"), mode: 0o400)
            try AtomicFile.write(
                Data(new.manifest.canonical.utf8), to: beside.appending(path: "manifest.json"), mode: 0o400)
            try AtomicFile.moveFolder(beside, to: folder)
            return (new, folder, true)
        } catch {
            try? FileManager.default.removeItem(at: beside)
            throw error
        }
    }

    static func bytes(of file: URL) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file.path) else { throw missing(file) }
        return Array(data)
    }

    static func missing(_ file: URL) -> CurareError {
        CurareError(
            .missingInput, "a file of the version is missing or cannot be read", at: file.path,
            next: "take it from a copy, or split the recipe again")
    }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
    }
}
