import ArgumentParser
import Core
import Foundation
import Workflows

struct LabelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "Exchange labels with other annotators, and compare the annotators.",
        discussion: """
            Examples:
              curare labels export 2026-05-03 --to session.csv
              curare labels import from-bea.csv --author bea
              curare labels agreement
            """,
        subcommands: [Export.self, ImportLabelsCommand.self, AgreementCommand.self, ResolveCommand.self])

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the current labels, boxes, notes and other people of a session as a session.csv.",
            discussion: """
                The sheet has all corrections that were made since the import. An import of the session with this sheet \
                finds no difference from the catalog.

                With --force, Curare replaces an existing session.csv and keeps its form: the separator, the byte-order \
                mark, the line ends, the order of rows and columns, and the rows of files that were not imported. \
                --form takes the form from another sheet of the session. Without an existing sheet, the new sheet has all \
                columns, commas, and rows sorted by file.

                Examples:
                  curare labels export 2026-05-03 --to corrected.csv
                  curare labels export 2026-05-03 --to shoots/2026-05-03/session.csv --force
                """)
        @Argument(help: "The name of the session.") var session: String
        @Option(help: ArgumentHelp("The sheet to write, outside the workspace.", valueName: "file.csv")) var to: String
        @Option(
            help: ArgumentHelp(
                "The session.csv that gives the form; default: the file that is replaced.", valueName: "file.csv"))
        var form: String?
        @Flag(help: "Replace an existing file.") var force = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard !to.isEmpty, form != "" else { throw ValidationError("--to and --form take a file.") }
        }

        func run() throws {
            let result = try options.run(
                ExportLabels.self,
                ExportLabels.Request(
                    session: session, file: URL(filePath: to), form: form.map { URL(filePath: $0) }, replaces: force))
            try options.output(result: result, Self.text(result))
        }

        private static func text(_ result: ExportLabels.Result) -> String {
            var lines = ["wrote \(counted(result.rows, "row")) of session \(result.session) to \(result.path)"]
            if result.suggested > 0 {
                lines.append(
                    "\(counted(result.suggested, "row has", "rows have")) an open location, because the location is only a suggestion"
                )
            }
            if result.kept > 0 {
                lines.append(
                    "\(counted(result.kept, "row names a file that is", "rows name files that are")) not in the study")
            }
            if result.dropped > 0 {
                lines.append(
                    "\(counted(result.dropped, "row was", "rows were")) left out, because photos were withdrawn")
            }
            return lines.joined(separator: "\n")
        }
    }
}
