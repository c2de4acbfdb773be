import Core
import Foundation
import Storage

/// A run's folder as it lies there, whatever version of Curare wrote it: what it was trained on, and what in it shows people.
public struct PastRun {
    public let url: URL
    public var id: String { url.lastPathComponent }
    /// `NAME@V`; nil where the folder does not say.
    public let version: String?

    public init(_ url: URL) {
        self.url = url
        version =
            ["request.json", "report.json"].lazy.compactMap {
                Self.json(url.appending(path: $0))?["version"] as? String
            }.first
    }

    /// Held, nobody trains in the folder.
    ///
    /// - Throws: ``CurareError`` (75) where somebody does.
    public func lock() throws -> FolderLock { try FolderLock(url, "run") }

    public var isFinished: Bool { exists("report.json") }

    /// Names of the model files, unfinished ones among them.
    public var models: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).filter {
            $0.hasSuffix(".safetensors") || $0.hasSuffix(".checkpoint")
        }.sorted()
    }

    /// Whether one of `photos` is among those that it was tested on.
    public func tested(_ photos: Set<PhotoID>) -> Bool {
        guard let text = try? String(contentsOf: url.appending(path: "predictions.jsonl"), encoding: .utf8) else {
            return false
        }
        return text.matches(of: /"photo":"([0-9a-f]{64})"/).contains { match in
            PhotoID(hex: String(match.1)).map(photos.contains) == true
        }
    }

    private static let picture = "data:image/"

    public var hasPictures: Bool { page?.contains(Self.picture) == true }

    private var page: String? { try? String(contentsOf: url.appending(path: "report.html"), encoding: .utf8) }

    /// Removes the models, or all of a run that was cut off: it cannot go on.
    public func removeModels() throws {
        if isFinished {
            for name in models { try remove(url.appending(path: name)) }
        } else {
            try remove(url)
        }
    }

    /// Takes all pictures out of the report's page; its numbers stay.
    public func removePictures() throws {
        guard let page, page.contains(Self.picture) else { return }
        let remark = "<p class=\"warning\">The pictures were removed: someone has withdrawn.</p>"
        let bare = page.replacing(/data:image\/[^"']*/, with: "data:,").replacing(
            "</h1>", with: "</h1>\(remark)", maxReplacements: 1)
        try AtomicFile.write(Data(bare.utf8), to: url.appending(path: "report.html"))
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: name).path) }

    func remove(_ file: URL) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        do { try FileManager.default.removeItem(at: file) } catch {
            throw CurareError(
                .inputOutput, "the file could not be removed: \(error.localizedDescription)", at: file.path,
                next: "see that you may write there, then run any command again")
        }
    }

    private static func json(_ file: URL) -> [String: Any]? {
        FileManager.default.contents(atPath: file.path).flatMap { try? JSONSerialization.jsonObject(with: $0) }
            as? [String: Any]
    }
}
