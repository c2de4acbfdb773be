import Foundation
import Testing

/// What a person reads when they ask is pinned whole; `CURARE_RECORD=1 swift test` writes the texts anew, to be read in the diff.
@Suite struct HelpTests {
    static let commands: [[String]] = [
        [], ["init"], ["trigger"], ["trigger", "list"], ["trigger", "add"], ["status"], ["demo"], ["import"], ["sheet"],
        ["label"], ["consent"], ["withdraw"], ["show"],
        ["split"], ["verify"], ["diff"], ["rebuild"], ["audit"], ["export"], ["validate"], ["predict"], ["explain"],
        ["schema"],
    ]

    @Test(arguments: commands)
    func theHelpIsWhatItWas(_ command: [String]) throws {
        let help = try Program.run(command + ["--help"], environment: ["COLUMNS": "100"])
        #expect(help.status == 0)
        // The number of processors is the machine's.
        let text = help.out.replacing(/--jobs <n>( +)(.+)\(default: \d+\)/) {
            "--jobs <n>\($0.1)\($0.2)(default: processors)"
        }
        let golden = Program.repository.appending(
            path: "Tests/CurareTests/Golden/help/\((["curare"] + command).joined(separator: "-")).txt")
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try Data(text.utf8).write(to: golden) }
        #expect(try text == String(contentsOf: golden, encoding: .utf8))
    }

    @Test(arguments: commands.filter { !["", "trigger"].contains($0.last ?? "") || $0.count > 1 })
    func everyCommandOffersJSONAndAnExampleOrSubcommands(_ command: [String]) throws {
        let help = try Program.run(command + ["--help"]).out
        #expect(help.contains("--json"))
        #expect(help.contains("Example") || command == ["trigger", "list"])
    }
}
