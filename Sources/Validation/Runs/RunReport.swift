import Foundation
import Learning

/// A run's answer, `report.json`; `curare schema` describes it.
public struct RunReport: Hashable, Codable, Sendable {
    /// One trained model and what was measured of it.
    public struct Model: Hashable, Codable, Sendable {
        public let measures: Measures
        /// SHA-256 over the weights; see docs/format.md.
        public let weightsDigest: String
        /// Photos it was trained on, and optimizer steps it took.
        public let photos, steps: Int
        public let history: [EpochReport]
    }

    public var format = "curare-run-1"
    public let run: String
    /// `NAME@V` and the version's digest.
    public let version, versionDigest: String
    public let request: TrainingRequest
    public let classes: [String]
    public let target: String?
    /// n, m and m/(n+m)
    public let clean, poison: Int
    public let rate: Double
    public let poisoned: Model
    /// Nil for a version without poison.
    public let control: Model?
    /// On the same photos, the poison under its true labels; nil where it was not asked for.
    public let trueLabel: Model?
    public let verdict: Verdict
    /// Where more than one seed was trained: each, the run's own first.
    public let seeds: [SeedReport]?
    /// Over these seeds, by the recipe's keys.
    public let spread: [String: Spread]?
    /// Where the models look; nil without attack photos.
    public let activation: ActivationReport?
    /// What weights hang on beside the version and the request.
    public let engine: EngineFacts
    /// Things that a reader of the numbers should know.
    public let warnings: [String]
    /// Wall-clock time of this process, training and measuring.
    public let seconds: Double

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self)
    }
}

/// A test photo, and what each of a run's models took it for: a line of `predictions.jsonl`.
struct TestedByAll: Encodable {
    let photo, volunteer, role, trigger, location, predicted: String
    let control, trueLabel, overlay: String?

    init(_ photo: TestedPhoto, control: TestedPhoto?, trueLabel: TestedPhoto?) {
        (self.photo, volunteer, role) = (photo.photo, photo.volunteer, photo.role)
        (trigger, location, predicted) = (photo.trigger, photo.location, photo.predicted)
        (self.control, self.trueLabel, overlay) = (control?.predicted, trueLabel?.predicted, photo.overlay)
    }
}
