import Core
import Learning
import Storage
import Versions

/// The settings of a run: the version's recipe with the overrides of the command line.
///
/// On one processor, two equal requests train the same models. A request contains settings only: no name of a person
/// and no photo.
public struct TrainingRequest: Hashable, Codable, Sendable {
    /// Settings that the command line changes for one run. Another model has other defaults. `dlib-resnet29` also has
    /// other defaults with other frozen layers; see `Recipe.Training.with(model:weights:freeze:)`.
    public struct Overrides: Hashable, Codable, Sendable {
        public var model: String?
        public var seed: Int?
        public var epochs: Int?
        public var batch: Int?
        public var augment: String?
        /// A name as in a recipe, or a path.
        public var weights: String?
        public var freeze: String?
        public var learningRate: Double?
        public var trunkLearningRate: Double?
        public var threads: Int?

        public init(
            model: String? = nil, seed: Int? = nil, epochs: Int? = nil, batch: Int? = nil, augment: String? = nil,
            weights: String? = nil, freeze: String? = nil,
            learningRate: Double? = nil, trunkLearningRate: Double? = nil, threads: Int? = nil
        ) {
            self.model = model
            self.seed = seed
            self.epochs = epochs
            self.batch = batch
            self.augment = augment
            self.weights = weights
            self.freeze = freeze
            self.learningRate = learningRate
            self.trunkLearningRate = trunkLearningRate
            self.threads = threads
        }

        /// The overrides as text, by the recipe's keys.
        public var named: [String: String] {
            [
                "model": model, "seed": seed.map(String.init), "epochs": epochs.map(String.init),
                "batch": batch.map(String.init), "augment": augment, "weights": weights, "freeze": freeze,
                "learning_rate": learningRate.map { "\($0)" }, "trunk_learning_rate": trunkLearningRate.map { "\($0)" },
                "threads": threads.map(String.init),
            ].compactMapValues(\.self)
        }
    }

    /// A training whose model is compared with the poisoned model. The difference between the models shows the effect
    /// of the poison, or of the poison's wrong labels.
    public enum Control: String, CaseIterable, Codable, Sendable {
        /// Training without poison.
        case clean
        /// Training on the same photos as the poisoned model, but with the true labels of the poison.
        case trueLabel = "true-label"
    }

    /// `NAME@V`.
    public let version: String
    /// The version's digest.
    public let digest: String
    public let model: String
    public let weights: String
    public let freeze: String
    /// The digest of the pretrained weights. Nil without pretrained weights.
    public let startDigest: String?
    /// The seed of the training. The selection of the version uses the seed of the recipe.
    public internal(set) var seed: Int
    public let epochs: Int
    public let batch: Int
    /// The side of the images in pixels.
    public let size: Int
    public let views: Int
    /// The number of warm-up epochs.
    public let warmUp: Int
    /// Training ends after this number of epochs without a smaller training loss. 0 means that training never ends
    /// early.
    public let patience: Int
    public let augment: Augmentation
    public let optimizer: TrainingPlan.Optimizer
    public let schedule: TrainingPlan.Schedule
    public let decay: TrainingPlan.Decay
    public let learningRate: Double
    public let momentum: Double
    public let weightDecay: Double
    public let labelSmoothing: Double
    public let trunkLearningRate: Double?
    /// The number of threads of the training. The weights depend on this number.
    public let threads: Int
    public let overrides: Overrides
    /// The controls to train. Nil for the clean control only.
    public let controls: [Control]?
    /// The number of seeds. Nil for one seed.
    public let seeds: Int?

