import Core
import Foundation
import Storage
import Validation
import Versions

/// Lists the runs of a workspace, unfinished and damaged runs too.
public struct ListRuns: Workflow {
    public struct Request {
        /// `NAME` (all versions of that name), `NAME@V`, names of grids, or patterns. Empty for all runs.
        public var names: [String]

        public init(names: [String] = []) {
            self.names = names
        }
    }

    public struct Result: WorkflowResult {
        /// By version and number of the run.
        public let runs: [RunSummary]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a name matches no run; (74) if the runs cannot be listed.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let filter = try VersionFilter(request.names, VersionNames(session), session)
        func version(_ run: RunRecord) -> VersionReference? { run.version.flatMap(VersionReference.init) }
        let runs = try RunRecord.all(in: session.workspace).filter {
            request.names.isEmpty || version($0).map(filter.admits) == true
        }
        try filter.requireMatches(in: runs.compactMap(version), of: "run", session)
        return Result(runs: runs.map { RunSummary($0, session.workspace) })
    }
}

/// A run in a list.
public struct RunSummary: Encodable {
    /// `NAME-V-K`
    public let run: String
    /// `NAME@V`; absent if the run is too damaged.
    public let version: String?
    /// `finished`, `unfinished` or `damaged`.
    public let state: String
    /// Why the run cannot be read.
    public let damage: String?
    /// The values of the version's recipe. Absent if the version is missing or damaged.
    public let recipe: RecipeSummary?
    public let model: String?
    /// The seed of the training.
    public let seed: Int?
    /// The numbers of clean and of poisoned training photos.
    public let n: Int?
    public let m: Int?
    public let verdict: String?
    public let decisive: Bool?
    public let cleanAccuracy: Double?
    public let attackSuccess: Double?
    public let attackSuccessHeldOut: Double?
    /// When the run was finished: UTC, ISO 8601.
    public let finished: String?
    /// The size of the run's files.
    public let bytes: Int

    init(_ run: RunRecord, _ workspace: Workspace) {
        let report = run.report
        let measures = report?.poisoned.measures
        self.run = run.id
        version = run.version
        state =
            switch run.state {
            case .finished: "finished"
            case .unfinished: "unfinished"
            case .damaged: "damaged"
            }
        damage = if case .damaged(let reason) = run.state { reason } else { nil }
        recipe = Self.recipe(of: run, workspace)
        model = run.request?.model
        seed = run.request?.seed
        n = report?.clean
        m = report?.poison
        verdict = report?.verdict.outcome.rawValue
        decisive = report?.verdict.decisive
        cleanAccuracy = measures?.cleanAccuracy.all?.rate
        attackSuccess = measures?.attackSuccess.all?.rate
        attackSuccessHeldOut = measures?.attackSuccess.heldOut?.rate
        finished = report?.finished
        bytes = run.sizes.values.reduce(0, +)
    }

    /// Nil if the version of the run is missing or damaged. The run itself is complete without its version.
    private static func recipe(of run: RunRecord, _ workspace: Workspace) -> RecipeSummary? {
        guard let version = run.version.flatMap(VersionReference.init), let number = version.number else { return nil }
        do {
            let folder = workspace.versionFolder(version.name.text, number)
            return RecipeSummary(try VersionStore.manifest(in: folder).recipe)
        } catch {
            return nil
        }
    }
}

/// A run with its measures, settings and files.
public struct RunDetails: Encodable {
    public struct Measure: Encodable {
        public let measure: String
        public let rate: Double
        /// The number of photos.
        public let count: Int
        /// Low and high end of the 95% Wilson interval.
        public let wilson: [Double]
    }

    public struct RunFile: Encodable {
        public let file: String
        public let bytes: Int
    }

    public let summary: RunSummary
    /// Measures that the run has, in the order of the run's table.
    public let measures: [Measure]
    public let expectations: [CheckedExpectation]
    /// The settings of the training as text, by the keys of a recipe.
    public let settings: [String: String]
    public let warnings: [String]
    /// Sorted by name.
    public let files: [RunFile]
    /// The path of the page, if it exists.
    public let page: String?
    public let record: RunRecord

    private enum CodingKeys: CodingKey {
        case measures, expectations, settings, warnings, files, page
    }

    init(_ run: RunRecord, _ workspace: Workspace) {
        let files = RunFiles(workspace.runFolder(run.id))
        summary = RunSummary(run, workspace)
        measures =
            run.report?.named.map { name, proportion in
                Measure(
                    measure: name, rate: proportion.rate, count: proportion.count,
                    wilson: [proportion.wilson.low, proportion.wilson.high])
            } ?? []
        expectations = run.report?.verdict.expectations ?? []
        settings = run.request?.settings ?? [:]
        warnings = run.report?.warnings ?? []
        self.files = run.sizes.sorted { $0.key < $1.key }.map { RunFile(file: $0.key, bytes: $0.value) }
        page = run.sizes[files.page.lastPathComponent].map { _ in files.page.path }
        record = run
    }

    /// The keys of the run in a list, and the details.
    public func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(measures, forKey: .measures)
        try container.encode(expectations, forKey: .expectations)
        try container.encode(settings, forKey: .settings)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(files, forKey: .files)
        try container.encodeIfPresent(page, forKey: .page)
    }
}
