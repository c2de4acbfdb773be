import Catalog
import Checking
import Core
import Storage
import Validation
import Versions

/// Removes versions and runs by name.
public struct RemoveItems: Workflow {
    public struct Request {
        /// `NAME@V` for a version, and the names of runs.
        public var names: [String]
        /// Also removes the runs of the versions.
        public var withRuns: Bool
        /// Reports what would be removed, and removes nothing.
        public var dryRun: Bool
        /// Requests confirmation. Throws if the user does not confirm.
        public var confirm: (RemovalSummary) throws -> Void

        public init(
            names: [String], withRuns: Bool = false, dryRun: Bool = false,
            confirm: @escaping (RemovalSummary) throws -> Void
        ) {
            self.names = names
            self.withRuns = withRuns
            self.dryRun = dryRun
            self.confirm = confirm
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if a version or run does not exist; (65) if another version extends a version, or if
    ///   a version has runs that are not removed; (75) while a training is in progress in one of the runs; the error of
    ///   `confirm`.
    public func run(_ request: Request) throws -> RemovalSummary {
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun, requiresRemovals: true)
        let plan = try RemovalPlan(
            removing: request.names, withRuns: request.withRuns, session.workspace, session.catalog)
        return try session.carryOut(plan, dryRun: request.dryRun, context, confirm: request.confirm)
    }
}

/// Removes old finished runs, or their models.
public struct PruneRuns: Workflow {
    public struct Request {
        /// The number of finished runs of each version that are kept, the newest first.
        public var newest: Int
        /// Runs with this verdict are kept too. Nil for no such runs.
        public var verdict: Verdict.Outcome?
        /// Removes only the models, so that the reports stay.
        public var removesOnlyModels: Bool
        /// Reports what would be removed, and removes nothing.
        public var dryRun: Bool
        /// Requests confirmation. Throws if the user does not confirm.
        public var confirm: (RemovalSummary) throws -> Void

        public init(
            newest: Int = 0, verdict: Verdict.Outcome? = nil, removesOnlyModels: Bool = false, dryRun: Bool = false,
            confirm: @escaping (RemovalSummary) throws -> Void
        ) {
            self.newest = newest
            self.verdict = verdict
            self.removesOnlyModels = removesOnlyModels
            self.dryRun = dryRun
            self.confirm = confirm
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (75) while a training is in progress in one of the runs; the error of `confirm`.
    public func run(_ request: Request) throws -> RemovalSummary {
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun, requiresRemovals: true)
        let rule = PruneRule(
            newest: request.newest, verdict: request.verdict, removesOnlyModels: request.removesOnlyModels)
        let plan = try RemovalPlan(pruning: rule, session.workspace)
        return try session.carryOut(plan, dryRun: request.dryRun, context, confirm: request.confirm)
    }
}

extension WorkspaceSession {
    /// Shows a plan to the user, and carries it out. A plan without items needs no confirmation.
    fileprivate func carryOut(
        _ plan: RemovalPlan, dryRun: Bool, _ context: WorkflowContext, confirm: (RemovalSummary) throws -> Void
    ) throws -> RemovalSummary {
        let summary = RemovalSummary(
            plan, dryRun: dryRun, names: plan.kept == nil ? try changedNames(removing: plan) : nil)
        guard !dryRun, !plan.items.isEmpty else { return summary }
        try confirm(summary)
        try RemovalExecutor(workspace, catalog).carryOut(plan, made: context.timestamp)
        return summary
    }

    /// Returns the names that mean a version which the plan removes, sorted, each with the version that the name means
    /// afterwards.
    private func changedNames(removing plan: RemovalPlan) throws -> [RemovalSummary.ChangedName] {
        let removed = Set(plan.items.filter { $0.kind == .version }.compactMap { VersionReference($0.name) })
        let names = try VersionNames(self)
        return Set(removed.map(\.name)).sorted().filter { names.current($0).map(removed.contains) == true }.map {
            RemovalSummary.ChangedName($0, means: names.current($0, without: removed))
        }
    }
}

/// What a removal removed or would remove, and what depends on it.
public struct RemovalSummary: WorkflowResult {
    public struct Export: Encodable {
        public let format: String
        public let path: String
        public let made: String
    }

    public struct Item: Encodable {
        /// `version`, `run`, or `models`: the models of a run.
        public let kind: String
        public let name: String
        public let files: Int
        public let bytes: Int
        /// The exports of a version, which stay.
        public let exports: [Export]
        /// Runs that started from weights of this run.
        public let startedRuns: [String]

        init(_ item: RemovalPlan.Item) {
            kind = item.kind.rawValue
            name = item.name
            files = item.size.files
            bytes = item.size.bytes
            exports = item.exports.map { Export(format: $0.format, path: $0.path, made: $0.made) }
            startedRuns = item.startedRuns
        }
    }

    /// A name of versions that means another version after the removal, or no version.
    public struct ChangedName: Encodable {
        public let name: String
        /// `NAME@V`; null if no version has the name any more.
        @ExplicitNull public var means: String?

        init(_ name: VersionName, means version: VersionReference?) {
            self.name = name.text
            _means = ExplicitNull(wrappedValue: version?.description)
        }
    }

    public struct Skipped: Encodable {
        public let run: String
        public let reason: String
    }

    public let dryRun: Bool
    public let files: Int
    public let bytes: Int
    public let items: [Item]
    /// The names whose meaning the removal changes. Nil for a prune.
    public let names: [ChangedName]?
    /// The finished runs that a prune keeps. Nil for a removal by name.
    public let kept: [String]?
    /// Runs that a prune keeps because they are unfinished or damaged. Nil for a removal by name.
    public let skipped: [Skipped]?

    init(_ plan: RemovalPlan, dryRun: Bool, names: [ChangedName]?) {
        self.dryRun = dryRun
        self.names = names
        files = plan.size.files
        bytes = plan.size.bytes
        items = plan.items.map(Item.init)
        kept = plan.kept
        skipped = plan.kept == nil ? nil : plan.skipped.map { Skipped(run: $0.run, reason: $0.reason) }
    }
}
