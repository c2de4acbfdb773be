import Core
import Foundation
import Learning
import Storage

/// The folder of a run, `runs/ID`: the request, checkpoints while the run trains, models and reports when it is
/// finished.
public final class RunFolder {
    /// `NAME-V-K`: the K-th run of version V of NAME.
    public let id: String
    public let url: URL
    public let files: RunFiles
    /// Whether this run continues an interrupted run.
    public let isResumed: Bool
    private let lock: FolderLock

    private init(_ url: URL, resumed: Bool) throws {
        self.url = url
        files = RunFiles(url)
        id = url.lastPathComponent
        isResumed = resumed
        lock = try FolderLock(url, "run")
    }

    /// Returns the folder of an unfinished run with an equal request, or makes the folder of a new run.
    ///
    /// The caller must have the lock of the workspace.
    ///
    /// - Parameters:
    ///   - removed: The names of the runs that were removed. A new run has a higher number.
    ///   - mustResume: Whether to throw instead of starting a new run.
    /// - Throws: ``CurareError`` with code 66 when `mustResume` is true and there is no unfinished run, with code 75
    ///   when another process uses the folder.
    public static func open(
        _ request: TrainingRequest, in workspace: Workspace, removed: [String] = [], mustResume: Bool = false
    ) throws -> RunFolder {
        let stem = stem(of: request.version)
        let runs = try runs(stem, in: workspace)
        // A process can be killed after it wrote the report and before it removed temporary files.
        for run in runs where RunFiles(run.url).isFinished { try removeAbandonedFiles(in: run.url) }
        let unfinished = try runs.last {
            try !RunFiles($0.url).isFinished && self.request(of: $0.url) == request
        }
        if let unfinished {
            return try RunFolder(unfinished.url, resumed: true)
        }
        guard !mustResume else {
            throw CurareError(
                .missingInput, "there is no unfinished run of \(request.version) with these settings",
                at: workspace.runs.path, next: "leave out --resume to start a new run")
        }
        // A process that was killed, or a full disk, can leave the folder of a run that never began.
        for name in try FolderListing.namesIfFolder(workspace.runs) where AtomicFile.isPartial(name) {
            try FileRemoval.remove(workspace.runs.appending(path: name))
        }
        // A folder can have any number.
        let last = min((runs.map(\.number) + removed.compactMap { number(of: $0, stem) }).max() ?? 0, .max - 1)
        let url = workspace.runFolder("\(stem)-\(last + 1)")
        // A folder without its request would not belong to any version, so that the request comes first.
        let partial = workspace.partialRunFolder(url.lastPathComponent)
        try AtomicFile.write(encoder.encode(request), to: RunFiles(partial).request)
        try AtomicFile.moveFolder(partial, to: url)
        return try RunFolder(url, resumed: false)
    }

    /// Returns the folders `runs/STEM-K` in the order of K.
    private static func runs(_ stem: String, in workspace: Workspace) throws -> [(number: Int, url: URL)] {
        try workspace.runFolders().compactMap { url in
            number(of: url.lastPathComponent, stem).map { (number: $0, url: url) }
        }.sorted { $0.number < $1.number }
    }

    private static func number(of id: String, _ stem: String) -> Int? {
        id.hasPrefix(stem + "-") ? Int(id.dropFirst(stem.count + 1)) : nil
    }

