import ArgumentParser
import Foundation
import Workflows

struct ImportLabelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read the labels of a further annotator from a CSV; the labels that count do not change.",
        discussion: """
            The file has the columns file,volunteer,trigger,location, as session.csv has them. The column `file` names a \
            photo by its id or by SESSION/FILE. With --session, the column has the file names of this session, as \
            `curare labels export` writes them. The columns box, face_box, also and note are ignored, and so are rows \
            without volunteer, trigger and location.

            The labels are stored under the name of the annotator. A later import by the same annotator replaces the \
            earlier labels of the photos in the file. Compare the annotators with curare labels agreement.

            Examples:
              curare labels import from-bea.csv --author bea
              curare labels import session.csv --author bea --session 2026-05-03 --dry-run
            """)

    @Argument(help: "The CSV of labels to read.", completion: .file(extensions: ["csv"])) var file: String
    @OptionGroup var author: AuthorOptions
    @Option(help: ArgumentHelp("The session whose file names the file has.", valueName: "name")) var session: String?
    @Flag(help: "Report what would change; store nothing.") var dryRun = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard author.name != nil else {
            throw ValidationError("Name the annotator with --author, or with the variable CURARE_AUTHOR.")
        }
    }

    func run() throws {
        let result = try options.run(
            ImportLabels.self,
            ImportLabels.Request(file: URL(filePath: file), author: author.name ?? "", session: session, dryRun: dryRun)
        )
        try options.output(result: result, AgreementText.text(result))
    }
}
