/// One optimizer step, as it ends.
public struct StepReport: Hashable, Sendable {
    /// Counted from 1, and of how many.
    public let step, steps: Int
    /// The batch's mean loss, before the step.
    public let loss: Double
    /// Images of the batch whose class came out on top.
    public let correct, batch: Int
}

/// The steps since the last report, at an epoch's end or the run's.
public struct EpochReport: Hashable, Sendable, Codable {
    /// Whole passes over the examples so far.
    public let epoch: Int
    /// Optimizer steps so far.
    public let step: Int
    /// Mean loss and share of right answers over the images since the last report, each before its step, as augmented.
    public let loss, accuracy: Double
    /// Wall-clock time since the last report, or since the run went on.
    public let seconds, imagesPerSecond: Double
}

/// What a finished run leaves.
public struct TrainedModel: Sendable {
    public let weights: Weights
    /// All reports, those before a resumption too.
    public let history: [EpochReport]

    public init(weights: Weights, history: [EpochReport]) { (self.weights, self.history) = (weights, history) }
}
