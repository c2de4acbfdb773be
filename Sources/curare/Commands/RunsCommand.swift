import ArgumentParser
import Workflows

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs, with their models, verdicts, measures and sizes.",
        discussion: """
            A run is the result of `curare validate`. Unfinished and damaged runs are in the list too. `curare show RUN` \
            shows all measures, settings and files of a run.

            Examples:
              curare runs
              curare runs sunglasses-25
            """)

    @Argument(
        help: """
            The versions whose runs are listed: NAME for all versions of that name, NAME@V, the name of a grid, or a \
            quoted pattern; default: all versions.
            """)
    var names: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(ListRuns.self, ListRuns.Request(names: names))
        try options.output(result: result, RunText.list(result.runs))
    }
}
