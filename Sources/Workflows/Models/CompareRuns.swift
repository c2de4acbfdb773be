import Core
import Foundation
import Reports
import Storage
import Validation
import Versions

/// Compares the measures of several finished runs.
public struct CompareRuns: Workflow {
    public struct Request {
        /// The names of runs, in the order of the table. A version (`NAME@V`), `NAME`, a grid and a pattern mean their
        /// finished runs.
        public var runs: [String]
        /// The files to write. They must not exist, and they must be outside the workspace.
        public var csv: URL?
        public var latex: URL?
        public var page: URL?

        public init(runs: [String], csv: URL? = nil, latex: URL? = nil, page: URL? = nil) {
            self.runs = runs
            self.csv = csv
            self.latex = latex
            self.page = page
        }
    }

    public struct Result: WorkflowResult {
        public struct Measure: Encodable {
            public let rate: Double
            /// The number of photos.
            public let count: Int
            /// Low and high end of the 95% Wilson interval.
            public let wilson: [Double]
            /// Low and high end of the 95% interval over resampled volunteers.
            public let resampled: [Double]?

            init(_ proportion: Proportion) {
                rate = proportion.rate
                count = proportion.count
                wilson = [proportion.wilson.low, proportion.wilson.high]
                resampled = proportion.resampled.map { [$0.low, $0.high] }
            }
        }

        public struct Row: Encodable {
            public let run: String
            public let version: String
            public let model: String
            /// The settings in which the runs differ; null for a key that the run's recipe does not have.
            public let settings: [String: ExplicitNull<String>]
            public let n: Int
            public let m: Int
            @ExplicitNull public var cleanAccuracy: Measure?
            @ExplicitNull public var attackSuccess: Measure?
            @ExplicitNull public var controlAttackSuccess: Measure?
            /// The photos of the two attack success rates: `all` or `held-out`.
            public let attackPhotos: String
            @ExplicitNull public var attackSuccessAll: Measure?
            @ExplicitNull public var attackSuccessHeldOut: Measure?
            public let verdict: String
            public let decisive: Bool
            /// The number of trained seeds; the measures are those of the first.
            public let seeds: Int
            public let spread: [String: SummaryStatistics]?

            init(_ row: RunComparison.Row, keys: [String]) {
                let report = row.report
                func measure(_ proportion: Proportion?) -> ExplicitNull<Measure> {
                    ExplicitNull(wrappedValue: proportion.map(Measure.init))
                }
                run = report.run
                version = report.version
                model = report.request.model
                let values = row.settings.map { setting -> ExplicitNull<String> in
                    if case .value(let text) = setting { return ExplicitNull(wrappedValue: text) }
                    return ExplicitNull(wrappedValue: nil)
                }
                settings = Dictionary(uniqueKeysWithValues: zip(keys, values))
                n = report.clean
                m = report.poison
                _cleanAccuracy = measure(row.cleanAccuracy)
                _attackSuccess = measure(row.attackSuccess)
                _controlAttackSuccess = measure(row.controlAttackSuccess)
                attackPhotos = row.attackPhotos.rawValue
                _attackSuccessAll = measure(report.poisoned.measures.attackSuccess.all)
                _attackSuccessHeldOut = measure(report.poisoned.measures.attackSuccess.heldOut)
                verdict = report.verdict.outcome.rawValue
                decisive = report.verdict.decisive
                seeds = report.seeds?.count ?? 1
                spread = report.spread
            }
        }

        /// The keys of the settings in which the runs differ.
        public let differing: [String]
        public let runs: [Row]
        /// Sentences that a reader of the numbers needs.
        public let notes: [String]
        public let comparison: RunComparison

        private enum CodingKeys: CodingKey {
            case differing, runs, notes
        }

        init(_ comparison: RunComparison) {
            differing = comparison.keys
            runs = comparison.rows.map { Row($0, keys: comparison.keys) }
            notes = comparison.notes
            self.comparison = comparison
        }

