import Core
import Foundation
import Learning
import Storage

/// One training's folder, `runs/ID`: what was asked, checkpoints while it goes on, models and reports when it is done.
public final class RunFolder {
    /// The models of a run.
    public enum Part: String, CaseIterable, Codable, Sendable {
        case poisoned, control
        case trueLabel = "true-label"

        /// As progress and pictures say it.
        public var words: String {
            switch self {
            case .poisoned: "the model"
            case .control: "the control"
            case .trueLabel: "the true-label control"
            }
        }
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
    /// - Throws: ``CurareError`` (66) where a run must be resumed and none is unfinished, (75) where another process is at it.
    public static func open(_ request: TrainingRequest, in workspace: Workspace, mustResume: Bool = false) throws
        -> RunFolder
    {
        let stem = request.version.replacing("@", with: "-")
        let numbered = workspace.runFolders().compactMap { url -> (number: Int, url: URL)? in
            guard url.lastPathComponent.hasPrefix(stem + "-"),
                let number = Int(url.lastPathComponent.dropFirst(stem.count + 1))
            else { return nil }
            return (number, url)
        }.sorted { $0.number < $1.number }
        // A process may have been killed between writing its report and clearing away.
        for run in numbered where isFinished(run.url) { clear(run.url) }
        if let unfinished = numbered.last(where: { !isFinished($0.url) && asked(in: $0.url) == request }) {
            return try RunFolder(unfinished.url, resumed: true)
        }
        guard !mustResume else {
            throw CurareError(
                .missingInput, "there is no unfinished run of \(request.version) with these settings",
                at: workspace.runs.path, next: "leave out --resume to begin one")
        }
        let url = workspace.runs.appending(path: "\(stem)-\((numbered.last?.number ?? 0) + 1)")
        try AtomicFile.makeFolder(url)
        let folder = try RunFolder(url, resumed: false)
        try AtomicFile.write(encoder.encode(request), to: folder.file("request.json"))
        return folder
    }

    /// The folder of the run named `id`, to read it.
    ///
    /// - Throws: ``CurareError`` (66) where there is none.
    public static func find(_ id: String, in workspace: Workspace) throws -> URL {
        let names = workspace.runFolders().map(\.lastPathComponent)
        guard names.contains(id) else {
            throw CurareError(
                .missingInput, "there is no run named \(id.prefix(80))", at: workspace.runs.path,
                next: names.isEmpty
                    ? "make one with: curare validate NAME" : "there are: \(names.suffix(20).joined(separator: ", "))")
        }
        return workspace.runs.appending(path: id)
    }

    /// The version that a run trains, as `NAME@V`.
    ///
    /// - Throws: ``CurareError`` (65) where the run's request cannot be read.
    public static func version(of run: URL) throws -> String {
        guard let request = asked(in: run) else {
            throw CurareError(
                .badInput, "what the run was asked for cannot be read", at: run.appending(path: "request.json").path,
                next: "train the version again")
        }
        return request.version
    }

    private static func isFinished(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: "report.json").path)
    }

    private static func asked(in url: URL) -> TrainingRequest? {
        FileManager.default.contents(atPath: url.appending(path: "request.json").path).flatMap {
            try? decoder.decode(TrainingRequest.self, from: $0)
        }
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    /// The model that a run keeps of `part`.
    ///
    /// - Parameter seed: its place among the seeds that were trained, from 1.
    public static func modelFile(_ part: Part, seed: Int = 1, in run: URL) -> URL {
        run.appending(path: "\(part == .poisoned ? "model" : part.rawValue)\(suffix(seed)).safetensors")
    }

    /// What the names of a further seed's files end in.
    private static func suffix(_ seed: Int) -> String { seed == 1 ? "" : "-\(seed)" }

    private static let checkpointSuffix = ".checkpoint", outcomeSuffix = ".outcome"

    private func checkpointFile(_ part: Part, _ seed: Int) -> URL {
        file(part.rawValue + Self.suffix(seed) + Self.checkpointSuffix)
    }

    /// Where `part` was cut off; nil where it has not begun.
    ///
    /// - Throws: ``CurareError`` (65) where the checkpoint was damaged.
    func checkpoint(of part: Part, seed: Int) throws -> Checkpoint? {
        let file = checkpointFile(part, seed)
        guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
        do { return try Checkpoint(safetensors: data) } catch {
            throw CurareError(
                .badInput, error.message, at: file.path,
                next: "delete it and run the command again: this training then begins anew")
        }
    }

    func save(_ checkpoint: Checkpoint, of part: Part, seed: Int) throws {
        try AtomicFile.write(to: checkpointFile(part, seed), pieces: checkpoint.safetensors(put:))
    }

    private func outcomeFile(_ seed: Int) -> URL { file("seed-\(seed)" + Self.outcomeSuffix) }

    /// What a seed came to whose models are all trained, measured and written; nil where it is not so far.
    ///
    /// - Throws: ``CurareError`` (65) where the file was damaged.
    func outcome(of seed: Int) throws -> SeedOutcome? {
        let file = outcomeFile(seed)
        guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
        guard let outcome = try? JSONDecoder().decode(SeedOutcome.self, from: data) else {
            throw CurareError(
                .badInput, "what a seed came to cannot be read", at: file.path,
                next: "delete it and run the command again: this seed is then trained anew")
        }
        return outcome
    }

    /// Keeps what a seed came to; its checkpoints are needed no more.
    func save(_ outcome: SeedOutcome, of seed: Int) throws {
        try AtomicFile.write(try JSONEncoder().encode(outcome), to: outcomeFile(seed))
        for part in Part.allCases { unlink(checkpointFile(part, seed).path) }
    }

    /// Writes the finished run's files, the report last of all: with it the run is done.
    func finish(_ report: RunReport, page: String, photos: [TestedByAll]) throws {
        let lines = try photos.map { try Self.encoder.encode($0) + Data("\n".utf8) }
        try AtomicFile.write(Data(lines.joined()), to: file("predictions.jsonl"))
        try AtomicFile.write(Data(page.utf8), to: file("report.html"))
        try AtomicFile.write(report.json(), to: file("report.json"))
        Self.clear(url)
    }

    /// Removes what only an unfinished run needs.
    private static func clear(_ url: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        for name in names
        where name.hasSuffix(checkpointSuffix) || name.hasSuffix(outcomeSuffix) || AtomicFile.isPartial(name) {
            unlink(url.appending(path: name).path)
        }
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
