import ArgumentParser
import Core
import Versions

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how much there is in the study.",
        discussion: "Example: curare status --json")

    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.open()
        let tally = try study.catalog.tally()
        let versions = VersionStore(study.workspace).list()
        let runs = study.workspace.runFolders()
        let answer = Answer(
            workspace: study.workspace.root.path, photos: tally.photos, images: tally.images,
            volunteers: tally.volunteers, sessions: tally.sessions,
            triggers: tally.triggers, versions: versions.count, runs: runs.count, suggestions: tally.suggestions)
        options.answer(answer, words(answer, versions))
    }

    private struct Answer: Encodable {
        let workspace: String
        let photos, images, volunteers, sessions, triggers, versions, runs: Int
        /// Labels that wait for a person's word.
        let suggestions: Int
    }

    private func words(_ answer: Answer, _ versions: [VersionReference]) -> String {
        var table = Table("", "")
        table.add("photos", "\(answer.photos)")
        table.add("images", "\(answer.images)")
        table.add("volunteers", "\(answer.volunteers)")
        table.add("sessions", "\(answer.sessions)")
        table.add("triggers", "\(answer.triggers)")
        table.add("versions", "\(answer.versions)")
        table.add("runs", "\(answer.runs)")
        if answer.suggestions > 0 {
            table.add("suggested labels", "\(answer.suggestions), to be confirmed with curare label")
        }
        let newest = versions.suffix(10).map { "  \($0)" }
        return
            ([answer.workspace, table.text.split(separator: "\n").joined(separator: "\n")]
            + (newest.isEmpty ? [] : ["newest versions:"] + newest)).joined(separator: "\n")
    }
}
