import ArgumentParser
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
            valueName: "w"))
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

    func validate() throws {
        guard seed.map({ (0...9_007_199_254_740_991).contains($0) }) ?? true else {
            throw ValidationError("--seed takes a number from 0 to 2^53 - 1.")
        }
        guard epochs.map({ (1...10_000).contains($0) }) ?? true else {
            throw ValidationError("--epochs takes a number from 1 to 10000.")
        }
        guard batch.map({ (1...4096).contains($0) }) ?? true else {
            throw ValidationError("--batch takes a number from 1 to 4096.")
        }
        guard [learningRate, trunkLearningRate].allSatisfy({ $0.map { $0 > 0 && $0 <= 100 } ?? true }) else {
            throw ValidationError("A learning rate is above 0, and at most 100.")
        }
    }

    var overrides: TrainingRequest.Overrides {
        TrainingRequest.Overrides(
            model: model, seed: seed, epochs: epochs, batch: batch, augment: augment, weights: weights, freeze: freeze,
            learningRate: learningRate, trunkLearningRate: trunkLearningRate)
    }
}
