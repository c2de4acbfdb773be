import ArgumentParser
import Foundation
import Workflows

struct ExplainCommand: OpenMPCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Draw saliency maps of a run's models: the parts of a photo that support a class.",
        discussion: """
            Writes a PNG file with a row for each photo: first the image, then the image with the saliency map \
            (Grad-CAM) of each model. Blue areas have little influence on the class, and yellow areas have the most. \
            Lines mark the face and the trigger's box, where they are known. The table gives two shares of each map: \
            the share inside the trigger's box, and the share inside the face.

            A map has as many cells as the network's last feature maps. Maps with less than 7 × 7 cells show nothing \
            reliable, and are not drawn. For example, resnet18 needs images of at least 193 px.

            Name a photo by the first six or more digits of its id, by SESSION/FILE, or by the path of a file. You can \
            also name an exported image with a drawn trigger: Curare recognizes the image by its content.

            Examples:
              curare explain sunglasses-25-1-1 3fa94c spring/IMG_0002.jpg --out looks.png
              curare explain sunglasses-25-1-1 holiday.jpg --class an2i --out holiday.png
            """)

    @Argument(help: "The run, then one or more photos.", completion: .file()) var names: [String]
    @Option(
        help: ArgumentHelp("The PNG file to write; it must not exist.", valueName: "file.png"),
        completion: .file(extensions: ["png"]))
    var out: String
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("The class to explain; default: the class that each model predicts.", valueName: "name"))
    var label: String?
    @Flag(help: "Use the run's control model only.") var control = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard names.count >= 2 else { throw ValidationError("Name a run and at least one photo.") }
        guard names.count - 1 <= ExplainRun.maximumPhotos else {
            throw ValidationError("Name at most \(ExplainRun.maximumPhotos) photos.")
        }
        try OptionChecks.pngFile(out: out)
    }

    func run() throws {
        let result = try options.run(
            ExplainRun.self,
            ExplainRun.Request(
                run: names[0], photos: Array(names.dropFirst()), output: URL(filePath: out), label: label,
                controlOnly: control))
        try options.output(result: result, text(result))
    }

    private func text(_ result: ExplainRun.Result) -> String {
        func number(_ value: Double?) -> String { value.map { decimals($0, 3) } ?? "" }
        var table = Table("photo", "model", "class", "probability", "in the trigger's box", "in the face")
        for photo in result.photos {
            table.add(photo.image, "part of the image", "", "", number(photo.areas.trigger), number(photo.areas.face))
            for model in photo.models {
                table.add(
                    "", model.model, model.label, number(model.probability), number(model.trigger), number(model.face))
            }
        }
        return "\(table.text)\n\(result.out)"
    }
}
