import Core
import Foundation

/// All settings of a training except the model and the examples.
public struct TrainingPlan: Hashable, Sendable, Codable {
    public typealias Schedule = LearningRateSchedule
    public typealias Optimizer = OptimizerName
    public typealias Decay = WeightDecayScope

    /// The allowed width and height of images, in pixels.
    static let sizes = 1...4096

    /// Width and height of the images, in pixels.
    public var size: Int
    /// Images in a step.
    public var batch: Int
    /// Optimizer steps of the whole run.
    public var steps: Int
    /// Learning rate at the first step after the warm-up.
    public var learningRate: Double
    /// Learning rate of all layers except the last. Nil for ``learningRate``.
    public var trunkLearningRate: Double?
    public var schedule: Schedule
    /// Steps of linear warm-up from 0 to the learning rate, before the schedule begins.
    public var warmUp = 0
    public var optimizer = Optimizer.sgd
    /// SGD's momentum; Adam's β₁.
    public var momentum: Double
    public var weightDecay: Double
    public var decay = Decay.all
    /// The part of the target probability that is spread evenly over all classes.
    public var labelSmoothing = 0.0
    /// The run ends early after this number of epochs without a smaller training loss. 0 means that the run never ends
    /// early.
    public var patience = 0
    /// The name of the last frozen layer. All layers before this layer are frozen too. Nil to train all layers.
    public var frozen: String?
    public var augmentation: Augmentation
    /// Seed of initial weights, order and augmentation.
    public var seed: Int

    public init(
        size: Int, batch: Int = 32, steps: Int, learningRate: Double = 0.05, schedule: Schedule = .cosine,
        momentum: Double = 0.9,
        weightDecay: Double = 5e-4, augmentation: Augmentation = .none, seed: Int
    ) {
        self.size = size
        self.batch = batch
        self.steps = steps
        self.learningRate = learningRate
        self.schedule = schedule
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.augmentation = augmentation
        self.seed = seed
    }

    /// Returns ⌈epochs · examples / batch⌉: the steps of `epochs` passes over the examples.
    public static func steps(epochs: Int, examples: Int, batch: Int) -> Int {
        (epochs * examples + batch - 1) / batch
    }

    /// Returns the number of finished epochs if step `step` ends an epoch or the training; nil otherwise.
    ///
    /// - Parameter step: counted from 1.
    func finishedEpochs(atEndOf step: Int, examples: Int) -> Int? {
        let epochs = step * batch / examples
        return epochs > (step - 1) * batch / examples || step == steps ? epochs : nil
    }

    /// Returns the plan for a later part of a model, whose input is square feature maps of `numbers` values for each
    /// example.
    public func behind(_ part: Graph, given numbers: Int) -> TrainingPlan {
        var plan = self
        plan.size = Int(Double(numbers / part.inputChannels).squareRoot().rounded())
        plan.frozen = nil
        return plan
    }

    /// Returns the factor of the learning rate, 0 … 1.
    /// - Parameter step: counted from 0.
    func factor(at step: Int) -> Double {
        guard step >= warmUp else { return Double(step + 1) / Double(warmUp) }
        let step = step - warmUp
        let steps = steps - warmUp
        return switch schedule {
        case .cosine: 0.5 * (1 + cos(.pi * Double(step) / Double(steps)))
        case .step: pow(0.1, Double(3 * step / steps))
        case .constant: 1
        }
    }

    /// - Parameter step: counted from 0.
    public func learningRate(at step: Int) -> Double { learningRate * factor(at: step) }

    /// Whether the loss has not improved for the plan's patience.
    func hasStalled(_ history: [EpochReport]) -> Bool {
        guard patience > 0, let best = history.indices.min(by: { history[$0].loss < history[$1].loss }) else {
            return false
        }
        return history.count - 1 - best >= patience
    }

    /// - Throws: ``LearningError`` (`settings`) with the first setting that is out of range.
    func check() throws(LearningError) {
        let trunkRate = trunkLearningRate ?? learningRate
        let rules: [(String, Bool, String)] = [
            ("an image size of \(size)", Self.sizes.contains(size), Self.sizes.bounds),
            ("a batch of \(batch)", TrainingLimits.batch.contains(batch), TrainingLimits.batch.bounds),
            ("\(steps) steps", (1...1_000_000_000).contains(steps), "1 to 1000000000"),
            ("a learning rate of \(learningRate)", learningRate > 0 && learningRate.isFinite, "a number above 0"),
            ("a trunk learning rate of \(trunkRate)", trunkRate > 0 && trunkRate.isFinite, "a number above 0"),
            (
                "a warm-up of \(warmUp) of its \(steps) steps", (0..<max(steps, 1)).contains(warmUp),
                "fewer than the number of steps"
            ),
            ("a momentum of \(momentum)", (0..<1).contains(momentum), "0 to below 1"),
            ("a weight decay of \(weightDecay)", weightDecay >= 0 && weightDecay.isFinite, "0 or more"),
            ("a label smoothing of \(labelSmoothing)", (0..<1).contains(labelSmoothing), "0 to below 1"),
            ("a patience of \(patience) epochs", patience >= 0, "0 or more"),
        ]
        if let (setting, _, range) = rules.first(where: { !$0.1 }) {
            throw LearningError(.settings, "the training plan has \(setting)", nextStep: "use \(range)")
        }
    }
}

extension OptimizerName {
    /// Values that the optimizer stores for each parameter.
    var moments: Int { self == .adam ? 2 : 1 }
}
