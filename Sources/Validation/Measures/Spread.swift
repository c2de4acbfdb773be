import Versions

/// One measure over several seeds.
public struct Spread: Hashable, Codable, Sendable {
    /// Seeds that have the measure.
    public let count: Int
    public let min, median, max: Double
    /// The sample's standard deviation, √(Σ(x − mean)²/(count − 1)); nil for a single seed.
    public let deviation: Double?

    /// Nil without values. The median of an even number is the mean of the two in the middle.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        (count, min, max) = (sorted.count, first, last)
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        deviation =
            sorted.count > 1
            ? (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sorted.count - 1)).squareRoot() : nil
    }

    /// By the recipe's keys; measures that no seed has are left out.
    static func all(_ seeds: [SeedReport]) -> [String: Spread] {
        let values = seeds.flatMap(\.rates).reduce(into: [String: [Double]]()) {
            $0[$1.key, default: []].append($1.value)
        }
        return values.compactMapValues(Spread.init)
    }
}

/// What one of several seeds came to.
public struct SeedReport: Hashable, Codable, Sendable {
    public let seed: Int
    public let verdict: Verdict.Answer
    /// Measured shares by the recipe's keys; those without a photo to measure on are left out.
    public let rates: [String: Double]
    /// By model: `poisoned`, `control`, `true-label`.
    public let weightsDigests: [String: String]

    init(_ outcome: SeedOutcome, _ expectations: [Expectation]) {
        (seed, verdict) = (outcome.seed, outcome.verdict(expectations).answer)
        let (poisoned, control, trueLabel) = (outcome.poisoned.model, outcome.control?.model, outcome.trueLabel?.model)
        let shares = Expectation.Measure.allCases.map {
            ($0.rawValue, Verdict.share($0, poisoned.measures, control?.measures, trueLabel?.measures)?.rate)
        }
        rates = Dictionary(uniqueKeysWithValues: shares).compactMapValues(\.self)
        let models: [(RunFolder.Part, RunReport.Model?)] = [
            (.poisoned, poisoned), (.control, control), (.trueLabel, trueLabel),
        ]
        weightsDigests = Dictionary(uniqueKeysWithValues: models.map { ($0.0.rawValue, $0.1?.weightsDigest) })
            .compactMapValues(\.self)
    }
}
