import Core
import Foundation
import Versions

/// Runs a workflow for one version, or for several versions one after another.
///
/// One text that is neither a pattern nor the name of a grid is one version, and the result is the result of the
/// workflow. Otherwise each version has a result. An unknown version or a pattern without a match is an error before the
/// first version begins. After that, the error of a version does not stop the other versions.
public struct EachVersion<Task: Workflow>: Workflow {
    public struct Request {
        /// `NAME`, `NAME@V`, names of grids, or patterns.
        public var versions: [String]
        /// Makes the request for one version.
        public var make: (SelectedVersion) -> Task.Request

        public init(_ versions: [String], make: @escaping (SelectedVersion) -> Task.Request) {
            self.versions = versions
            self.make = make
        }
    }

    /// The result for one of several versions.
    public struct VersionResult: Encodable {
        public enum Outcome {
            case done(Task.Result)
            case failed(any ReportableError)
        }

        /// `NAME@V`
        public let version: String
        public let outcome: Outcome

        /// Whether the workflow completed with a negative result.
        public var isNegative: Bool { if case .done(let result) = outcome { result.isNegative } else { false } }

        /// Why the workflow failed, or completed only a part of its task.
        public var failure: (any ReportableError)? {
            switch outcome {
            case .done(let result): result.incompleteness
            case .failed(let error): error
            }
        }

        private enum CodingKeys: CodingKey {
            case version, error
        }

        /// The keys of the workflow's result, or `error`, next to `version`.
        public func encode(to encoder: any Encoder) throws {
            if case .done(let result) = outcome { try result.encode(to: encoder) }
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(version, forKey: .version)
            if case .failed(let error) = outcome { try container.encode(ErrorResult(error).error, forKey: .error) }
        }
    }

    public enum Result: WorkflowResult {
        case one(Task.Result)
        case several([VersionResult])

        private enum CodingKeys: CodingKey {
            case results
        }

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .one(let result): try result.encode(to: encoder)
            case .several(let results):
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(results, forKey: .results)
            }
        }

        public var isNegative: Bool {
            switch self {
            case .one(let result): result.isNegative
            case .several(let results): results.contains(where: \.isNegative)
            }
        }

        /// The failures of several versions, with the highest of their exit codes.
        public var incompleteness: CurareError? {
            switch self {
            case .one(let result): return result.incompleteness
            case .several(let results):
                let failures = results.compactMap { result in
                    result.failure.map { (version: result.version, error: $0) }
                }
                guard let worst = failures.map(\.error.exitCode).max(by: { $0.rawValue < $1.rawValue }) else {
                    return nil
                }
                return CurareError(
                    worst, "\(failures.count) of \(results.count) versions failed",
                    next: "run the command again for these versions",
                    problems: failures.map { version, error in
                        let message = [error.message, error.nextStep].compactMap(\.self).joined(separator: "; ")
                        return CurareError.Problem(version, message)
                    })
            }
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a text names no version; the errors of the workflow for one version.
    public func run(_ request: Request) throws -> Result {
        guard let references = try several(request.versions) else {
            return .one(
                try Task(context).run(request.make(SelectedVersion(text: request.versions[0], folderName: nil))))
        }
        let shared = context.reportingOnce()
        var results: [VersionResult] = []
        for (index, reference) in references.enumerated() {
            context.report(.beginning(version: reference.description, number: index + 1, of: references.count))
            let selected = SelectedVersion(text: reference.description, folderName: Self.folderName(of: reference))
            do {
                let result = try Task(shared).run(request.make(selected))
                results.append(VersionResult(version: selected.text, outcome: .done(result)))
            } catch let error as any ReportableError {
                results.append(VersionResult(version: selected.text, outcome: .failed(error)))
            }
        }
        return .several(results)
    }

    /// Returns the versions that the texts name. Nil for a single text that is neither a pattern nor the name of a grid:
    /// the workflow reads it.
    private func several(_ texts: [String]) throws -> [VersionReference]? {
        let isPlain = texts.count == 1 && VersionPattern(texts[0]) == nil
        let name = isPlain ? VersionReference(texts[0]) : nil
        guard !isPlain || (name != nil && name?.number == nil) else { return nil }
        // The workflow reports these states itself when it opens the workspace.
        let reading = WorkflowContext(
            context.location, threads: context.threads, wait: context.wait, weights: context.weights,
            now: context.now
        ) { [report = context.report] event in
            switch event {
            case .workspaceIsReadOnly, .incompleteWithdrawal, .failedRemoval: break
            default: report(event)
            }
        }
        let session: WorkspaceSession
        do {
            session = try WorkspaceSession.reading(reading)
        } catch let error as CurareError where isPlain && error.code == .missingInput {
            // Some workflows accept a folder outside of a workspace. The others report the missing workspace.
            return nil
        }
        if let name {
            let names = try VersionNames(session)
            guard names.current(name.name) == nil && names.grid(name.name) != nil else { return nil }
        }
        return try session.resolve(all: texts)
    }

    /// `NAME-V`, as in the names of runs.
    private static func folderName(of version: VersionReference) -> String {
        version.number.map { "\(version.name)-\($0)" } ?? version.name.text
    }
}

/// One of the versions that a user named.
public struct SelectedVersion: Sendable {
    /// The user's own text for a single version, otherwise `NAME@V`.
    public let text: String
    /// The name of the folder for this version in a folder for several versions. Nil for a single version.
    let folderName: String?

    /// Returns the folder for this version: `folder` itself for a single version, otherwise `NAME-V` in `folder`.
    public func folder(in folder: URL) -> URL {
        folderName.map { folder.appending(path: $0, directoryHint: .isDirectory) } ?? folder
    }

    /// Returns the file for this version: `file` itself for a single version, otherwise `FILE-NAME-V` with the same
    /// suffix.
    public func file(_ file: URL) -> URL {
        guard let folderName else { return file }
        let name = file.deletingPathExtension().lastPathComponent
        let suffix = file.pathExtension.isEmpty ? "" : ".\(file.pathExtension)"
        return file.deletingLastPathComponent().appending(path: "\(name)-\(folderName)\(suffix)")
    }
}

extension WorkflowContext {
    /// Returns a context that reports the state of the workspace only once, although several workflows open it.
    fileprivate func reportingOnce() -> WorkflowContext {
        var hasReportedReadOnly = false
        var hasReportedRemoval = false
        var hasReportedWeights = false
        var withdrawals: Set<String> = []
        return WorkflowContext(location, threads: threads, wait: wait, weights: weights, now: now) { [report] event in
            switch event {
            case .workspaceIsReadOnly:
                if !hasReportedReadOnly { report(event) }
                hasReportedReadOnly = true
            case .failedRemoval:
                if !hasReportedRemoval { report(event) }
                hasReportedRemoval = true
            case .facesNotEmbedded(.weightsNotInstalled):
                if !hasReportedWeights { report(event) }
                hasReportedWeights = true
            case .incompleteWithdrawal(let subject):
                if withdrawals.insert("\(subject)").inserted { report(event) }
            default: report(event)
            }
        }
    }
}
