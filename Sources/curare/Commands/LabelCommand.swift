import ArgumentParser
import Foundation
import Workflows

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Set who is in a photo and which triggers they wear.",
        discussion: """
            Name a photo by the first digits of its id, or by SESSION/FILE. The new label is added to the photo's \
            history, and new versions use it. Existing versions are unchanged. --sheet reads a CSV file with the \
            columns file,volunteer,trigger,location.

            Examples:
              curare label 3fa94c --trigger sunglasses --location on-face
              curare label --sheet corrections.csv
            """)

    @Argument(help: "Photos.") var photos: [String] = []
    @Option(help: ArgumentHelp("none, or triggers joined by +.", valueName: "t")) var trigger: String?
    @Option(help: ArgumentHelp("on-face, off-face or none for each trigger, joined by +.", valueName: "l"))
    var location: String?
    @Option(help: ArgumentHelp("The volunteer; default: the same as before.", valueName: "name")) var volunteer: String?
    @Option(help: ArgumentHelp("A CSV file of labels.", valueName: "file")) var sheet: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if sheet != nil {
            guard photos.isEmpty, trigger == nil, location == nil, volunteer == nil else {
                throw ValidationError("Use --sheet alone: the file names photos, triggers and locations.")
            }
        } else {
            guard !photos.isEmpty, trigger != nil else {
                throw ValidationError("Name photos and --trigger, or a --sheet.")
            }
        }
    }

    func run() throws {
        let request =
            sheet.map { LabelPhotos.Request.sheet(URL(filePath: $0)) }
            ?? .photos(photos, volunteer: volunteer, trigger: trigger ?? "none", location: location ?? "")
        let result = try options.run(LabelPhotos.self, request)
        try options.output(
            result: result,
            """
            changed the label of \(result.labelled) photos; existing versions are unchanged, run curare split to make \
            a new one
            """)
    }
}
