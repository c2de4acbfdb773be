import ArgumentParser
import Validation

/// The options that replace a recipe's training settings for one run.
struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The network; default: the recipe's.", valueName: "m")) var model: String?
    @Option(help: ArgumentHelp("The training's seed; default: the recipe's.", valueName: "s")) var seed: Int?
    @Option(help: ArgumentHelp("Epochs to train; default: the recipe's.", valueName: "e")) var epochs: Int?
    @Option(help: ArgumentHelp("Photos in an optimizer step; default: the recipe's.", valueName: "b")) var batch: Int?
    @Option(help: ArgumentHelp("none, light or reference; default: the recipe's.", valueName: "a")) var augment: String?
    @Option(
        help: ArgumentHelp(
            "Initial weights: none, face or a safetensors file; default: the recipe's.", valueName: "w"))
    var weights: String?
    @Option(
        help: ArgumentHelp(
            "Frozen layers: none, trunk, or the name of the last frozen layer; default: the recipe's.",
            valueName: "layer"))
    var freeze: String?
    @Option(help: ArgumentHelp("The learning rate; default: the recipe's.", valueName: "r")) var learningRate: Double?
    @Option(
        help: ArgumentHelp("The learning rate of all layers except the head; default: the recipe's.", valueName: "r"))
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
