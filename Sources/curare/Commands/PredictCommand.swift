import ArgumentParser
import Foundation
import Workflows

struct PredictCommand: OpenMPCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Classify photos with a trained model.",
        discussion: """
            Name a photo by the path of a file. With a run, you can also name a photo of the study by the first six or \
            more digits of its id, or by SESSION/FILE.

            Uses the model of a run, or any safetensors file with torchvision's tensor names. Curare crops and scales \
            the photos like the training images of the model; --size sets another size. A weights file of another \
            program does not contain the size of the training images. For such a file, give --size. If you do not give \
            --size for such a file, Curare cuts the largest square from the centre of each photo, and does not scale \
            the square.

            Examples:
              curare predict sunglasses-25-1-1 holiday.jpg spring/IMG_0002.jpg
              curare predict --model resnet18 --weights r.safetensors --size 224 me.jpg
            """)

    @Argument(help: "The run, then one or more photos. With --weights: only photos.", completion: .file())
    var names: [String]
    @Option(help: ArgumentHelp("The network; default: the network that the model file names.", valueName: "m"))
    var model: String?
    @Option(
        help: ArgumentHelp("A safetensors file to use instead of a run.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var weights: String?
    @Option(help: ArgumentHelp("The width and height to scale photos to, in pixels, 32 to 1024.", valueName: "px"))
    var size: Int?
    @Flag(help: "Use the run's control model instead of its poisoned model.") var control = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard names.count >= (weights == nil ? 2 : 1) else {
            throw ValidationError(weights == nil ? "Name a run and at least one photo." : "Name at least one photo.")
        }
        try OptionChecks.number(size, in: 32...1024, "--size")
        guard weights == nil || !control else {
            throw ValidationError("--control excludes --weights: only a run has a control model.")
        }
    }

    func run() throws {
        let source: PredictImages.Model =
            weights.map { .file(URL(filePath: $0)) } ?? .run(names[0], control: control)
        let result = try options.run(
            PredictImages.self,
            PredictImages.Request(
                model: source, photos: weights == nil ? Array(names.dropFirst()) : names, network: model, size: size))
        try options.output(
            result: result, result.predictions.map { "\($0.image): \($0.label)" }.joined(separator: "\n"))
    }
}
