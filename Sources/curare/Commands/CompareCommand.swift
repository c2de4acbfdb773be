import ArgumentParser
import Foundation
import Workflows

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare the measures of several runs.",
        discussion: """
            Prints a row for each finished run: version, network, the settings in which the runs differ, the number of \
            clean (n) and poisoned (m) training photos, and the measures with Wilson's 95% intervals. If the attack \
            success on the held-out attack photos differs from the attack success on all attack photos, the table shows \
            the held-out photos, and a sentence names the other rates. For a run with several seeds, the row shows the \
            first seed, and a sentence gives the range over all seeds.

            --csv and --latex write the table to a file, or print it instead of the text if FILE is -. --html writes a \
            page with the table and charts. Each FILE must be a new file outside the workspace.

            Examples:
              curare compare sunglasses-25-1-1 sunglasses-25-1-2
              curare compare 'sweep-*' --latex table.tex --html runs.html
            """)

    @Argument(
        help: ArgumentHelp(
            "The runs. NAME@V, NAME, the name of a grid, or a quoted pattern mean their finished runs.",
            valueName: "run"))
    var runs: [String]
    @Option(help: ArgumentHelp("The CSV file to write; - prints it.", valueName: "file")) var csv: String?
    @Option(help: ArgumentHelp("The LaTeX file to write, with a tabular for booktabs; - prints it.", valueName: "file"))
    var latex: String?
    @Option(help: ArgumentHelp("The HTML page to write.", valueName: "file")) var html: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        let printed = [csv, latex].filter { $0 == "-" }.count
        guard printed + (options.json ? 1 : 0) <= 1 else {
            throw ValidationError("Only one of --json, --csv - and --latex - can be printed.")
        }
        let files = [csv, latex, html].compactMap(\.self)
        guard !files.contains(""), html != "-" else { throw ValidationError("Name a file.") }
    }

    func run() throws {
        func file(_ path: String?) -> URL? { path == "-" ? nil : path.map { URL(filePath: $0) } }
        let result = try options.run(
            CompareRuns.self,
            CompareRuns.Request(runs: runs, csv: file(csv), latex: file(latex), page: file(html)))
        if csv == "-" || latex == "-" {
            // The formats escape hidden characters, and end with a line feed.
            return print(csv == "-" ? result.csv : result.latex, terminator: "")
        }
        try options.output(result: result, text(result))
    }

    private func text(_ result: CompareRuns.Result) -> String {
        var table = Table(result.header)
        for row in result.rows { table.add(row) }
        return ([table.text] + result.notes).joined(separator: "\n")
    }
}
