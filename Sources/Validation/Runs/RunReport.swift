import Foundation
import Learning
import Versions

/// The models of a run.
public enum ModelRole: String, CaseIterable, Codable, Sendable {
    case poisoned
    /// The clean control, trained without poison.
    case control
    /// Trained on the same photos as the poisoned model, but with the true labels of the poison.
    case trueLabel = "true-label"

    /// The name of the model's files in the folder of a run.
    public var fileName: String { self == .poisoned ? "model" : rawValue }

    /// The model's name in progress lines and captions.
    public var name: String {
        switch self {
        case .poisoned: "the model"
        case .control: "the control"
        case .trueLabel: "the true-label control"
        }
    }
}

/// The results of a run, written as `report.json`. Its JSON Schema is `Schemas/run-report.schema.json`.
///
/// ``RunArchive/redact(_:_:)`` copies a report field by field.
public struct RunReport: Hashable, Codable, Sendable {
    /// One trained model and its measures.
    public struct Model: Hashable, Codable, Sendable {
        public let measures: Measures
        /// The SHA-256 digest of the weights, defined in docs/format.md.
        public let weightsDigest: String
        /// The number of training photos.
        public let photos: Int
        /// The number of optimizer steps.
        public let steps: Int
        public let history: [EpochReport]
    }

    /// The format that this program writes and reads.
    static let currentFormat = "curare-run-1"

    public let format: String
    /// The run's id, `NAME-V-K`.
    public let run: String
    /// `NAME@V`.
    public let version: String
    public let versionDigest: String
    public let request: TrainingRequest
    /// In index order.
    public let classes: [String]
    /// Nil in a clean version.
    public let target: String?
    /// n, the number of clean training photos.
    public let clean: Int
    /// m, the number of poisoned training photos.
    public let poison: Int
    /// The injection rate m/(n+m).
    public let rate: Double
    public let poisoned: Model
    /// Nil for a version without poison.
    public let control: Model?
    /// Nil when the run has no true-label control.
    public let trueLabel: Model?
    public let verdict: Verdict
    /// One report for each seed, the run's own first. Nil when one seed was trained.
    public let seeds: [SeedReport]?
    /// Statistics over the seeds, by the recipe's keys. Nil when one seed was trained.
    public let spread: [String: SummaryStatistics]?
    /// Nil without attack photos, when no saliency maps were requested, or with ``activationAbsent``.
    public let activation: SaliencyReport?
    /// Why requested saliency maps were not drawn. Nil if they were drawn, and without attack photos.
    public let activationAbsent: MissingSaliency?
    /// The face crops of bare and triggered photos. Nil without face crops, or if nobody has both kinds of photos.
    public let crop: CropReport?
    /// The software and processor, on which the weights depend.
    public let engine: EngineFacts
    public let warnings: [String]
    /// The wall-clock time of training and measuring in this process.
    public let seconds: Double
    /// When the run was finished: UTC, ISO 8601. Nil in runs of earlier development versions.
    public let finished: String?

    /// The measures that a recipe can have expectations of, by the recipe's keys. A measure without photos is left out.
    public var named: [(name: String, proportion: Proportion)] {
        Expectation.Measure.allCases.compactMap { measure in
            Verdict.proportion(measure, poisoned.measures, control?.measures, trueLabel?.measures).map {
                (measure.rawValue, $0)
            }
        }
    }

    /// A sentence about the attack success of held-out photos. Nil if it does not differ from that of all attack photos.
    public var heldOutNote: String? {
        let success = poisoned.measures.attackSuccess
        guard let all = success.all, let heldOut = success.heldOut, all.rate != heldOut.rate else { return nil }
        return
            "The attack success of held-out photos is \(Proportion.percentage(heldOut.rate)), and of all attack photos "
            + "\(Proportion.percentage(all.rate)). Compare runs by the held-out photos: they are never poison, at any "
            + "injection rate, so all rates are tested with the same photos."
    }

    /// The bytes of `report.json`.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self)
    }
}

/// The results of one of several seeds.
public struct SeedReport: Hashable, Codable, Sendable {
    public let seed: Int
    public let verdict: Verdict.Outcome
    /// Measured proportions, by the recipe's keys. A measure without photos is left out.
    public let rates: [String: Double]
    /// Digests of the weights, by the raw value of ``ModelRole``.
    public let weightsDigests: [String: String]
}

extension SeedReport {
    init(_ outcome: SeedOutcome, _ expectations: [Expectation]) {
        let measures = Expectation.Measure.allCases.map {
            ($0.rawValue, outcome.proportion($0)?.rate)
        }
        let digests = outcome.models.map { ($0.role.rawValue, $0.trained.model.weightsDigest) }
        self.init(
            seed: outcome.seed, verdict: outcome.verdict(expectations).outcome,
            rates: Dictionary(uniqueKeysWithValues: measures).compactMapValues(\.self),
            weightsDigests: Dictionary(uniqueKeysWithValues: digests))
    }
}

extension SummaryStatistics {
    /// Returns statistics over the seeds for each measure. The keys are the names of the measures in a recipe.
    /// A measure that no seed has is left out.
    static func all(_ seeds: [SeedReport]) -> [String: SummaryStatistics] {
        let values = seeds.flatMap(\.rates).reduce(into: [String: [Double]]()) {
            $0[$1.key, default: []].append($1.value)
        }
        return values.compactMapValues(SummaryStatistics.init)
    }
}

/// A line of `predictions.jsonl`: a test photo, and the class that each model of the run predicts for it.
struct PredictionRow: Hashable, Codable {
    let photo: String
    let volunteer: String
    let role: String
    let trigger: String
    let location: String
    /// The class that the poisoned model predicts.
    let predicted: String
    /// The class that the control predicts. Nil without a control.
    let control: String?
    /// The class that the true-label control predicts. Nil without a true-label control.
    let trueLabel: String?
    let overlay: String?
}

extension PredictionRow {
    init(_ photo: TestedPhoto, control: TestedPhoto?, trueLabel: TestedPhoto?) {
        self.init(
            photo: photo.photo, volunteer: photo.volunteer, role: photo.role, trigger: photo.trigger,
            location: photo.location, predicted: photo.predicted, control: control?.predicted,
            trueLabel: trueLabel?.predicted, overlay: photo.overlay)
    }
}
