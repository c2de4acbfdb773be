import ArgumentParser
import Foundation
import Workflows

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Set the label of photos: the volunteer, the triggers and their locations.",
        discussion: """
            Name a photo by the first six or more digits of its id, or by SESSION/FILE. Curare adds the new label to \
            the photo's history. New versions use the new label. Existing versions do not change.

            --sheet reads a CSV of labels with the columns file,volunteer,trigger,location. The column `file` names a \
            photo by its id or by SESSION/FILE.

            Examples:
              curare label 3fa94c --trigger sunglasses --location on-face
              curare label --sheet corrections.csv
            """)

    @Argument(help: "The photos that get the label.") var photos: [String] = []
    @Option(
        help: ArgumentHelp("The triggers, joined by +. Write `none` if the photos show no trigger.", valueName: "t"))
    var trigger: String?
    @Option(help: ArgumentHelp("The locations: on-face or off-face for each trigger, joined by +.", valueName: "l"))
    var location: String?
    @Option(help: ArgumentHelp("The volunteer; default: the volunteer of the current label.", valueName: "name"))
    var volunteer: String?
    @Option(help: ArgumentHelp("The CSV of labels to read.", valueName: "file")) var sheet: String?
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
            ?? .photos(photos, volunteer: volunteer, trigger: trigger ?? "", location: location ?? "")
        let result = try options.run(LabelPhotos.self, request)
        try options.output(
            result: result,
            """
            changed the label of \(result.labelled) photos; existing versions are unchanged, run curare split to make \
            a new one
            """)
    }
}
