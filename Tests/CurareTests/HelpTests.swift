import ArgumentParser
import Foundation
import Testing
import WorkflowTestSupport

@testable import curare

/// The help texts, compared as a whole. `CURARE_RECORD=1 swift test` writes the files again, to be read in the diff.
@Suite struct HelpTests {
    /// All commands and subcommands.
    static let commands = paths(of: Curare.self)
    private static let groups = Set(commands.filter { path in commands.contains { $0.dropLast() == path[...] } })

    private static func paths(of command: any ParsableCommand.Type, _ path: [String] = []) -> [[String]] {
        [path]
            + command.configuration.subcommands.flatMap { paths(of: $0, path + [$0._commandName]) }
    }

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
        #expect(text.contains("--json") || Self.groups.contains(command))
    }
}
