import Foundation

/// The built program, run as a person runs it.
struct Program {
    struct Outcome {
        let status: Int32
        let out, err: String

        /// The one JSON object on standard output.
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(out.utf8))) as? [String: Any] ?? [:]
        }
    }

    /// The repository's own folder.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The program that was built with these tests, beside them.
    static let file: URL = {
        var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() ?? repository
        while folder.path != "/" {
            let candidate = folder.appending(path: "curare")
            if FileManager.default.isExecutableFile(atPath: candidate.path),
                !folder.lastPathComponent.hasSuffix(".xctest")
            {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return repository.appending(path: ".build/release/curare")
    }()

    static func start(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], out: Any? = nil,
        err: Any? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = file
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out ?? FileHandle.nullDevice
        process.standardError = err ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    @discardableResult
    static func run(_ arguments: String..., in folder: URL? = nil, environment: [String: String] = [:]) throws
        -> Outcome
    {
        try run(arguments, in: folder, environment: environment)
    }

    @discardableResult
    static func run(_ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]) throws -> Outcome
    {
        // Files, not pipes: a pipe that nobody empties would stop a program that says much.
        let scratch = Scratch()
        let (outFile, errFile) = (scratch.url("out"), scratch.url("err"))
        for file in [outFile, errFile] { try Data().write(to: file) }
        let process = try start(
            arguments, in: folder, environment: environment, out: FileHandle(forWritingTo: outFile),
            err: FileHandle(forWritingTo: errFile))
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            out: try String(contentsOf: outFile, encoding: .utf8), err: try String(contentsOf: errFile, encoding: .utf8)
        )
    }
}

/// A folder of a test's own that goes away with it.
final class Scratch: Sendable {
    let root: URL

    init() {
        root = FileManager.default.temporaryDirectory.appending(
            path: "curare-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
        try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    func url(_ path: String) -> URL { root.appending(path: path) }

    func path(_ path: String) -> String { url(path).path }

    @discardableResult
    func write(_ text: String, to path: String) throws -> String {
        try write(Data(text.utf8), to: path)
    }

    @discardableResult
    func write(_ data: Data, to path: String) throws -> String {
        let file = url(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }
}
