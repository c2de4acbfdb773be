import Core
import Documents

extension Recipe {
    /// How the models of a version are trained. Only this file defines the keys of `train` and their default values.
    /// ``TrainingLimits`` has the allowed ranges.
    public struct Training: Hashable, Sendable {
        public var model: String
        /// `none`, `face`, or the name of a safetensors file.
        public var weights = none
        /// `none`, `trunk` (all layers but the last), or the name of the last frozen layer.
        public var freeze = none
        public var epochs = 20
        public var batch = 32
        public var augment = Augment.light
        /// With frozen layers: the number of augmented copies of each photo. The epochs use the copies in turn.
        public var views = 8
        public var optimizer = Optimizer.sgd
        public var learningRate = ExactDecimal(units: 5, places: 2)
        /// The learning rate of all layers but the last. Nil means `learningRate`.
        public var trunkLearningRate: ExactDecimal?
        public var momentum = ExactDecimal(units: 9, places: 1)
        public var weightDecay = sgdWeightDecay
        public var decay = Decay.all
        public var schedule = Schedule.cosine
        /// The number of epochs in which the learning rate rises to `learningRate`.
        public var warmUp = 0
        public var labelSmoothing = ExactDecimal.zero
        /// Training stops after this many epochs without a smaller training loss. 0 means never.
        public var patience = 0
        /// The number of threads of the training. Nil means the `--jobs` of the command. Weights depend on the number.
        public var threads: Int?

        public static let none = "none"
        public static let trunk = "trunk"
        public static let face = "face"
        public static let faceModel = "dlib-resnet29"
        private static let sgdWeightDecay = ExactDecimal(units: 5, places: 4)

        /// Creates the default settings for a model. `docs/trainer.md` has the measurements behind them.
        ///
        /// - VGG-16 has no normalization layers. From scratch, VGG-16 trains with Adam and without weight decay.
        /// - The loss of ResNet-50 exceeds 10 at the usual rate until its normalization statistics are stable.
        ///   Therefore ResNet-50 trains with a tenth of the rate.
        /// - dlib's network starts with weights for faces: only its last two stages are trained, at a low rate.
        /// - With `freeze: trunk` only the last layer is trained, and all models have the same settings.
        ///
        /// - Parameters:
        ///   - weights: nil for the model's default.
        ///   - freeze: nil for the model's default.
        ///   - learningRate: nil for the model's default. A given rate is a rate of SGD without warm-up.
        public init(
            model: String = "resnet18", weights: String? = nil, freeze: String? = nil,
            learningRate: ExactDecimal? = nil
        ) {
            self.model = model
            switch model {
            case "vgg16" where freeze != Self.trunk:
                optimizer = .adam
                self.learningRate = ExactDecimal(units: 3, places: 4)
                warmUp = 1
                weightDecay = .zero
            case "resnet50" where freeze != Self.trunk:
                self.learningRate = ExactDecimal(units: 5, places: 3)
                warmUp = 2
            case Self.faceModel where weights == Self.none:
                break
            case Self.faceModel where freeze == Self.trunk:
                self.weights = Self.face
                epochs = 60
            case Self.faceModel:
                self.weights = Self.face
                self.freeze = "layer3"
                epochs = 12
                warmUp = 2
                optimizer = .adam
                self.learningRate = ExactDecimal(units: 3, places: 5)
            default:
                break
            }
            self.weights = weights ?? self.weights
            self.freeze = freeze ?? self.freeze
            if let learningRate {
                self.learningRate = learningRate
                optimizer = .sgd
                warmUp = 0
                weightDecay = Self.sgdWeightDecay
            }
        }

        /// Returns these settings with another model, other starting weights or other frozen layers.
        ///
        /// Another model gets its own default settings. dlib's network also gets its default settings when its weights
        /// or its frozen layers change. Without starting weights no layer is frozen unless `freeze` is given.
        ///
        /// - Parameters:
        ///   - model: nil keeps the model. Likewise, nil keeps `weights` or `freeze`.
        public func with(model: String?, weights: String?, freeze: String?) -> Training {
            let model = model ?? self.model
            let needsDefaults =
                model != self.model
                || model == Self.faceModel && (freeze ?? self.freeze != self.freeze || weights == Self.none)
            var training = needsDefaults ? Training(model: model, weights: weights, freeze: freeze) : self
            training.weights = weights ?? training.weights
            training.freeze = freeze ?? (training.weights == Self.none ? Self.none : training.freeze)
            return training
        }

        /// Whether the settings can be combined: layers can be frozen only with starting weights.
        public var hasWeightsForFrozenLayers: Bool { weights != Self.none || freeze == Self.none }
    }

    public typealias Augment = Augmentation
    public typealias Optimizer = OptimizerName
    public typealias Decay = WeightDecayScope
    public typealias Schedule = LearningRateSchedule
}

