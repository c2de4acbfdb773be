import ArgumentParser
import Workflows

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a photo, a version or a session.",
        discussion: """
            Name a photo by the first six or more digits of its id, or by SESSION/FILE. Name a version by NAME@V, or \
            by NAME for the newest version.

            Examples:
              curare show 3fa94c
              curare show sunglasses-25@1
              curare show 2026-05-03
            """)

    @Argument(help: "A photo, a version or a session.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(ShowItem.self, ShowItem.Request(name: name))
        try options.output(result: result, ShowText.text(result))
    }
}
