import ArgumentParser
import Workflows

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Report the composition and the problems of the catalog or of versions.",
        discussion: """
            The exit code is 3 if a finding has the severity `error`. Do not use data that has such a finding. With \
            --fail-on warning the exit code is 3 for warnings too. --list explains all checks, and needs no workspace.

            --accept marks a finding as acceptable, with a reason: the finding is printed last, and does not count for \
            the exit code. An acceptance ends when the finding lists other photos.

            --html writes a page with the photos of the findings, charts, and a datasheet with blanks for a person. The \
            page must be a new file outside the workspace; with several versions, FILE-NAME-V.html.

            \(VersionText.severalHelp)

            Examples:
              curare audit
              curare audit sunglasses-25 --fail-on warning
              curare audit --list
              curare audit --accept 3fa94c0012ab77de --reason "no other place was available"
              curare audit sunglasses-25 --html audit.html
              curare audit sunglasses-25 --format markdown > audit.md
            """)

    @Argument(help: ArgumentHelp(VersionText.help + " Default: the whole catalog.")) var versions: [String] = []
    @OptionGroup var checks: AuditCheckOptions
    @OptionGroup var acceptance: AcceptanceOptions
    @OptionGroup var output: AuditOutputOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try checks.validate(versions: versions)
        try acceptance.validate(versions: versions)
        try output.check(options)
    }

    func run() throws {
        let options = output.applied(to: options)
        guard !checks.list else {
            let result = try options.run(ListAuditChecks.self, ListAuditChecks.Request())
            return try options.output(result: result, AuditText.list(result))
        }
        if let request = acceptance.request(version: versions.first) {
            let result = try options.run(AcceptFinding.self, request)
            return try options.output(result: result, FindingText.text(result))
        }
        let isMarkdown = output.format == .markdown
        guard !versions.isEmpty else {
            let result = try options.run(AuditDataset.self, output.request(failsOn: checks.failOn))
            return try options.output(result: result, isMarkdown ? result.markdown ?? "" : AuditText.text(result))
        }
        let result = try options.run(
            EachVersion<AuditDataset>.self, .init(versions) { output.request($0, failsOn: checks.failOn) })
        try options.output(
            result: result,
            isMarkdown ? CompositionText.markdown(result) : VersionText.text(result, AuditText.text))
    }
}
