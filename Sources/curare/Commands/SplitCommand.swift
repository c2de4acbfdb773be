import ArgumentParser
import Workflows

struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Make a dataset version from a recipe.",
        discussion: """
            The same recipe and the same photos give the same roles, and the same images byte for byte, on every \
            machine. Neither the order of the imports nor --jobs changes the result. If a version of the same name \
            already has the same content, Curare makes no new version.

            A recipe with the key `extends` keeps the roles of all photos of an earlier version. A recipe with the key \
            `vary` makes several versions: one for each combination of the listed values.

            Example: curare split sunglasses-25.yaml --dry-run
            """)

    @Argument(help: "The recipe: a YAML file.", completion: .file(extensions: ["yaml", "yml"])) var recipe: String
    @Flag(help: "Print what the version would contain; write nothing.") var dryRun = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: dryRun))
        try options.output(result: result, SplitText.text(result))
    }
}
