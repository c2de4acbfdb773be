import ArgumentParser
import Intake
import Workflows

struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decide about photos with different labels: give them the label of one annotator.",
        discussion: """
            The photo gets a new label in its history, and counts as decided. --from label keeps the label that counts, \
            and also marks the photo as decided. Name a photo by the first six or more digits of its id, or by \
            SESSION/FILE.

            Examples:
              curare labels resolve 3fa94c --from bea
              curare labels resolve 2026-05-03/IMG_0007.jpg --from label --author "Ada Lovelace"
            """)

    @Argument(help: "The photos.") var photos: [String]
    @Option(help: ArgumentHelp("The annotator whose label counts from now on, or `label`.", valueName: "name"))
    var from: String
    @Flag(help: "Report what label would change; store nothing.") var dryRun = false
    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let choice = PhotoChoice.named(photos.map(PhotoReference.init))
        let result = try options.run(
            LabelPhotos.self,
            LabelPhotos.Request(.resolve(choice, annotator: from), dryRun: dryRun, author: author.name))
        try options.output(result: result, LabelText.text(result))
    }
}
