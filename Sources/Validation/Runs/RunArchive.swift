import Core
import Foundation
import Storage

/// The folder of an existing run, finished or not: its version, and the files that show or name people.
public struct RunArchive {
    public let files: RunFiles
    public var id: String { files.folder.lastPathComponent }
    /// `NAME@V`. Nil when neither the request nor the report can be decoded: the run can then belong to any version.
    public let version: String?

    /// - Throws: ``CurareError`` with code 74 when a file exists and cannot be read.
    public init(_ url: URL) throws {
        files = RunFiles(url)
        var version: String?
        for file in [files.request, files.report] where version == nil {
            version = try RegularFile.contentsIfPresent(file).flatMap { Self.version(in: Data($0)) }
        }
        self.version = version
    }

    /// Returns the version that a request or report names. Nil for damaged JSON.
    private static func version(in json: Data) -> String? {
        struct Named: Decodable { let version: String? }
        do { return try JSONDecoder().decode(Named.self, from: json).version } catch { return nil }
    }

    /// Returns whether the run trained one of `versions`, or its version is unknown.
    public func mayBelong(to versions: Set<String>) -> Bool { version.map(versions.contains) ?? true }

    /// Locks the run: no process trains in the folder while the lock is held.
    ///
    /// - Throws: ``CurareError`` with code 75 when a process trains in the folder.
    public func lock() throws -> FolderLock { try FolderLock(files.folder, "run") }

    public var isFinished: Bool { files.isFinished }

    /// The names of the model files and checkpoints.
    public var models: [String] {
        get throws { try FolderListing.names(in: files.folder).filter(RunFiles.hasWeights) }
    }

    /// Returns whether the run was tested on one of `photos`. Damaged lines of `predictions.jsonl` are searched too.
    public func tested(_ photos: Set<PhotoID>) throws -> Bool {
        guard let bytes = try RegularFile.contentsIfPresent(files.predictions) else { return false }
        return String(decoding: bytes, as: UTF8.self).matches(of: /"photo":"([0-9a-f]{64})"/).contains { match in
            PhotoID(hex: String(match.1)).map(photos.contains) == true
        }
    }

    private static let pictureStart = "data:image/"

    /// Whether the run's page contains pictures of photos.
    public var hasPictures: Bool { get throws { try page()?.contains(Self.pictureStart) == true } }

    private func page() throws -> String? {
        try RegularFile.contentsIfPresent(files.page).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Removes the models of a finished run, and the whole folder of an unfinished run, which can no longer continue.
    public func removeModels() throws {
        if isFinished {
            for name in try models { try RunFolder.remove(files.folder.appending(path: name)) }
        } else {
            try RunFolder.remove(files.folder)
        }
    }

    /// Removes all pictures from the run's page. The numbers stay.
    public func removePictures() throws {
        guard let page = try page(), page.contains(Self.pictureStart) else { return }
        let note = "<p class=\"warning\">The pictures were removed because a volunteer has withdrawn consent.</p>"
        let cleaned = page.replacing(/data:image\/[^"']*/, with: "data:,").replacing(
            "</h1>", with: "</h1>\(note)", maxReplacements: 1)
        try AtomicFile.write(Data(cleaned.utf8), to: files.page)
    }
}
