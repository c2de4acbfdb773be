import Catalog
import Learning
import Versions

/// What a run is asked to train: a version's recipe with what the command line overrides. Two requests that are equal train the same model.
public struct TrainingRequest: Hashable, Codable, Sendable {
    /// What a person may change for one run.
    public struct Overrides: Hashable, Codable, Sendable {
        public var model: String?
        public var seed: Int?
        public var epochs: Int?
        public var batch: Int?
        public var augment: String?

        public init(model: String? = nil, seed: Int? = nil, epochs: Int? = nil, batch: Int? = nil, augment: String? = nil) {
            (self.model, self.seed, self.epochs, self.batch, self.augment) = (model, seed, epochs, batch, augment)
        }

        /// By the recipe's keys.
        var named: [String: String] {
            ["model": model, "seed": seed.map(String.init), "epochs": epochs.map(String.init), "batch": batch.map(String.init), "augment": augment].compactMapValues(\.self)
        }
    }

    /// `NAME@V`
    public let version: String
    /// The version's digest.
    public let digest: String
    public let model: String
    public let seed, epochs, batch, size: Int
    public let augment, schedule: String
    public let learningRate, momentum, weightDecay: Double
    public let overrides: Overrides

    public init(_ version: Version, _ overrides: Overrides = Overrides()) {
        let recipe = version.manifest.recipe, train = recipe.train
        (self.version, digest, size) = (version.reference, version.manifest.digest.hex, recipe.profile.size)
        model = overrides.model ?? train.model
        seed = overrides.seed ?? recipe.seed
        epochs = overrides.epochs ?? train.epochs
        batch = overrides.batch ?? train.batch
        augment = overrides.augment ?? train.augment.rawValue
        schedule = train.schedule.rawValue
        (learningRate, momentum, weightDecay) = (train.learningRate.double, train.momentum.double, train.weightDecay.double)
        self.overrides = overrides
    }

    /// The trainer's plan for as many optimizer steps as `examples` take.
    ///
    /// - Throws: ``Refusal`` (65) for an augmentation that there is not.
    func plan(examples: Int) throws -> TrainingPlan {
        guard let augmentation = Augmentation(rawValue: augment) else {
            let known = Augmentation.allCases.map(\.rawValue)
            throw Refusal(.badInput, "there is no augmentation \"\(augment.prefix(40))\"", next: "there are: \(known.joined(separator: ", "))")
        }
        return TrainingPlan(size: size, batch: batch, steps: TrainingPlan.steps(epochs: epochs, examples: examples, batch: batch), learningRate: learningRate,
                            schedule: schedule == Recipe.Schedule.constant.rawValue ? .constant : .cosine, momentum: momentum, weightDecay: weightDecay,
                            augmentation: augmentation, seed: seed)
    }
}