    /// Returns K if `id` is the name of the K-th run of a version. Otherwise returns nil.
    ///
    /// - Parameter version: `NAME@V`.
    public static func number(of id: String, ofVersion version: String) -> Int? {
        number(of: id, stem(of: version)).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func stem(of version: String) -> String { version.replacing("@", with: "-") }

    /// Locks the folder of an existing run, finished or not.
    ///
    /// - Throws: ``CurareError`` with code 66 when there is no such run, with code 75 when another process uses the
    ///   folder.
    public static func reopen(_ id: String, in workspace: Workspace) throws -> RunFolder {
        try RunFolder(find(id, in: workspace), resumed: true)
    }

    /// Returns the folder of an existing run.
    ///
    /// - Throws: ``CurareError`` with code 66 when there is no such run.
    public static func find(_ id: String, in workspace: Workspace) throws -> URL {
        let names = try workspace.runFolders().map(\.lastPathComponent)
        guard names.contains(id) else {
            throw CurareError(
                .missingInput, "there is no run named \(id.prefix(80))", at: workspace.runs.path,
                next: names.isEmpty
                    ? "make one with: curare validate NAME"
                    : suggestion(for: id, among: names) ?? "runs: \(names.suffix(20).joined(separator: ", "))")
        }
        return workspace.runFolder(id)
    }

    /// Returns the version that a run trains, as `NAME@V`.
    ///
    /// - Throws: ``CurareError`` with code 65 when the run's request cannot be read.
    public static func version(of run: URL) throws -> String {
        guard let request = try request(of: run) else {
            throw CurareError(
                .badInput, "the run's request cannot be read", at: RunFiles(run).request.path,
                next: "train the version again")
        }
        return request.version
    }

    /// Returns the request of a run. Nil when the request is missing, or when this program cannot decode the request. A
    /// run without a request is not resumed.
    ///
    /// - Throws: ``CurareError`` with code 74 when the file exists and cannot be read.
    public static func request(of url: URL) throws -> TrainingRequest? {
        guard let bytes = try RegularFile.contentsIfPresent(RunFiles(url).request) else { return nil }
        do { return try decoder.decode(TrainingRequest.self, from: Data(bytes)) } catch { return nil }
    }

    /// Returns the last checkpoint of a model. Nil before the first checkpoint.
    ///
    /// - Throws: ``CurareError`` with code 65 when the checkpoint is damaged, with code 74 when it cannot be read.
    func checkpoint(of role: ModelRole, seed: Int) throws -> Checkpoint? {
        let file = files.checkpoint(role.fileName, seed: seed)
        guard let bytes = try RegularFile.contentsIfPresent(file) else { return nil }
        do { return try Checkpoint(safetensors: bytes) } catch {
            throw CurareError(
                .badInput, error.message, at: file.path,
                next: "delete it and run the command again; this training then starts from the beginning")
        }
    }

    func save(_ checkpoint: Checkpoint, of role: ModelRole, seed: Int) throws {
        try AtomicFile.write(
            to: files.checkpoint(role.fileName, seed: seed), pieces: checkpoint.safetensors(put:))
    }

    /// Returns the outcome of a seed whose models are all trained, measured and written. Nil for any other seed.
    ///
    /// - Throws: ``CurareError`` with code 65 when the file is damaged, with code 74 when it cannot be read.
    func outcome(of seed: Int) throws -> SeedOutcome? {
        let file = files.outcome(seed: seed)
        guard let bytes = try RegularFile.contentsIfPresent(file) else { return nil }
        do { return try JSONDecoder().decode(SeedOutcome.self, from: Data(bytes)) } catch {
            throw CurareError(
                .badInput, "the outcome of seed \(seed) of the run cannot be read", at: file.path,
                next: "delete it and run the command again; this seed is then trained again")
        }
    }

    /// Writes the outcome of a seed, and removes the seed's checkpoints.
    func save(_ outcome: SeedOutcome, of seed: Int) throws {
        try AtomicFile.write(try JSONEncoder().encode(outcome), to: files.outcome(seed: seed))
        try removeCheckpoints(ofSeed: seed)
    }

    /// Writes the files of the finished run. The run counts as finished with `report.json`, which is written last.
    func finish(_ report: RunReport, page: String, predictions: [PredictionRow]) throws {
        try AtomicFile.write(Self.lines(predictions), to: files.predictions)
        try AtomicFile.write(Data(page.utf8), to: files.page)
        try AtomicFile.write(report.json(), to: files.report)
        try Self.removeTemporaryFiles(in: url)
    }

    /// Returns the bytes of `predictions.jsonl`.
    static func lines(_ predictions: [PredictionRow]) throws -> Data {
        Data(try predictions.map { try encoder.encode($0) + Data("\n".utf8) }.joined())
    }

    /// Removes the files of ``removeTemporaryFiles(in:)``, unless another process makes the models of the run again.
    private static func removeAbandonedFiles(in url: URL) throws {
        guard try FolderListing.names(in: url).contains(where: RunFiles.isTemporary) else { return }
        do {
            let lock = try FolderLock(url, "run")
            try removeTemporaryFiles(in: url)
            withExtendedLifetime(lock) {}
        } catch let error as CurareError where error.code == .busy {
            return
        }
    }

    /// Removes the checkpoints of a seed.
    func removeCheckpoints(ofSeed seed: Int) throws {
        for role in ModelRole.allCases { try FileRemoval.remove(files.checkpoint(role.fileName, seed: seed)) }
    }

    /// Removes the files that only an unfinished run needs.
    private static func removeTemporaryFiles(in url: URL) throws {
        for name in try FolderListing.names(in: url) where RunFiles.isTemporary(name) {
            try FileRemoval.remove(url.appending(path: name))
        }
    }

    /// Encodes with sorted keys in snake case, so that equal values have equal bytes.
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
