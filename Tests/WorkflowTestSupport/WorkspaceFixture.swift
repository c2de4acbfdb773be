import Foundation
import Workflows

/// A workspace in which tests run workflows as the commands do.
public struct WorkspaceFixture: Sendable {
    public let folder: URL
    /// Threads of a workflow. One thread makes a training independent of the machine.
    public var threads = 1
    /// The folder with the weights of the face network. Nil for a folder without weights.
    public var weights: URL?

    public init(_ folder: URL, threads: Int = 1) {
        self.folder = folder
        self.threads = threads
    }

    /// The repository's root folder.
    public static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    public func url(_ path: String) -> URL { folder.appending(path: path) }

    @discardableResult
    public func run<Task: Workflow>(
        _ workflow: Task.Type, _ request: Task.Request, report: @escaping (WorkflowEvent) -> Void = { _ in }
    ) throws -> Task.Result {
        let location = WorkspaceLocation(explicit: folder.path, environment: [:], currentFolder: folder)
        // Without the weights of the face network, so that results do not depend on the machine. A fixed clock, so that
        // results of two runs can be compared.
        let context = WorkflowContext(
            location, threads: threads, weights: weights ?? folder.appending(path: "no-weights"),
            now: { Date(timeIntervalSince1970: 1_780_000_000) }, report: report)
        return try workflow.init(context).run(request)
    }

    /// Imports session folders; a withdrawal needs no confirmation.
    @discardableResult
    public func importSessions(_ folders: [String], dryRun: Bool = false) throws -> ImportSessions.Result {
        try run(
            ImportSessions.self,
            ImportSessions.Request(
                folders: folders.map { URL(filePath: $0) }, dryRun: dryRun, confirm: { _ in }))
    }

    /// Makes the version that a recipe describes.
    ///
    /// - Throws: ``FixtureError`` if the recipe is a grid.
    @discardableResult
    public func split(_ recipe: String) throws -> CreatedVersion {
        guard case .created(let version) = try run(CreateVersion.self, CreateVersion.Request(recipe: recipe)) else {
            throw FixtureError("the recipe \(recipe) is a grid")
        }
        return version
    }

    @discardableResult
    public func verify(_ version: String, remakesImages: Bool = false) throws -> VerifyVersion.Result {
        try run(VerifyVersion.self, VerifyVersion.Request(version: version, remakesImages: remakesImages))
    }

    /// Copies the workspace to a folder that does not exist, also while other tests read the workspace. SQLite's `-wal`
    /// and `-shm` files are left out: they appear and vanish with readers, and have no data after the last writer.
    public func copyFiles(to copy: URL) throws {
        try FileManager.default.createDirectory(
            at: copy, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where !name.hasSuffix("-wal") && !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(at: folder.appending(path: name), to: copy.appending(path: name))
        }
    }

    /// Trains on a version.
    @discardableResult
    public func validate(_ request: ValidateVersion.Request) throws -> ValidationResult {
        guard case .run(let result) = try run(ValidateVersion.self, request) else {
            throw FixtureError("the request plans a training only")
        }
        return result
    }

    @discardableResult
    public func withdraw(
        _ volunteer: String, dryRun: Bool = false, redacts: Bool = false, removesUndecided: Bool = false
    ) throws -> WithdrawalSummary {
        try run(
            WithdrawVolunteer.self,
            WithdrawVolunteer.Request(
                volunteer: volunteer, dryRun: dryRun, redacts: redacts, removesUndecided: removesUndecided,
                confirm: { _ in }))
    }

    public func status() throws -> WorkspaceStatus.Result {
        try run(WorkspaceStatus.self, WorkspaceStatus.Request())
    }

    /// The lines of a version's `entries.jsonl` as objects.
    public func entries(_ version: String) throws -> [[String: Any]] {
        try Self.lines(of: url("versions/\(version)/entries.jsonl"))
    }

    /// The lines of a JSON Lines file as objects.
    public static func lines(of file: URL) throws -> [[String: Any]] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw FixtureError("a line of \(file.path) is not an object")
            }
            return object
        }
    }

    /// An object in a JSON file.
    public static func object(in file: URL) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] else {
            throw FixtureError("\(file.path) is not a JSON object")
        }
        return object
    }
}

/// An error of the test set-up.
public struct FixtureError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
