import Core
import Documents

/// Reads the recipe's `train`.
enum TrainingReader {
    private static let keys = [
        "model", "weights", "freeze", "epochs", "batch", "augment", "views", "optimizer", "learning_rate",
        "trunk_learning_rate", "momentum", "weight_decay",
        "decay", "schedule", "warm_up", "label_smoothing", "patience",
    ]

    static func read(_ reader: YAMLReader?) -> Recipe.Training {
        guard let members = reader?.members(allowed: keys) else { return Recipe.Training() }
        let model: Name<Model>? = members["model"]?.name()
        var training = Recipe.Training(
            model: model?.text ?? Recipe.Training().model, weights: members["weights"].flatMap(source),
            freeze: members["freeze"].flatMap(layer))
        training.trunkLearningRate = members["trunk_learning_rate"].flatMap(rate)
        holdTogether(training, members)
        // A rate is of use to one optimizer alone, and says how much of a warm-up it takes: who names one is not given what belongs to another.
        if members["learning_rate"] != nil {
            (training.optimizer, training.warmUp, training.weightDecay) = (.sgd, 0, Recipe.Training().weightDecay)
        }
        training.epochs = members["epochs"]?.whole(in: 1...10_000) ?? training.epochs
        training.batch = members["batch"]?.whole(in: 1...4096) ?? training.batch
        training.augment = members["augment"]?.word() ?? training.augment
        training.views = members["views"]?.whole(in: 1...100) ?? training.views
        training.optimizer = members["optimizer"]?.word() ?? training.optimizer
        training.learningRate = members["learning_rate"].flatMap(rate) ?? training.learningRate
        training.momentum = members["momentum"].flatMap(share) ?? training.momentum
        training.weightDecay = members["weight_decay"].flatMap(share) ?? training.weightDecay
        training.decay = members["decay"]?.word() ?? training.decay
        training.schedule = members["schedule"]?.word() ?? training.schedule
        training.warmUp = members["warm_up"]?.whole(in: 0...10_000) ?? min(training.warmUp, training.epochs - 1)
        if training.warmUp >= training.epochs {
            members["warm_up"]?.complain("\(training.warmUp) epochs of warm-up leave nothing of \(training.epochs)")
        }
        training.labelSmoothing = members["label_smoothing"].flatMap(share) ?? training.labelSmoothing
        training.patience = members["patience"]?.whole(in: 0...10_000) ?? training.patience
        return training
    }

    /// Complains of what each key allows and all together do not.
    private static func holdTogether(_ training: Recipe.Training, _ members: [String: YAMLReader]) {
        if training.weights == Recipe.Training.face, training.model != Recipe.Training.faceModel {
            members["weights"]?.complain(
                "face is what \(Recipe.Training.faceModel) knows; \(training.model) needs a file of its own, or none")
        }
        if training.weights == Recipe.Training.none, training.freeze != Recipe.Training.none {
            members["freeze"]?.complain("layers without weights cannot stay as they are: name weights")
        }
        if training.freeze == Recipe.Training.trunk {
            members["trunk_learning_rate"]?.complain("a frozen trunk has no learning rate")
        }
    }

    /// Where weights come from.
    private static func source(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        if [Recipe.Training.none, Recipe.Training.face].contains(text) || isFileName(text) { return text }
        reader.complain(
            "\"\(text.prefix(80))\" is no source of weights. Allowed: none, face, or the name of a file such as vggface.safetensors, without folders"
        )
        return nil
    }

    /// What stays as it is.
    private static func layer(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        if text.count <= 80, !text.isEmpty,
            text.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") })
        {
            return text
        }
        reader.complain(
            "\"\(text.prefix(80))\" is no part of a model. Allowed: none, trunk, or a layer's name such as layer3")
        return nil
    }

    private static func isFileName(_ text: String) -> Bool {
        text.hasSuffix(".safetensors") && text.count <= 120 && !text.hasPrefix(".")
            && text.utf8.allSatisfy {
                isLetterOrDigit($0) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func rate(_ reader: YAMLReader) -> ExactDecimal? {
        reader.decimal("above 0, at most 100") { $0 > .zero && $0 <= ExactDecimal(units: 100, places: 0) }
    }

    private static func share(_ reader: YAMLReader) -> ExactDecimal? {
        reader.decimal("from 0 up to but not 1") { $0 >= .zero && $0 < .one }
    }
}

/// Names a model; which ones there are is the trainer's to say.
enum Model {}
