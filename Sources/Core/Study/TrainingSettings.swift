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
