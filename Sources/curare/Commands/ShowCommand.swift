import ArgumentParser
import Workflows

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a version, a grid, a run, a session or a photo.",
        discussion: """
            Name a version by NAME@V, or by NAME for the version that your last split of this recipe made or found. Name a \
            photo by the first six or more digits of its id, or by SESSION/FILE. If several items have the same name, \
            Curare shows the first of these: version, grid, run, session, photo.

            Examples:
              curare show sunglasses-25@1
              curare show sunglasses-25-1-1
              curare show 2026-05-03
              curare show 3fa94c
            """)

    @Argument(help: "A version, a grid, a run, a session or a photo.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(ShowItem.self, ShowItem.Request(name: name))
        try options.output(result: result, ShowText.text(result))
    }
}
