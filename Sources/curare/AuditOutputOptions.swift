import ArgumentParser
import Foundation
import Workflows

/// The options of `curare audit` for its report.
struct AuditOutputOptions: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, markdown, json
    }

    @Option(
        help: ArgumentHelp(
            "What is printed: text, markdown or json. markdown is a report with a datasheet; json means --json.",
            valueName: "format"))
    var format = Format.text
    @Option(
        help: ArgumentHelp(
            "The HTML page to write, with photos, charts and a datasheet; the page shows faces of people.",
            valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?

    func validate() throws {
        guard html != "", html != "-" else { throw ValidationError("Name a file with --html.") }
    }

    /// Checks the options that exclude each other.
    func check(_ options: GlobalOptions) throws {
        guard !options.json || format != .markdown else {
            throw ValidationError("--json and --format markdown both use standard output; use one of them.")
        }
    }

    /// Returns the options of every command, with `--json` for the format `json`.
    func applied(to options: GlobalOptions) -> GlobalOptions {
        var applied = options
        if format == .json { applied.json = true }
        return applied
    }

    /// - Parameter version: nil for the catalog.
    func request(_ version: SelectedVersion? = nil, failsOn: AuditDataset.FailureLimit) -> AuditDataset.Request {
        let page = html.map { URL(filePath: $0) }
        return AuditDataset.Request(
            version: version?.text, failsOn: failsOn, page: page.map { version?.file($0) ?? $0 },
            makesMarkdown: format == .markdown)
    }
}
