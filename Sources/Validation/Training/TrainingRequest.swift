import Core
import Learning
import Storage
import Versions

/// What a run is asked to train: a version's recipe with what the command line overrides. Two requests that are equal train the same model.
public struct TrainingRequest: Hashable, Codable, Sendable {
    /// What a person may change for one run. Another model brings its own defaults for what hangs on the model, and so do other frozen layers of `dlib-resnet29`.
    public struct Overrides: Hashable, Codable, Sendable {
        public var model: String?
        public var seed: Int?
        public var epochs: Int?
        public var batch: Int?
        public var augment: String?
        /// As in a recipe, or a path.
        public var weights: String?
        public var freeze: String?
        public var learningRate: Double?
        public var trunkLearningRate: Double?

        public init(
            model: String? = nil, seed: Int? = nil, epochs: Int? = nil, batch: Int? = nil, augment: String? = nil,
            weights: String? = nil, freeze: String? = nil,
            learningRate: Double? = nil, trunkLearningRate: Double? = nil
        ) {
            (self.model, self.seed, self.epochs, self.batch, self.augment) = (model, seed, epochs, batch, augment)
            (self.weights, self.freeze, self.learningRate, self.trunkLearningRate) = (
                weights, freeze, learningRate, trunkLearningRate
            )
        }

        /// By the recipe's keys.
        var named: [String: String] {
            [
                "model": model, "seed": seed.map(String.init), "epochs": epochs.map(String.init),
                "batch": batch.map(String.init), "augment": augment, "weights": weights, "freeze": freeze,
                "learning_rate": learningRate.map { "\($0)" }, "trunk_learning_rate": trunkLearningRate.map { "\($0)" },
            ].compactMapValues(\.self)
        }
    }

    /// `NAME@V`
    public let version: String
    /// The version's digest.
    public let digest: String
    public let model: String
    public let weights, freeze: String
    /// Nil without weights.
    public let startDigest: String?
    /// The training's own; the version's selection has the recipe's.
    public internal(set) var seed: Int
    public let epochs, batch, size, views, warmUp, patience: Int
    public let augment, optimizer, schedule, decay: String
    public let learningRate, momentum, weightDecay, labelSmoothing: Double
    public let trunkLearningRate: Double?
    public let overrides: Overrides
    /// What the poisoned model is held against; nil is the clean control alone.
    public let controls: [Control]?
    /// How many seeds are trained; nil is 1.
    public let seeds: Int?

    /// A training that shows what the poisoned one owes to its poison.
    public enum Control: String, CaseIterable, Codable, Sendable {
        /// Without poison.
        case clean
        /// On the same photos, the poison under its true labels.
        case trueLabel = "true-label"
    }

    /// - Parameters:
    ///   - controls: the true-label control is trained, too, where the recipe expects something of it.
    ///   - seeds: see ``trainingSeeds``.
    /// - Throws: ``CurareError`` (66, 65) where the weights to start from cannot be read.
    public init(
        _ version: Version, _ overrides: Overrides = Overrides(), controls: Set<Control> = [.clean], seeds: Int = 1,
        in workspace: Workspace
    ) throws {
        let recipe = version.manifest.recipe
        let train = recipe.train.with(model: overrides.model, weights: overrides.weights, freeze: overrides.freeze)
        (self.version, digest, size) = (version.reference, version.manifest.digest.hex, recipe.profile.size)
        (model, weights, freeze) = (train.model, train.weights, train.freeze)
        guard weights != Recipe.Training.none || freeze == Recipe.Training.none else {
            throw CurareError(
                .badInput, "layers without weights cannot stay as they are",
                next: "name weights with --weights, or leave out --freeze")
        }
        startDigest = try StartingWeights.named(weights, in: workspace)?.digest
        seed = overrides.seed ?? recipe.seed
        epochs = overrides.epochs ?? train.epochs
        batch = overrides.batch ?? train.batch
        augment = overrides.augment ?? train.augment.rawValue
        (views, warmUp, patience) = (train.views, min(train.warmUp, epochs - 1), train.patience)
        (optimizer, schedule, decay) = (train.optimizer.rawValue, train.schedule.rawValue, train.decay.rawValue)
        learningRate = overrides.learningRate ?? train.learningRate.double
        trunkLearningRate = overrides.trunkLearningRate ?? train.trunkLearningRate?.double
        (momentum, weightDecay, labelSmoothing) = (
            train.momentum.double, train.weightDecay.double, train.labelSmoothing.double
        )
        self.overrides = overrides
        let isExpected = recipe.expectations.contains {
            [.trueLabelCleanAccuracy, .trueLabelAttackSuccess].contains($0.measure)
        }
        self.controls = controls.contains(.trueLabel) || isExpected ? [.clean, .trueLabel] : nil
        self.seeds = seeds > 1 ? seeds : nil
    }

    /// The seeds to train: the request's own, and for k = 2, 3, … the first 13 hex digits of the SHA-256 of `curare-seed\n<seed>\n<k>`.
    public var trainingSeeds: [Int] {
        [seed]
            + (1..<(seeds ?? 1)).map { k in
                Int(FileDigest.sha256(of: "curare-seed\n\(seed)\n\(k + 1)".utf8).hex.prefix(13), radix: 16) ?? k
            }
    }

    /// Whether the last layer alone is trained, on features that are computed once.
    var isTrunkFrozen: Bool { freeze == Recipe.Training.trunk }

    /// The trainer's plan for as many optimizer steps as `examples` take.
    ///
    /// - Throws: ``CurareError`` (65) for an augmentation that there is not.
    public func plan(examples: Int) throws -> TrainingPlan {
        guard let augmentation = Augmentation(rawValue: augment) else {
            let known = Augmentation.allCases.map(\.rawValue)
            throw CurareError(
                .badInput, "there is no augmentation \"\(augment.prefix(40))\"",
                next: "there are: \(known.joined(separator: ", "))")
        }
        func steps(_ epochs: Int) -> Int { TrainingPlan.steps(epochs: epochs, examples: examples, batch: batch) }
        var plan = TrainingPlan(
            size: size, batch: batch, steps: steps(epochs), learningRate: learningRate,
            schedule: TrainingPlan.Schedule(rawValue: schedule) ?? .cosine,
            momentum: momentum, weightDecay: weightDecay, augmentation: augmentation, seed: seed)
        plan.trunkLearningRate = trunkLearningRate
        plan.optimizer = TrainingPlan.Optimizer(rawValue: optimizer) ?? .sgd
        plan.decay = TrainingPlan.Decay(rawValue: decay) ?? .all
        (plan.warmUp, plan.labelSmoothing, plan.patience) = (
            min(steps(warmUp), plan.steps - 1), labelSmoothing, patience
        )
        if freeze != Recipe.Training.none, !isTrunkFrozen { plan.frozen = freeze }
        return plan
    }
}
