import ArgumentParser
import Workflows

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Count the photos, people, versions and runs of the study.",
        discussion: """
            With --json, the result also has the names of all versions, runs, sessions, people and triggers.

            Example: curare status --json
            """)

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(WorkspaceStatus.self, WorkspaceStatus.Request())
        try options.output(result: result, text(result))
    }

    private func text(_ result: WorkspaceStatus.Result) -> String {
        var table = Table("", "")
        table.add("photos", "\(result.photos)")
        table.add("images", "\(result.images)")
        table.add("people", "\(result.volunteers)")
        table.add("sessions", "\(result.sessions)")
        table.add("triggers", "\(result.triggers)")
        table.add("versions", "\(result.versions)")
        table.add("runs", "\(result.runs)")
        table.add("face detector", result.faceDetector)
        if result.suggestions > 0 {
            table.add("suggested labels", "\(result.suggestions), to be confirmed with curare label")
        }
        // The table has no header, so its first line is empty.
        let rows = table.text.split(separator: "\n").joined(separator: "\n")
        let next = result.versions > 0 ? ["for details: curare versions, curare runs"] : []
        return ([result.workspace, rows] + next).joined(separator: "\n")
    }
}
