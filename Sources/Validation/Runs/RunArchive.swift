import Core
import Foundation
import Storage

/// The folder of an existing run, finished or not: its version, and the files that show or name people.
public struct RunArchive {
    public let url: URL
    public var id: String { url.lastPathComponent }
    /// `NAME@V`. Nil when neither the request nor the report can be decoded.
    public let version: String?

    /// - Throws: ``CurareError`` with code 74 when a file exists and cannot be read.
    public init(_ url: URL) throws {
        self.url = url
        var version: String?
        for name in ["request.json", "report.json"] where version == nil {
            version = try Self.contents(of: url.appending(path: name)).flatMap(Self.version)
        }
        self.version = version
    }

    /// Returns the version that a request or report names. Nil for damaged JSON.
    private static func version(in json: Data) -> String? {
        struct Named: Decodable { let version: String? }
        do { return try JSONDecoder().decode(Named.self, from: json).version } catch { return nil }
    }

    /// Locks the run: no process trains in the folder while the lock is held.
    ///
    /// - Throws: ``CurareError`` with code 75 when a process trains in the folder.
    public func lock() throws -> FolderLock { try FolderLock(url, "run") }

    public var isFinished: Bool { FileManager.default.fileExists(atPath: url.appending(path: "report.json").path) }

    /// The names of the model files and checkpoints.
    public var models: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: url.path).filter {
                $0.hasSuffix(".safetensors") || $0.hasSuffix(RunFolder.checkpointSuffix)
            }.sorted()
        }
    }

    /// Returns whether the run was tested on one of `photos`. Damaged lines of `predictions.jsonl` are searched too.
    public func tested(_ photos: Set<PhotoID>) throws -> Bool {
        guard let data = try contents(of: "predictions.jsonl") else { return false }
        return String(decoding: data, as: UTF8.self).matches(of: /"photo":"([0-9a-f]{64})"/).contains { match in
            PhotoID(hex: String(match.1)).map(photos.contains) == true
        }
    }

    private static let pictureStart = "data:image/"

    /// Whether the run's page contains pictures of photos.
    public var hasPictures: Bool { get throws { try page()?.contains(Self.pictureStart) == true } }

    private func page() throws -> String? {
        try contents(of: "report.html").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Removes the models of a finished run, and the whole folder of an unfinished run, which can no longer continue.
    public func removeModels() throws {
        if isFinished {
            for name in try models { try RunFolder.remove(url.appending(path: name)) }
        } else {
            try RunFolder.remove(url)
        }
    }

    /// Removes all pictures from the run's page. The numbers stay.
    public func removePictures() throws {
        guard let page = try page(), page.contains(Self.pictureStart) else { return }
        let note = "<p class=\"warning\">The pictures were removed because a volunteer has withdrawn consent.</p>"
        let cleaned = page.replacing(/data:image\/[^"']*/, with: "data:,").replacing(
            "</h1>", with: "</h1>\(note)", maxReplacements: 1)
        try AtomicFile.write(Data(cleaned.utf8), to: url.appending(path: "report.html"))
    }

    func contents(of name: String) throws -> Data? { try Self.contents(of: url.appending(path: name)) }

    /// Returns the bytes of a file. Nil when the file does not exist.
    ///
    /// - Throws: ``CurareError`` with code 74 when the file cannot be read.
    private static func contents(of file: URL) throws -> Data? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do { return try Data(contentsOf: file) } catch {
            throw CurareError(
                .inputOutput, "the file cannot be read: \(error.localizedDescription)", at: file.path,
                next: "check the permissions of the file, then run the command again")
        }
    }
}
