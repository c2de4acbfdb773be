import ArgumentParser
import Workflows

struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Make a dataset version from a recipe.",
        discussion: """
            The same recipe and the same catalog give the same bytes on any machine, in any order of imports, with any \
            --jobs. If the newest version already has these bytes, split makes no new version. A recipe with extends \
            keeps the roles of the photos of an earlier version. A recipe with vary is a grid: split makes all its \
            versions.

            Example: curare split sunglasses-25.yaml --dry-run
            """)

    @Argument(help: "The recipe, a YAML file.") var recipe: String
    @Flag(help: "Print what the version would contain; write nothing.") var dryRun = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: dryRun))
        try options.output(result: result, SplitText.text(result))
    }
}
