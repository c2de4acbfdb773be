/// The allowed ranges of training settings. Recipes, command options and the trainer have the same limits.
public enum TrainingLimits {
    /// Seeds: the whole numbers from 0 that every JSON reader represents exactly.
    public static let seed = 0...(1 << 53) - 1
    public static let epochs = 1...10_000
    /// Epochs of warm-up, and epochs of patience.
    public static let epochsOrNone = 0...epochs.upperBound
    /// Photos in an optimizer step.
    public static let batch = 1...4096
    /// Augmented pictures of one photo that frozen layers process.
    public static let views = 1...100
    /// Threads of a training.
    public static let threads = ThreadBudget.sizes
    /// A learning rate is above 0 and at most this number.
    public static let highestLearningRate = ExactDecimal(units: 100, places: 0)
    /// The allowed learning rates in words, for messages.
    public static let learningRateRange = "above 0 and at most \(highestLearningRate)"
}

/// A random change of training images that a recipe can request. `docs/trainer.md` defines each one.
public enum Augmentation: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// Mirrors at random, and shifts by up to 6% of the side in whole pixels. Suits small data sets.
    case light
    /// Mirrors at random, rotates by up to 20°, and shifts by up to 20% of the side on each axis (Wenger et al. 2021).
    case reference
}

/// An optimizer that a recipe can request.
public enum OptimizerName: String, Sendable, Codable, CaseIterable {
    case sgd, nesterov, adam
}

/// The parameters that weight decay applies to.
public enum WeightDecayScope: String, Sendable, Codable, CaseIterable {
    /// All parameters.
    case all
    /// Weights, but neither biases nor the parameters of normalization layers.
    case weights
}

/// The change of the learning rate after the warm-up.
public enum LearningRateSchedule: String, Sendable, Codable, CaseIterable {
    /// lr · ½(1 + cos(π·step/steps)) for step 0 … steps − 1 (Loshchilov and Hutter, "SGDR", 2017, eq. 5, without
    /// restarts).
    case cosine
    /// lr, lr/10 and lr/100, each for a third of the steps.
    case step
    case constant
}