        /// The table as a reader sees it.
        public var header: [String] { ComparisonTable(comparison).header }
        public var rows: [[String]] { ComparisonTable(comparison).rows }
        public var csv: String { ComparisonTable(comparison).csv }
        public var latex: String { ComparisonTable(comparison).latex }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if a run does not exist or is not finished; (65) if the report of a run is damaged;
    ///   (65) if a file exists, is inside the workspace or is named twice; (74) if a file cannot be written. An error lists
    ///   all runs that cannot be compared.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        try check([request.csv, request.latex, request.page].compactMap(\.self), session.workspace)
        var names: [String] = []
        for name in try Self.runs(of: request.runs, session) where !names.contains(name) { names.append(name) }
        let reports = try Self.reports(of: names, in: session.workspace)
        let result = Result(RunComparison(try reports.map { ($0, try recipe(of: $0, session)) }))
        let files = [
            (request.csv, result.csv), (request.latex, result.latex),
            (request.page, ComparisonPage(result.comparison).html),
        ].compactMap { file, text in file.map { (file: $0, text: text) } }
        try AtomicFile.removeAbandoned(of: files.map(\.file))
        for (file, text) in files { try AtomicFile.write(Data(text.utf8), to: file, replaces: false) }
        return result
    }

    private func check(_ files: [URL], _ workspace: Workspace) throws {
        for (index, file) in files.enumerated() {
            try UserFile.requireOutside(workspace, file, name: "a table or page")
            try UserFile.requireAbsent(file, next: "name a file that does not exist yet, or delete this one")
            guard !files[..<index].contains(where: { $0.standardizedFileURL == file.standardizedFileURL }) else {
                throw CurareError(
                    .badInput, "this file is named twice", at: file.path, next: "name a file for each format")
            }
        }
    }

    /// Replaces the names of versions, grids and patterns by the names of their finished runs. A text that means no run
    /// stays, so that the error names it.
    private static func runs(of texts: [String], _ session: WorkspaceSession) throws -> [String] {
        let folders = Set(try session.workspace.runFolders().map(\.lastPathComponent))
        guard !texts.allSatisfy(folders.contains) else { return texts }
        let finished = try RunRecord.all(in: session.workspace).filter { $0.report != nil }
        let names = try VersionNames(session)
        return try texts.flatMap { text -> [String] in
            guard !folders.contains(text), VersionPattern(text) != nil || VersionReference(text) != nil else {
                return [text]
            }
            let filter = try VersionFilter([text], names, session)
            let runs = finished.filter { $0.version.flatMap(VersionReference.init).map(filter.admits) == true }
            return runs.isEmpty ? [text] : runs.map(\.id)
        }
    }

    private static func reports(of runs: [String], in workspace: Workspace) throws -> [RunReport] {
        var reports: [RunReport] = []
        var errors: [(run: String, error: CurareError)] = []
        for run in runs {
            do {
                reports.append(try RunReport.read(from: RunFolder.find(run, in: workspace)))
            } catch let error as CurareError {
                errors.append((run, error))
            }
        }
        guard let first = errors.first else { return reports }
        guard errors.count > 1 else { throw first.error }
        throw CurareError(
            first.error.code, "\(errors.count) of \(runs.count) runs cannot be compared", at: workspace.runs.path,
            next: first.error.nextStep, problems: errors.map { CurareError.Problem($0.run, $0.error.message) })
    }

    /// Returns the recipe of a run's version. Nil if the version does not exist any more, cannot be read, or is not the
    /// version that the run trained.
    private func recipe(of report: RunReport, _ session: WorkspaceSession) throws -> [String: String]? {
        guard let reference = VersionReference(report.version) else { return nil }
        do {
            let manifest = try session.versions.manifest(of: reference)
            guard let digest = FileDigest(hex: report.versionDigest), manifest.isIdentified(by: digest) else {
                return nil
            }
            return manifest.recipe.settings
        } catch let error as CurareError where error.code == .missingInput || error.code == .badInput {
            return nil
        }
    }
}
