import Core
import Foundation
import Versions

/// Finished runs next to each other: their measures, and the settings in which they differ.
public struct RunComparison: Sendable {
    /// The photos on which attack success is compared.
    public enum AttackPhotos: String, Sendable {
        case all
        /// Only the held-out attack photos, which are never poison at any injection rate.
        case heldOut = "held-out"
    }

    /// A setting of one run.
    public enum Setting: Hashable, Sendable {
        case value(String)
        /// The run's recipe does not have the key.
        case none
        /// The run's version, which has the recipe, is not available.
        case unknown

        /// The value, `–` or `?`.
        public var text: String {
            switch self {
            case .value(let text): text
            case .none: "–"
            case .unknown: "?"
            }
        }
    }

    /// A run of the comparison.
    public struct Row: Sendable {
        public let report: RunReport
        /// The settings in which the runs differ, in the order of ``RunComparison/keys``.
        public let settings: [Setting]
        /// The photos of ``attackSuccess`` and ``controlAttackSuccess``.
        public let attackPhotos: AttackPhotos
        public let attackSuccess: Proportion?
        public let controlAttackSuccess: Proportion?

        public var cleanAccuracy: Proportion? { report.poisoned.measures.cleanAccuracy.all }
        /// `pass`, or `pass, inconclusive`.
        public var verdict: String {
            report.verdict.outcome.rawValue + (report.verdict.decisive ? "" : ", inconclusive")
        }
    }

    /// The keys of the settings in which the runs differ, sorted. The network is not among them, because each row has it.
    public let keys: [String]
    /// In the order of the runs.
    public let rows: [Row]
    /// Sentences that a reader of the numbers needs.
    public let notes: [String]

    /// - Parameter runs: each report, and the settings of the recipe of the run's version. Nil for a version that is not
    ///   available.
    public init(_ runs: [(report: RunReport, recipe: [String: String]?)]) {
        let settings = runs.map { RunSettings($0.report.request, $0.recipe) }
        let keys = RunSettings.differingKeys(settings)
        let isHeldOut = runs.contains { Self.differsOnHeldOut($0.report.poisoned.measures.attackSuccess) }
        self.keys = keys
        rows = zip(runs, settings).map { run, settings in
            Row(run.report, keys.map { settings[$0] }, prefersHeldOut: isHeldOut)
        }
        let unavailable = runs.filter { $0.recipe == nil }.map(\.report)
        notes =
            (isHeldOut ? Self.heldOutNotes(rows) : []) + runs.compactMap { Self.seedNote($0.report) }
            + unavailable.map {
                "The version \($0.version) of run \($0.run) is not available, so its recipe is not compared."
            }
    }

    private static func differsOnHeldOut(_ success: Measures.AttackSuccess) -> Bool {
        guard let all = success.all, let heldOut = success.heldOut else { return false }
        return all.rate != heldOut.rate
    }

    private static func heldOutNotes(_ rows: [Row]) -> [String] {
        let all = rows.filter { $0.attackPhotos == .heldOut }.compactMap { row in
            row.report.poisoned.measures.attackSuccess.all.map { "\(row.report.run) \($0.text)" }
        }
        let others = rows.filter { $0.attackPhotos == .all && $0.attackSuccess != nil }.map(\.report.run)
        let first = """
            Attack success is measured on the held-out attack photos. These photos are never poison, at any injection \
            rate, so runs with different rates are measured on the same kind of photos. On all attack photos it \
            is: \(all.joined(separator: ", ")).
            """
        guard !others.isEmpty else { return [first] }
        return [
            first,
            "Without held-out attack photos, and measured on all attack photos: \(others.joined(separator: ", ")).",
        ]
    }

    /// Returns the range over the seeds of a run with several seeds.
    private static func seedNote(_ report: RunReport) -> String? {
        guard let spread = report.spread, let seeds = report.seeds else { return nil }
        let measures: [Expectation.Measure] = [
            .cleanAccuracy, .attackSuccess, .attackSuccessHeldOut, .controlAttackSuccess,
        ]
        let ranges = measures.compactMap { measure in
            spread[measure.rawValue].map {
                "\(measure.rawValue) \(Self.number($0.min)) to \(Self.number($0.max)), median \(Self.number($0.median))"
            }
        }
        return """
            Run \(report.run) has \(seeds.count) seeds; the table shows the first. Over all seeds: \
            \(ranges.joined(separator: "; ")).
            """
    }

    /// Returns a rate with three decimals, in any locale.
    public static func number(_ rate: Double) -> String { String(format: "%.3f", rate) }
}

extension RunComparison.Row {
    fileprivate init(_ report: RunReport, _ settings: [RunComparison.Setting], prefersHeldOut: Bool) {
        self.report = report
        self.settings = settings
        let success = report.poisoned.measures.attackSuccess
        let control = report.control?.measures.attackSuccess
        let usesHeldOut = prefersHeldOut && success.heldOut != nil
        attackPhotos = usesHeldOut ? .heldOut : .all
        attackSuccess = usesHeldOut ? success.heldOut : success.all
        controlAttackSuccess = usesHeldOut ? control?.heldOut : control?.all
    }
}

/// The settings of a run by the recipe's keys: those of the training from the run's request, all others from the recipe of
/// the run's version.
private struct RunSettings {
    private let values: [String: String]
    private let hasRecipe: Bool

    init(_ request: TrainingRequest, _ recipe: [String: String]?) {
        // The request has the settings of the training that the recipe has too, with the overrides of the run.
        let own = (recipe ?? [:]).filter { !$0.key.hasPrefix("train.") && $0.key != "name" && $0.key != "recipe" }
        values = own.merging(request.settings) { $1 }
        hasRecipe = recipe != nil
    }

    subscript(key: String) -> RunComparison.Setting {
        if let value = values[key] { return .value(value) }
        return hasRecipe || Self.isOfTraining(key) ? .none : .unknown
    }

    private static func isOfTraining(_ key: String) -> Bool {
        key.hasPrefix("train.") || key == "seeds" || key == "controls"
    }

    /// Returns the keys whose known values differ, sorted, without the network. The seed of the training is left out when
    /// it is the recipe's in every run.
    static func differingKeys(_ runs: [RunSettings]) -> [String] {
        let followsRecipe = runs.allSatisfy { $0.values["seed"] == $0.values["train.seed"] }
        return Set(runs.flatMap(\.values.keys)).sorted().filter { key in
            if key == "train.model" || (key == "train.seed" && followsRecipe) { return false }
            return Set(runs.map { $0[key] }.filter { $0 != .unknown }).count > 1
        }
    }
}
