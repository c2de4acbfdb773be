import ArgumentParser
import Core
import Validation

/// The options that replace a recipe's training settings for one run.
struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The network; default: from the recipe.", valueName: "m")) var model: String?
    @Option(help: ArgumentHelp("The seed of the training; default: from the recipe.", valueName: "s")) var seed: Int?
    @Option(help: ArgumentHelp("The number of epochs; default: from the recipe.", valueName: "e")) var epochs: Int?
    @Option(help: ArgumentHelp("Photos per optimizer step; default: from the recipe.", valueName: "b")) var batch: Int?
    @Option(
        help: ArgumentHelp(
            "The augmentation: none, light or reference; default: from the recipe.", valueName: "a"))
    var augment: String?
    @Option(
        help: ArgumentHelp(
            "The initial weights: none, face (for dlib-resnet29) or a safetensors file; default: from the recipe.",
            valueName: "w"), completion: .file(extensions: ["safetensors"]))
    var weights: String?
    @Option(
        help: ArgumentHelp(
            "The frozen layers, which are not trained: none, trunk (all except the last layer), or the name of the "
                + "last frozen layer; default: from the recipe.",
            valueName: "layer"))
    var freeze: String?
    @Option(help: ArgumentHelp("The learning rate; default: from the recipe.", valueName: "r"))
    var learningRate: Double?
    @Option(
        help: ArgumentHelp(
            "The learning rate of all layers except the last; default: from the recipe.", valueName: "r"))
    var trunkLearningRate: Double?
    @Option(
        help: ArgumentHelp(
            "The threads of the training. The weights depend on this number; default: from the recipe, else --jobs.",
            valueName: "n"))
    var threads: Int?

    func validate() throws {
        try OptionChecks.number(seed, in: TrainingLimits.seed, "--seed")
        try OptionChecks.number(epochs, in: TrainingLimits.epochs, "--epochs")
        try OptionChecks.number(batch, in: TrainingLimits.batch, "--batch")
        try OptionChecks.number(threads, in: TrainingLimits.threads, "--threads")
        let highest = TrainingLimits.highestLearningRate.double
        guard [learningRate, trunkLearningRate].compactMap(\.self).allSatisfy({ $0 > 0 && $0 <= highest }) else {
            throw ValidationError("A learning rate must be \(TrainingLimits.learningRateRange).")
        }
    }

    var overrides: TrainingRequest.Overrides {
        TrainingRequest.Overrides(
            model: model, seed: seed, epochs: epochs, batch: batch, augment: augment, weights: weights, freeze: freeze,
            learningRate: learningRate, trunkLearningRate: trunkLearningRate, threads: threads)
    }

    /// Returns the controls that `--controls` names. Nil if it has an unknown name.
    static func controls(_ text: String) -> Set<TrainingRequest.Control>? {
        let named = text.split(separator: ",", omittingEmptySubsequences: false).map {
            TrainingRequest.Control(rawValue: String($0))
        }
        return named.contains(nil) ? nil : Set(named.compactMap(\.self))
    }
}