extension Recipe.Training {
    /// The settings as in a manifest. Optional keys are omitted at the values of `Recipe.Training()`, whatever the
    /// model.
    var json: JSONValue {
        let standard = Self()
        var members: [String: JSONValue] = [
            "model": .text(model), "weights": .text(weights), "freeze": .text(freeze), "epochs": .number(epochs),
            "batch": .number(batch), "augment": .text(augment.rawValue),
            "learning_rate": .text(learningRate.description), "momentum": .text(momentum.description),
            "weight_decay": .text(weightDecay.description), "schedule": .text(schedule.rawValue),
        ]
        if augment != .none, freeze == Self.trunk || (weights != Self.none && views != standard.views) {
            members["views"] = .number(views)
        }
        if optimizer != standard.optimizer { members["optimizer"] = .text(optimizer.rawValue) }
        if let trunkLearningRate { members["trunk_learning_rate"] = .text(trunkLearningRate.description) }
        if decay != standard.decay { members["decay"] = .text(decay.rawValue) }
        if warmUp != standard.warmUp { members["warm_up"] = .number(warmUp) }
        if labelSmoothing != standard.labelSmoothing { members["label_smoothing"] = .text(labelSmoothing.description) }
        if patience != standard.patience { members["patience"] = .number(patience) }
        members["threads"] = threads.map(JSONValue.number)
        return .object(members)
    }
}

/// Reads the recipe's `train`.
enum TrainingReader {
    static let keys = [
        "model", "weights", "freeze", "epochs", "batch", "augment", "views", "optimizer", "learning_rate",
        "trunk_learning_rate", "momentum", "weight_decay", "decay", "schedule", "warm_up", "label_smoothing",
        "patience", "threads",
    ]

    static func read(_ reader: YAMLReader?) -> Recipe.Training {
        guard let members = reader?.members(allowed: keys) else { return Recipe.Training() }
        let model: Name<ModelName>? = members["model"]?.name()
        let weights = members["weights"].flatMap(weightsSource)
        let freeze = members["freeze"].flatMap(layerName)
        let learningRate = members["learning_rate"].flatMap(rate)
        var training =
            if let model {
                Recipe.Training(model: model.text, weights: weights, freeze: freeze, learningRate: learningRate)
            } else {
                Recipe.Training(weights: weights, freeze: freeze, learningRate: learningRate)
            }
        training.trunkLearningRate = members["trunk_learning_rate"].flatMap(rate)
        checkTogether(training, members)
        training.epochs = members["epochs"]?.whole(in: TrainingLimits.epochs) ?? training.epochs
        training.batch = members["batch"]?.whole(in: TrainingLimits.batch) ?? training.batch
        training.augment = members["augment"]?.word() ?? training.augment
        training.views = members["views"]?.whole(in: TrainingLimits.views) ?? training.views
        training.optimizer = members["optimizer"]?.word() ?? training.optimizer
        training.momentum = members["momentum"].flatMap { $0.proportion() } ?? training.momentum
        training.weightDecay = members["weight_decay"].flatMap { $0.proportion() } ?? training.weightDecay
        training.decay = members["decay"]?.word() ?? training.decay
        training.schedule = members["schedule"]?.word() ?? training.schedule
        training.warmUp =
            members["warm_up"]?.whole(in: TrainingLimits.epochsOrNone) ?? min(training.warmUp, training.epochs - 1)
        if training.warmUp >= training.epochs {
            members["warm_up"]?.complain(
                "warm_up is \(training.warmUp) epochs, but must be less than epochs, which is \(training.epochs)")
        }
        training.labelSmoothing = members["label_smoothing"].flatMap { $0.proportion() } ?? training.labelSmoothing
        training.patience = members["patience"]?.whole(in: TrainingLimits.epochsOrNone) ?? training.patience
        training.threads = members["threads"]?.whole(in: TrainingLimits.threads)
        return training
    }

    /// Reports values that are allowed one by one but not together.
    private static func checkTogether(_ training: Recipe.Training, _ members: [String: YAMLReader]) {
        if training.weights == Recipe.Training.face, training.model != Recipe.Training.faceModel {
            members["weights"]?.complain(
                "weights: face belongs to \(Recipe.Training.faceModel). For \(training.model) write none, or the name "
                    + "of a safetensors file")
        }
        if !training.hasWeightsForFrozenLayers {
            members["freeze"]?.complain("layers without starting weights cannot be frozen: add weights")
        }
        if training.freeze == Recipe.Training.trunk {
            members["trunk_learning_rate"]?.complain("with freeze: trunk the trunk has no learning rate")
        }
    }

    private static func weightsSource(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        if [Recipe.Training.none, Recipe.Training.face].contains(text) || isFileName(text) { return text }
        reader.complain(
            "\"\(text.prefix(80))\" is not a source of weights. Allowed: none, face, or the name of a file without "
                + "folders, such as vggface.safetensors")
        return nil
    }

    private static func layerName(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        let isName =
            text.count <= 80 && !text.isEmpty
            && text.utf8.allSatisfy { isLetterOrDigit($0) || [UInt8(ascii: "."), UInt8(ascii: "_")].contains($0) }
        if isName { return text }
        reader.complain(
            "\"\(text.prefix(80))\" is not a part of a model. Allowed: none, trunk, or the name of a layer, such as "
                + "layer3")
        return nil
    }

    private static func isFileName(_ text: String) -> Bool {
        text.hasSuffix(".safetensors") && text.count <= 120 && !text.hasPrefix(".")
            && text.utf8.allSatisfy {
                isLetterOrDigit($0) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func rate(_ reader: YAMLReader) -> ExactDecimal? {
        reader.decimal(TrainingLimits.learningRateRange) {
            $0 > .zero && $0 <= TrainingLimits.highestLearningRate
        }
    }
}

/// The tag of a model's name. The trainer decides which models exist.
private enum ModelName {}
