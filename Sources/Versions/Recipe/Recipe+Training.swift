import Core
import Documents

extension Recipe {
    /// How a version is to be trained. What a recipe leaves out hangs on the model: see ``init(model:weights:freeze:)``.
    public struct Training: Hashable, Sendable {
        public var model: String
        /// `none`, `face`, or the name of a safetensors file.
        public var weights = none
        /// `none`, `trunk` (all but the last layer), or the last layer that stays as it is.
        public var freeze = none
        public var epochs = 20
        public var batch = 32
        public var augment = Augment.light
        /// Seeded drawings of the augmentation that a frozen trunk looks at.
        public var views = 8
        public var optimizer = Optimizer.sgd
        public var learningRate = ExactDecimal(units: 5, places: 2)
        /// Of all layers but the last; nil: the same.
        public var trunkLearningRate: ExactDecimal?
        public var momentum = ExactDecimal(units: 9, places: 1)
        public var weightDecay = ExactDecimal(units: 5, places: 4)
        public var decay = Decay.all
        public var schedule = Schedule.cosine
        /// Epochs in which the rate rises to the learning rate.
        public var warmUp = 0
        public var labelSmoothing = ExactDecimal.zero
        /// Epochs without a smaller training loss after which training ends; 0: never.
        public var patience = 0

        public static let none = "none"
        public static let trunk = "trunk"
        public static let face = "face"
        public static let faceModel = "dlib-resnet29"

        /// What works for `model`: VGG-16, which normalizes nothing, learns from scratch with Adam and without weight decay; ResNet-50 wants a tenth of the others' rate, since its loss
        /// is beyond 10 otherwise until its norms have settled; dlib's network brings what it knows of faces, and its last two stages are trained, carefully. Where `freeze` leaves
        /// the last layer alone to train, all take the same. The figures are in docs/trainer.md.
        public init(model: String = "resnet18", weights: String? = nil, freeze: String? = nil) {
            self.model = model
            switch model {
            case "vgg16" where freeze != Self.trunk:
                (optimizer, learningRate, warmUp, weightDecay) = (.adam, ExactDecimal(units: 3, places: 4), 1, .zero)
            case "resnet50" where freeze != Self.trunk:
                (learningRate, warmUp) = (ExactDecimal(units: 5, places: 3), 2)
            case Self.faceModel where weights == Self.none:
                break
            case Self.faceModel where freeze == Self.trunk:
                (self.weights, epochs) = (Self.face, 60)
            case Self.faceModel:
                (self.weights, self.freeze) = (Self.face, "layer3")
                (epochs, warmUp, optimizer, learningRate) = (12, 2, .adam, ExactDecimal(units: 3, places: 5))
            default:
                break
            }
            (self.weights, self.freeze) = (weights ?? self.weights, freeze ?? self.freeze)
        }

        /// This training with another model, start or frozen part, nil being its own. Another model comes with what works for it, and so does dlib's when something else of it stays
        /// as it is; what starts from nothing has nothing that could.
        public func with(model: String?, weights: String?, freeze: String?) -> Training {
            let model = model ?? self.model
            let isOther =
                model != self.model
                || model == Self.faceModel && (freeze ?? self.freeze != self.freeze || weights == Self.none)
            var training = isOther ? Training(model: model, weights: weights, freeze: freeze) : self
            training.weights = weights ?? training.weights
            training.freeze = freeze ?? (training.weights == Self.none ? Self.none : training.freeze)
            return training
        }
    }

    public enum Augment: String, CaseIterable, Sendable {
        case none, light, reference
    }

    public enum Optimizer: String, CaseIterable, Sendable {
        case sgd, nesterov, adam
    }

    /// What weight decay draws towards 0: all parameters, or neither biases nor norms.
    public enum Decay: String, CaseIterable, Sendable {
        case all, weights
    }

    public enum Schedule: String, CaseIterable, Sendable {
        case cosine, step, constant
    }
}

extension Recipe.Training {
    /// As it stands in a manifest. Keys that came later stand there only where they say something: a recipe that does not name them gives the manifest that it always gave.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "model": .text(model), "weights": .text(weights), "freeze": .text(freeze), "epochs": .number(epochs),
            "batch": .number(batch), "augment": .text(augment.rawValue),
            "learning_rate": .text(learningRate.description), "momentum": .text(momentum.description),
            "weight_decay": .text(weightDecay.description), "schedule": .text(schedule.rawValue),
        ]
        if augment != .none, freeze == Self.trunk || (weights != Self.none && views != Self().views) {
            members["views"] = .number(views)
        }
        if optimizer != .sgd { members["optimizer"] = .text(optimizer.rawValue) }
        if let trunkLearningRate { members["trunk_learning_rate"] = .text(trunkLearningRate.description) }
        if decay != .all { members["decay"] = .text(decay.rawValue) }
        if warmUp > 0 { members["warm_up"] = .number(warmUp) }
        if labelSmoothing > .zero { members["label_smoothing"] = .text(labelSmoothing.description) }
        if patience > 0 { members["patience"] = .number(patience) }
        return .object(members)
    }
}
