/// One named tensor of a model: torchvision's name, shape and initial values.
public struct Parameter: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Changed by the optimizer.
        case trained
        /// A running mean or variance: changed by the forward pass of training.
        case statistic
        /// `num_batches_tracked`: one 64-bit integer.
        case counter
    }

    /// What a tensor holds before the first step.
    public enum InitialValues: Hashable, Sendable {
        case constant(Float)
        /// Mean 0.
        case normal(deviation: Double)
        /// From −bound to bound.
        case uniform(bound: Double)
    }

    public let name: String
    public let shape: [Int]
    public let kind: Kind
    public let initial: InitialValues

    init(_ name: String, _ shape: [Int], _ kind: Kind = .trained, _ initial: InitialValues) {
        (self.name, self.shape, self.kind, self.initial) = (name, shape, kind, initial)
    }

    /// The layer that it belongs to: its name up to the last dot.
    var layer: String { name.split(separator: ".").dropLast().joined(separator: ".") }

    public var count: Int { shape.reduce(1, *) }
}