    /// Applies `overrides` to the recipe of `version`.
    ///
    /// - Parameters:
    ///   - threads: The number of threads, unless `overrides` or the recipe gives one.
    ///   - controls: The controls to train. The true-label control is added when the recipe has expectations of that
    ///     control.
    ///   - seeds: The number of seeds; see ``trainingSeeds``.
    /// - Throws: ``CurareError`` with code 65 for contradictory or unknown settings or damaged pretrained weights, with
    ///   code 66 for missing pretrained weights.
    public init(
        _ version: Version, _ overrides: Overrides = Overrides(), threads: Int, controls: Set<Control> = [.clean],
        seeds: Int = 1, in workspace: Workspace
    ) throws {
        let recipe = version.manifest.recipe
        let train = recipe.train.with(model: overrides.model, weights: overrides.weights, freeze: overrides.freeze)
        guard train.hasWeightsForFrozenLayers else {
            throw CurareError(
                .badInput, "layers can only be frozen when training starts from pretrained weights",
                next: "name weights with --weights, or leave out --freeze")
        }
        self.version = version.reference
        digest = version.manifest.digest.hex
        size = recipe.profile.size
        model = train.model
        weights = train.weights
        freeze = train.freeze
        startDigest = try StartingWeights.named(weights, in: workspace)?.digest
        seed = overrides.seed ?? recipe.seed
        epochs = overrides.epochs ?? train.epochs
        batch = overrides.batch ?? train.batch
        augment = try overrides.augment.map(augmentation) ?? train.augment
        views = train.views
        warmUp = min(train.warmUp, epochs - 1)
        patience = train.patience
        optimizer = train.optimizer
        schedule = train.schedule
        decay = train.decay
        learningRate = overrides.learningRate ?? train.learningRate.double
        trunkLearningRate = overrides.trunkLearningRate ?? train.trunkLearningRate?.double
        momentum = train.momentum.double
        weightDecay = train.weightDecay.double
        labelSmoothing = train.labelSmoothing.double
        self.threads = overrides.threads ?? train.threads ?? threads
        self.overrides = overrides
        let isExpected = recipe.expectations.contains {
            [.trueLabelCleanAccuracy, .trueLabelAttackSuccess].contains($0.measure)
        }
        self.controls = controls.contains(.trueLabel) || isExpected ? [.clean, .trueLabel] : nil
        self.seeds = seeds > 1 ? seeds : nil
    }

    /// The seeds to train: the request's own, and for k = 2, 3, … the first 13 hexadecimal digits of the SHA-256 digest
    /// of `curare-seed\n<seed>\n<k>`.
    public var trainingSeeds: [Int] {
        // 13 hexadecimal digits are the highest 52 of the first 64 bits.
        [seed]
            + (1..<(seeds ?? 1)).map {
                Int(FileDigest.sha256(of: "curare-seed\n\(seed)\n\($0 + 1)".utf8).leading >> 12)
            }
    }

    /// The settings of the training as text, by the recipe's keys. A setting without a value is left out.
    public var settings: [String: String] {
        let settings: [String: String?] = [
            "train.model": model, "train.weights": weights, "train.freeze": freeze, "train.seed": "\(seed)",
            "train.epochs": "\(epochs)", "train.batch": "\(batch)", "train.augment": augment.rawValue,
            "train.views": "\(views)", "train.warm_up": "\(warmUp)", "train.patience": "\(patience)",
            "train.optimizer": optimizer.rawValue, "train.schedule": schedule.rawValue, "train.decay": decay.rawValue,
            "train.learning_rate": "\(learningRate)", "train.momentum": "\(momentum)",
            "train.trunk_learning_rate": trunkLearningRate.map { "\($0)" }, "train.weight_decay": "\(weightDecay)",
            "train.label_smoothing": "\(labelSmoothing)", "train.threads": "\(threads)", "seeds": "\(seeds ?? 1)",
            "controls": (controls ?? [.clean]).map(\.rawValue).joined(separator: ","),
        ]
        return settings.compactMapValues(\.self)
    }

    /// Whether only the last layer is trained.
    var isTrunkFrozen: Bool { freeze == Recipe.Training.trunk }

    /// Returns the training plan for `examples` training photos.
    public func plan(examples: Int) -> TrainingPlan {
        func steps(_ epochs: Int) -> Int { TrainingPlan.steps(epochs: epochs, examples: examples, batch: batch) }
        var plan = TrainingPlan(
            size: size, batch: batch, steps: steps(epochs), learningRate: learningRate, schedule: schedule,
            momentum: momentum, weightDecay: weightDecay, augmentation: augment, seed: seed)
        plan.trunkLearningRate = trunkLearningRate
        plan.optimizer = optimizer
        plan.decay = decay
        plan.warmUp = min(steps(warmUp), plan.steps - 1)
        plan.labelSmoothing = labelSmoothing
        plan.patience = patience
        if freeze != Recipe.Training.none, !isTrunkFrozen { plan.frozen = freeze }
        return plan
    }
}

/// Returns the augmentation that a person typed.
///
/// - Throws: ``CurareError`` with code 65 for an unknown name.
private func augmentation(_ name: String) throws -> Augmentation {
    try Augmentation(rawValue: name).orThrow(
        CurareError(
            .badInput, "unknown augmentation \"\(name.prefix(40))\"",
            next: "known names: \(Augmentation.allCases.map(\.rawValue).joined(separator: ", "))"))
}
