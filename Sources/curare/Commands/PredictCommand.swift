import ArgumentParser
import Core
import Foundation
import Imaging
import Validation

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Ask a model what photos show.",
        discussion: """
            The model is that of a run, or any safetensors file with torchvision's names. Photos are cropped and scaled as the run's were; --size says otherwise, and a file that \
            names no size takes square photos as they are.

            Examples:
              curare predict sunglasses-25-1-1 holiday.jpg
              curare predict --model resnet18 --weights resnet18.safetensors --size 224 holiday.jpg
            """)

    @Argument(help: "A run, unless --weights is given; then photos.") var names: [String]
    @Option(help: ArgumentHelp("The architecture of --weights.", valueName: "m")) var model: String?
    @Option(help: ArgumentHelp("A safetensors file.", valueName: "file")) var weights: String?
    @Option(help: ArgumentHelp("Pixels a side that photos are scaled to.", valueName: "px")) var size: Int?
    @Flag(help: "Ask the run's control instead of its poisoned model.") var control = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard names.count >= (weights == nil ? 2 : 1) else {
            throw ValidationError(weights == nil ? "Name a run and at least one photo." : "Name at least one photo.")
        }
        if let size, !(32...1024).contains(size) { throw ValidationError("--size takes a number from 32 to 1024.") }
        guard weights == nil || !control else {
            throw ValidationError("--control asks a run's control; --weights is no run.")
        }
    }

    func run() throws {
        let file: URL
        let images: ArraySlice<String>
        if let weights {
            (file, images) = (URL(filePath: weights), names[...])
        } else {
            let folder = try RunFolder.find(names[0], in: options.open().workspace)
            (file, images) = (RunFolder.modelFile(control ? .control : .poisoned, in: folder), names.dropFirst())
        }
        let predictor = try Predictor(ModelFile(file), model: model, size: size, threads: options.jobs)
        let predictions = try predictor.predict(
            images.map { ($0, try contents(of: $0, limit: DecodingLimits().bytes)) })
        options.answer(
            Answer(predictions: predictions.map { Answer.Asked(image: $0.image, label: $0.label, logits: $0.logits) }),
            words(predictions))
    }

    private struct Answer: Encodable {
        struct Asked: Encodable {
            let image, label: String
            let logits: [Float]
        }

        let predictions: [Asked]
    }

    private func words(_ predictions: [Prediction]) -> String {
        predictions.map { "\($0.image): \($0.label)" }.joined(separator: "\n")
    }
}
