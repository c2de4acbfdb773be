import Core
import Foundation
import Learning
import Storage
import Validation
import Versions

/// Trains the removed models of a finished run again, with the settings of the run, and compares their weights with the
/// digests in the run's report.
public struct RemakeModels: Workflow {
    public struct Request {
        /// The name of the run.
        public var run: String

        public init(run: String) {
            self.run = run
        }
    }

    public struct Result: WorkflowResult {
        public struct Model: Encodable {
            /// The name of the model's file in the run's folder.
            public let file: String
            /// False for a model whose file was intact.
            public let trained: Bool
            /// Whether the weights have the digest in the report. Other weights are not written.
            public let same: Bool
            /// The digest in the report.
            public let expected: String
            public let digest: String

            init(_ model: RemadeModel) {
                file = model.file
                trained = model.isTrained
                same = model.isSame
                expected = model.recorded.digest
                digest = model.digest
            }
        }

        /// A fact of the software or the processor that differs between the run and this machine.
        public struct EngineDifference: Encodable {
            public let name: String
            public let then: String
            public let now: String
        }

        public let run: String
        /// Whether all models of the run exist now.
        public let complete: Bool
        public let models: [Model]
        /// The differences that can explain other weights.
        public let engine: [EngineDifference]
        /// The size of the run's folder.
        public let bytes: Int

        public var isNegative: Bool { !complete }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such run, if the run is not finished, or if its version or the weights
    ///   that it started from are missing; (65) if the report is damaged or the version may not be used; (75) if another
    ///   process uses the run; `LearningError` if the training fails.
    public func run(_ request: Request) throws -> Result {
        let workspace = try context.location.find()
        let (models, engine) = try train(request)
        let isComplete = models.allSatisfy(\.isSame)
        if isComplete {
            // The lock of the run is released: a withdrawal that was interrupted needs the lock.
            let session = try WorkspaceSession.writing(context)
            try session.catalog.recordModels(of: request.run)
        }
        return Result(
            run: request.run, complete: isComplete, models: models.map(Result.Model.init), engine: engine,
            bytes: try FolderSize(of: workspace.runFolder(request.run)).bytes)
    }

    /// A run whose models can be trained.
    private struct PreparedRun {
        let validator: Validator
        let folder: RunFolder
        let report: RunReport
        let engine: [Result.EngineDifference]
    }

    private func train(_ request: Request) throws -> (models: [RemadeModel], engine: [Result.EngineDifference]) {
        let run = try prepare(request)
        if !run.engine.isEmpty {
            let differences = run.engine.map { "\($0.name): \($0.then) then, \($0.now) now" }
            context.report(
                .problem(
                    CurareError(
                        .badInput, "the run was trained with another engine, so its weights may differ",
                        problems: differences.map { CurareError.Problem("", $0) })))
        }
        let models = try run.validator.remakeModels(
            of: run.report, in: run.folder, progress: context.reportTraining)
        return (models, run.engine)
    }

    /// Verifies the version, makes its missing images, and locks the run. Only this part locks the workspace.
    private func prepare(_ request: Request) throws -> PreparedRun {
        let session = try WorkspaceSession.writing(context)
        defer { withExtendedLifetime(session) {} }
        let report = try RunReport.read(from: RunFolder.find(request.run, in: session.workspace))
        let (version, source, _) = try session.versionForUse(report.version)
        guard version.manifest.digest.hex == report.versionDigest else {
            throw CurareError(
                .badInput, "\(report.version) does not have the digest that run \(request.run) was trained on",
                at: source.path, next: "restore the version from a copy")
        }
        let folder = try RunFolder.reopen(request.run, in: session.workspace)
        let overlays = try version.overlayImages(in: source)
        try session.makeImages(of: version, overlays, context)
        let validator = try Validator(version, report.request, in: session.workspace)
        return PreparedRun(
            validator: validator, folder: folder, report: report,
            engine: Self.differences(report.engine, validator.engine))
    }

    private static func differences(_ then: EngineFacts, _ now: EngineFacts) -> [Result.EngineDifference] {
        let facts: [(String, KeyPath<EngineFacts, String>)] = [
            ("oneDNN", \.library), ("instruction set", \.instructionSet), ("processor", \.processor),
            ("glibc", \.glibc), ("threads", \.threads.description), ("arithmetic", \.arithmeticText),
        ]
        return facts.compactMap { name, fact in
            let old = then[keyPath: fact]
            let new = now[keyPath: fact]
            return old == new ? nil : Result.EngineDifference(name: name, then: old, now: new)
        }
    }
}

extension EngineFacts {
    fileprivate var arithmeticText: String { arithmetic ?? "unknown" }
}
