import ArgumentParser
import Core
import Foundation
import Intake

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say who is in a photo and what they wear.",
        discussion: """
            A photo is named by the first digits of its id, or as SESSION/FILE. The label is added to the photo's history and counts from now on; versions that exist keep theirs. \
            A sheet has the columns file,volunteer,trigger,location.

            Examples:
              curare label 3fa94c --trigger sunglasses --location on-face
              curare label --sheet corrections.csv
            """)

    @Argument(help: "Photos.") var photos: [String] = []
    @Option(help: ArgumentHelp("What is worn: none, or triggers joined by +.", valueName: "t")) var trigger: String?
    @Option(help: ArgumentHelp("Where: on-face, off-face or none, one for each trigger, joined by +.", valueName: "l"))
    var location: String?
    @Option(help: ArgumentHelp("Who it is; default: who it was.", valueName: "name")) var volunteer: String?
    @Option(help: ArgumentHelp("A sheet of labels.", valueName: "file")) var sheet: String?
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if sheet != nil {
            guard photos.isEmpty, trigger == nil, location == nil, volunteer == nil else {
                throw ValidationError("--sheet stands alone: the sheet names photos, triggers and locations.")
            }
        } else {
            guard !photos.isEmpty, trigger != nil else {
                throw ValidationError("Name photos and --trigger, or a --sheet.")
            }
        }
    }

    func run() throws {
        let study = try options.openToChange()
        let labelling = Labelling(study.catalog, made: Now.text)
        let count =
            if let sheet {
                try labelling.label(sheet: URL(filePath: sheet))
            } else {
                try labelling.label(
                    photos.map(PhotoReference.init), volunteer: volunteer, trigger: trigger ?? "none",
                    location: location ?? "")
            }
        options.answer(Answer(labelled: count), "labelled \(count) photos; split again for a version that knows")
    }

    private struct Answer: Encodable {
        let labelled: Int
    }
}
