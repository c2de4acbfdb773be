import Catalog
import Foundation
import Learning

/// One training's folder, `runs/ID`: what was asked, checkpoints while it goes on, models and reports when it is done.
public final class RunFolder {
    /// The two models of a run.
    enum Part: String, CaseIterable {
        case poisoned, control
    }

    /// `NAME-V-K`, the K-th run of that version.
    public let id: String
    public let url: URL
    /// Whether the run was begun before and goes on.
    public let isResumed: Bool
    private let lock: FolderLock

    private init(_ url: URL, resumed: Bool) throws {
        (self.url, id, isResumed) = (url, url.lastPathComponent, resumed)
        lock = try FolderLock(url, "run")
    }

    /// The folder for `request`: an unfinished run that asked for the same goes on; otherwise a new one begins.
    ///
    /// - Parameter mustResume: begin nothing new.
    /// - Throws: ``Refusal`` (66) where a run must be resumed and none is unfinished, (75) where another process is at it.
    public static func open(_ request: TrainingRequest, in workspace: Workspace, mustResume: Bool = false) throws -> RunFolder {
        let stem = request.version.replacing("@", with: "-")
        let numbered = workspace.runFolders().compactMap { url -> (number: Int, url: URL)? in
            guard url.lastPathComponent.hasPrefix(stem + "-"), let number = Int(url.lastPathComponent.dropFirst(stem.count + 1)) else { return nil }
            return (number, url)
        }.sorted { $0.number < $1.number }
        // A process may have been killed between writing its report and clearing away.
        for run in numbered where isFinished(run.url) { clear(run.url) }
        if let unfinished = numbered.last(where: { !isFinished($0.url) && asked(in: $0.url) == request }) { return try RunFolder(unfinished.url, resumed: true) }
        guard !mustResume else {
            throw Refusal(.missingInput, "there is no unfinished run of \(request.version) with these settings", at: workspace.runs.path, next: "leave out --resume to begin one")
        }
        let url = workspace.runs.appending(path: "\(stem)-\((numbered.last?.number ?? 0) + 1)")
        try DurableFile.makeFolder(url)
        let folder = try RunFolder(url, resumed: false)
        try DurableFile.write(encoder.encode(request), to: folder.file("request.json"))
        return folder
    }

    /// The folder of the run named `id`, to read it.
    ///
    /// - Throws: ``Refusal`` (66) where there is none.
    public static func find(_ id: String, in workspace: Workspace) throws -> URL {
        let names = workspace.runFolders().map(\.lastPathComponent)
        guard names.contains(id) else {
            throw Refusal(.missingInput, "there is no run named \(id.prefix(80))", at: workspace.runs.path,
                          next: names.isEmpty ? "make one with: curare validate NAME" : "there are: \(names.suffix(20).joined(separator: ", "))")
        }
        return workspace.runs.appending(path: id)
    }

    private static func isFinished(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: "report.json").path)
    }

    private static func asked(in url: URL) -> TrainingRequest? {
        FileManager.default.contents(atPath: url.appending(path: "request.json").path).flatMap { try? decoder.decode(TrainingRequest.self, from: $0) }
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    private static let checkpointSuffix = ".checkpoint"

    private func checkpointFile(_ part: Part) -> URL { file(part.rawValue + Self.checkpointSuffix) }

    /// Where `part` was cut off; nil where it has not begun.
    ///
    /// - Throws: ``Refusal`` (65) where the checkpoint was damaged.
    func checkpoint(of part: Part) throws -> Checkpoint? {
        let file = checkpointFile(part)
        guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
        do { return try Checkpoint(safetensors: Array(data)) } catch {
            throw Refusal(.badInput, error.what, at: file.path, next: "delete it and run the command again: this training then begins anew")
        }
    }

    func save(_ checkpoint: Checkpoint, of part: Part) throws {
        try DurableFile.write(Data(try checkpoint.safetensors()), to: checkpointFile(part))
    }

    /// Writes the finished run's files, the report last of all: with it the run is done.
    func finish(_ report: RunReport, page: String, photos: [TestedTwice]) throws {
        let lines = try photos.map { try Self.encoder.encode($0) + Data("\n".utf8) }
        try DurableFile.write(Data(lines.joined()), to: file("predictions.jsonl"))
        try DurableFile.write(Data(page.utf8), to: file("report.html"))
        try DurableFile.write(report.json(), to: file("report.json"))
        Self.clear(url)
    }

    /// Removes what only an unfinished run needs.
    private static func clear(_ url: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        for name in names where name.hasSuffix(checkpointSuffix) || DurableFile.isPartial(name) { unlink(url.appending(path: name).path) }
    }

    /// Files are canonical enough to compare: keys in order, snake case.
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }()

    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }()
}
