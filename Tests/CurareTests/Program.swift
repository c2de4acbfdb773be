import Foundation
import WorkflowTestSupport

/// The built program, run as a user runs it.
struct Program {
    struct Outcome {
        /// The exit code, or the negative number of the signal that ended the program.
        let status: Int32
        let out: String
        let err: String

        /// Returns the one JSON object on standard output.
        ///
        /// - Throws: If standard output contains anything else.
        func json() throws -> [String: Any] {
            guard let object = try JSONSerialization.jsonObject(with: Data(out.utf8)) as? [String: Any] else {
                throw FixtureError("standard output is not an object: \(out.prefix(200))\n\(err)")
            }
            return object
        }
    }

    /// The program that was built with these tests, in the same folder as the tests.
    static let file: URL = {
        let repository = WorkspaceFixture.repository
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

    /// Starts the program. It uses one OpenMP thread, does not spin, and has no weights of the user, unless `environment` has other values. A nil
    /// value removes a variable.
    static func start(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String?] = [:], out: Any? = nil,
        err: Any? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = file
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "1", "CURARE_WEIGHTS": "/no-weights"]) { $1 }
            .mapValues(Optional.some).merging(environment) { $1 }.compactMapValues(\.self)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out ?? FileHandle.nullDevice
        process.standardError = err ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    @discardableResult
    static func run(_ arguments: String..., in folder: URL? = nil, environment: [String: String?] = [:]) throws
        -> Outcome
    {
        try run(arguments, in: folder, environment: environment)
    }

    @discardableResult
    static func run(_ arguments: [String], in folder: URL? = nil, environment: [String: String?] = [:]) throws
        -> Outcome
    {
        // Files instead of pipes: a program that fills a pipe waits until somebody reads the pipe.
        let scratch = try Scratch()
        let outFile = scratch.url("out")
        let errFile = scratch.url("err")
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

    /// Starts the program, waits until `condition` is true, and sends a signal.
    ///
    /// - Returns: The outcome, with standard error.
    static func interrupt(
        _ arguments: [String], _ signal: Int32, in scratch: Scratch, when condition: () throws -> Bool
    ) throws -> Outcome {
        let errFile = scratch.url("err")
        try Data().write(to: errFile)
        let process = try start(arguments, err: FileHandle(forWritingTo: errFile))
        while process.isRunning, try !condition() { usleep(500) }
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            out: "", err: try String(contentsOf: errFile, encoding: .utf8))
    }

    /// Starts the program, waits until `condition` is true, and kills the program.
    ///
    /// - Returns: Whether the program was killed before it ended.
    static func kill(_ arguments: [String], when condition: () throws -> Bool) throws -> Bool {
        let process = try start(arguments)
        while process.isRunning, try !condition() { usleep(500) }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }
}
