import Checking
import Core
import Foundation
import Intake
import Storage

/// A fault in the results of `curare check` and `curare backup --verify`.
public struct ReportedFault: Encodable {
    public let kind: String
    /// Relative to the workspace.
    public let path: String
    public let detail: String
    public let repairable: Bool

    init(_ problem: WorkspaceProblem) {
        kind = problem.kind.rawValue
        path = problem.path
        detail = problem.detail.printable()
        repairable = problem.isRepairable
    }
}

/// Searches a workspace for faults, and repairs the repairable faults on request.
public struct CheckWorkspace: Workflow {
    public struct Request {
        /// Repairs the repairable faults.
        public var repairs: Bool
        /// Also reads all originals and images, and compares their digests.
        public var isDeep: Bool

        public init(repairs: Bool = false, isDeep: Bool = false) {
            self.repairs = repairs
            self.isDeep = isDeep
        }
    }

    public struct Result: WorkflowResult {
        /// An original that must be restored from a copy: the file with this SHA-256.
        public struct LostOriginal: Encodable {
            public let photo: String
            public let path: String
        }

        public let ok: Bool
        /// The faults. After a repair: the faults that are left.
        public let problems: [ReportedFault]
        /// The number of faults that were repaired.
        public let repaired: Int
        public let originalsToRestore: [LostOriginal]
        /// What could not be checked, and why.
        public let notChecked: [String]

        init(_ report: WorkspaceChecker.Report, repaired: Int) {
            ok = report.ok
            problems = report.problems.map(ReportedFault.init)
            self.repaired = repaired
            originalsToRestore = report.problems.compactMap { problem in
                guard problem.kind == .missingOriginal || problem.kind == .changedOriginal else { return nil }
                return problem.photo.map { LostOriginal(photo: $0.hex, path: problem.path) }
            }
            notChecked = report.notChecked
        }

        public var isNegative: Bool { !ok }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no workspace; (75) if a repair needs the lock and another process has
    ///   it.
    public func run(_ request: Request) throws -> Result {
        let workspace = try context.location.find()
        guard request.repairs else {
            return Result(try context.check(workspace, isDeep: request.isDeep), repaired: 0)
        }
        let found = try checkAndRepair(workspace, isDeep: request.isDeep)
        guard found.problems.contains(where: \.isRepairable) else { return Result(found, repaired: 0) }
        try finishPending(found.problems)
        let left = try context.check(workspace, isDeep: request.isDeep)
        let remaining = Set(left.problems)
        let repaired = found.problems.count { $0.isRepairable && !remaining.contains($0) }
        return Result(left, repaired: repaired)
    }

    /// Returns the faults that were found and repaired. Where nothing can be written and nothing needs a repair, no lock
    /// is taken.
    private func checkAndRepair(_ workspace: Workspace, isDeep: Bool) throws -> WorkspaceChecker.Report {
        let lock: FolderLock
        do {
            lock = try FolderLock(workspace, wait: context.wait)
        } catch let error as CurareError where error.code == .inputOutput {
            let found = try context.check(workspace, isDeep: isDeep)
            guard !found.problems.contains(where: \.isRepairable) else { throw error }
            return found
        }
        let found = try context.check(workspace, isDeep: isDeep, holdsLock: true)
        let errors = WorkspaceRepair(workspace, threads: context.threadBudget, faces: .installed).repair(
            found.problems, progress: context.progress(.makingImages))
        context.report(.ended(.makingImages))
        errors.forEach { context.report(.problem($0)) }
        withExtendedLifetime(lock) {}
        return found
    }

    /// Completes the withdrawals and removals that were interrupted. Opening a workspace for writing does that.
    private func finishPending(_ problems: [WorkspaceProblem]) throws {
        guard problems.contains(where: { $0.kind == .pendingWithdrawal || $0.kind == .pendingRemoval }) else { return }
        _ = try WorkspaceSession.writing(context, requiresRemovals: true)
    }
}

extension WorkflowContext {
    /// Checks a workspace, and reports the progress.
    func check(_ workspace: Workspace, isDeep: Bool, holdsLock: Bool = false) throws -> WorkspaceChecker.Report {
        let steps: [WorkspaceChecker.Step: WorkflowStep] = [
            .originals: .checkingOriginals, .images: .checkingImages, .runs: .checkingRuns,
        ]
        let checker = WorkspaceChecker(workspace, isDeep: isDeep, threads: threadBudget) { step, done, total in
            steps[step].map { report(.progress($0, done: done, total: total, loss: nil)) }
        }
        let result = try checker.check(holdsLock: holdsLock)
        steps.values.forEach { report(.ended($0)) }
        return result
    }
}
