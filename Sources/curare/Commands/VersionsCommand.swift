import ArgumentParser
import Workflows

struct VersionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions, with the values of their recipes, their photos, runs and sizes.",
        discussion: """
            A damaged version is in the list with the reason. The size is the size of the version's own files; images \
            are not included.

            Examples:
              curare versions
              curare versions 'sweep-*'
            """)

    @Argument(
        help: """
            The versions to list: NAME for all versions of that name, NAME@V, the name of a grid, or a quoted pattern; \
            default: all versions.
            """)
    var names: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(ListVersions.self, ListVersions.Request(names: names))
        try options.output(result: result, VersionText.list(result.versions))
    }
}
