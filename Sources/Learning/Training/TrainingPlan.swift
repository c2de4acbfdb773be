import Foundation

/// Everything that decides a training but the model and the examples.
public struct TrainingPlan: Hashable, Sendable, Codable {
    public enum Schedule: String, Sendable, Codable, CaseIterable {
        /// lr · ½(1 + cos(π·step/steps)) at step 0 … steps − 1 (Loshchilov and Hutter, "SGDR", 2017, eq. 5, without restarts).
        case cosine
        case constant
    }

    /// Pixels a side.
    public var size: Int
    /// Images a step.
    public var batch: Int
    /// Optimizer steps of the whole run.
    public var steps: Int
    /// At the first step.
    public var learningRate: Double
    public var schedule: Schedule
    public var momentum: Double
    public var weightDecay: Double
    public var augmentation: Augmentation
    /// What initial weights, order and augmentation are drawn from.
    public var seed: Int

    public init(size: Int, batch: Int = 32, steps: Int, learningRate: Double = 0.05, schedule: Schedule = .cosine, momentum: Double = 0.9,
                weightDecay: Double = 5e-4, augmentation: Augmentation = .none, seed: Int) {
        (self.size, self.batch, self.steps, self.learningRate, self.schedule) = (size, batch, steps, learningRate, schedule)
        (self.momentum, self.weightDecay, self.augmentation, self.seed) = (momentum, weightDecay, augmentation, seed)
    }

    /// ⌈epochs · examples / batch⌉: as many steps as `epochs` passes over the examples take.
    public static func steps(epochs: Int, examples: Int, batch: Int) -> Int {
        (epochs * examples + batch - 1) / batch
    }

    /// - Parameter step: counted from 0.
    public func learningRate(at step: Int) -> Double {
        switch schedule {
        case .cosine: learningRate * 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
        case .constant: learningRate
        }
    }

    /// - Throws: ``LearningError`` (`settings`) naming the first value out of range.
    func check() throws(LearningError) {
        let rules: [(String, Bool, String)] = [
            ("an image size of \(size)", (1...4096).contains(size), "1 to 4096"),
            ("a batch of \(batch)", (1...4096).contains(batch), "1 to 4096"),
            ("\(steps) steps", (1...1_000_000_000).contains(steps), "1 to 1000000000"),
            ("a learning rate of \(learningRate)", learningRate > 0 && learningRate.isFinite, "a number above 0"),
            ("a momentum of \(momentum)", (0..<1).contains(momentum), "0 to below 1"),
            ("a weight decay of \(weightDecay)", weightDecay >= 0 && weightDecay.isFinite, "0 or more"),
        ]
        if let (what, _, range) = rules.first(where: { !$0.1 }) {
            throw LearningError(.settings, "the training plan has \(what)", next: "give \(range)")
        }
    }
}
