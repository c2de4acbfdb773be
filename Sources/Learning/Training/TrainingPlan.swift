import Foundation

/// Everything that decides a training but the model and the examples.
public struct TrainingPlan: Hashable, Sendable, Codable {
    public enum Schedule: String, Sendable, Codable, CaseIterable {
        /// lr · ½(1 + cos(π·step/steps)) at step 0 … steps − 1 (Loshchilov and Hutter, "SGDR", 2017, eq. 5, without restarts).
        case cosine
        /// lr, lr/10 and lr/100, a third of the steps each.
        case step
        case constant
    }

    public enum Optimizer: String, Sendable, Codable, CaseIterable {
        case sgd, nesterov, adam

        /// Numbers that it remembers of each parameter.
        var moments: Int { self == .adam ? 2 : 1 }
    }

    /// What weight decay draws towards 0.
    public enum Decay: String, Sendable, Codable, CaseIterable {
        case all
        /// Not biases, nor what norms have.
        case weights
    }

    /// Pixels a side.
    public var size: Int
    /// Images a step.
    public var batch: Int
    /// Optimizer steps of the whole run.
    public var steps: Int
    /// At the first step.
    public var learningRate: Double
    /// Of all layers but the last; nil: the same.
    public var trunkLearningRate: Double?
    public var schedule: Schedule
    /// Steps in which the rate rises from 0 to the learning rate, evenly, before the schedule begins.
    public var warmUp = 0
    public var optimizer = Optimizer.sgd
    /// SGD's; Adam's β₁.
    public var momentum: Double
    public var weightDecay: Double
    public var decay = Decay.all
    /// Share of the label that is spread evenly over all classes.
    public var labelSmoothing = 0.0
    /// Epochs without a smaller training loss after which the run ends early; 0: never.
    public var patience = 0
    /// The last layer that stays as it is, and all before it with it; nil: all are trained.
    public var frozen: String?
    public var augmentation: Augmentation
    /// What initial weights, order and augmentation are drawn from.
    public var seed: Int

    public init(
        size: Int, batch: Int = 32, steps: Int, learningRate: Double = 0.05, schedule: Schedule = .cosine,
        momentum: Double = 0.9,
        weightDecay: Double = 5e-4, augmentation: Augmentation = .none, seed: Int
    ) {
        (self.size, self.batch, self.steps, self.learningRate, self.schedule) = (
            size, batch, steps, learningRate, schedule
        )
        (self.momentum, self.weightDecay, self.augmentation, self.seed) = (momentum, weightDecay, augmentation, seed)
    }

    /// ⌈epochs · examples / batch⌉: as many steps as `epochs` passes over the examples take.
    public static func steps(epochs: Int, examples: Int, batch: Int) -> Int {
        (epochs * examples + batch - 1) / batch
    }

    /// The same plan for a later part of a model, which is given square planes of `numbers` numbers altogether.
    public func behind(_ part: Graph, given numbers: Int) -> TrainingPlan {
        var plan = self
        (plan.size, plan.frozen) = (Int(Double(numbers / part.inputChannels).squareRoot().rounded()), nil)
        return plan
    }

    /// What the learning rate is multiplied by, 0 … 1.
    /// - Parameter step: counted from 0.
    func share(at step: Int) -> Double {
        guard step >= warmUp else { return Double(step + 1) / Double(warmUp) }
        let (step, steps) = (step - warmUp, steps - warmUp)
        return switch schedule {
        case .cosine: 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
        case .step: pow(0.1, Double(3 * step / steps))
        case .constant: 1
        }
    }

    /// - Parameter step: counted from 0.
    public func learningRate(at step: Int) -> Double { learningRate * share(at: step) }

    /// Whether a run with such a history has waited long enough for a smaller loss.
    func hasStalled(_ history: [EpochReport]) -> Bool {
        guard patience > 0, let best = history.indices.min(by: { history[$0].loss < history[$1].loss }) else {
            return false
        }
        return history.count - 1 - best >= patience
    }

    /// - Throws: ``LearningError`` (`settings`) naming the first value out of range.
    func check() throws(LearningError) {
        let trunkRate = trunkLearningRate ?? learningRate
        let rules: [(String, Bool, String)] = [
            ("an image size of \(size)", (1...4096).contains(size), "1 to 4096"),
            ("a batch of \(batch)", (1...4096).contains(batch), "1 to 4096"),
            ("\(steps) steps", (1...1_000_000_000).contains(steps), "1 to 1000000000"),
            ("a learning rate of \(learningRate)", learningRate > 0 && learningRate.isFinite, "a number above 0"),
            ("a trunk's learning rate of \(trunkRate)", trunkRate > 0 && trunkRate.isFinite, "a number above 0"),
            (
                "a warm-up of \(warmUp) of \(steps) steps", (0..<max(steps, 1)).contains(warmUp),
                "fewer steps than there are"
            ),
            ("a momentum of \(momentum)", (0..<1).contains(momentum), "0 to below 1"),
            ("a weight decay of \(weightDecay)", weightDecay >= 0 && weightDecay.isFinite, "0 or more"),
            ("a label smoothing of \(labelSmoothing)", (0..<1).contains(labelSmoothing), "0 to below 1"),
            ("a patience of \(patience) epochs", patience >= 0, "0 or more"),
        ]
        if let (what, _, range) = rules.first(where: { !$0.1 }) {
            throw LearningError(.settings, "the training plan has \(what)", next: "give \(range)")
        }
    }
}
