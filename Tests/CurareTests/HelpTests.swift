import Foundation
import Testing
import WorkflowTestSupport

/// The help texts, compared as a whole. `CURARE_RECORD=1 swift test` writes the files again, to be read in the diff.
@Suite struct HelpTests {
    static let commands: [[String]] = [
        [], ["init"], ["trigger"], ["trigger", "list"], ["trigger", "add"], ["status"], ["check"], ["backup"], ["demo"],
        ["import"], ["faces"], ["sheet"],
        ["label"], ["consent"], ["withdraw"], ["show"], ["split"], ["verify"], ["diff"], ["rebuild"], ["audit"],
        ["export"], ["validate"], ["predict"], ["explain"], ["schema"],
    ]

    @Test("Each help text is the recorded one, and has an example", arguments: commands)
    func recordedHelp(_ command: [String]) throws {
        let help = try Program.run(command + ["--help"], environment: ["COLUMNS": "100"])
        #expect(help.status == 0)
        // The default of --jobs is the machine's number of processors.
        let text = help.out.replacing(/--jobs <n>( +)(.+)\(default: \d+\)/) {
            "--jobs <n>\($0.1)\($0.2)(default: processors)"
        }
        let recorded = WorkspaceFixture.repository.appending(
            path: "Tests/CurareTests/Golden/help/\((["curare"] + command).joined(separator: "-")).txt")
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try Data(text.utf8).write(to: recorded) }
        #expect(try text == String(contentsOf: recorded, encoding: .utf8))
        #expect(text.contains("Example") || text.contains("A study in five commands"))
        #expect(text.contains("--json") || ["", "trigger"].contains(command.joined()))
    }
}
