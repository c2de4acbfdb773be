import ArgumentParser
import Workflows

struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove versions and runs.",
        discussion: """
            Lists the versions and runs with their sizes and with what depends on them, and removes them after a \
            confirmation. Name a version with its number, as NAME@V. A version that has runs needs --with-runs: \
            then its runs are removed too. A version that another version extends cannot be removed, unless the other \
            version is named too. Exports stay; the list names them. A run in which a training is in progress cannot be \
            removed (exit code 75).

            The catalog keeps the names: no later version or run gets the same number. You cannot undo a removal. If the \
            command is interrupted, the next command that changes the workspace completes the removal. To remove the \
            photos of a person who has withdrawn consent, use `curare withdraw`.

            Examples:
              curare remove sunglasses-25-1-3
              curare remove sunglasses-25@1 --with-runs --dry-run
            """)

    @Argument(help: ArgumentHelp("Versions (NAME@V) and runs.", valueName: "version-or-run")) var names: [String]
    @Flag(help: "Also remove the runs of the versions.") var withRuns = false
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false
    @Flag(help: "List what would be removed; remove nothing.") var dryRun = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !dryRun || !yes else { throw ValidationError("--dry-run excludes --yes: it removes nothing.") }
    }

    func run() throws {
        let summary = try options.run(
            RemoveItems.self,
            RemoveItems.Request(
                names: names, withRuns: withRuns, dryRun: dryRun,
                confirm: { if !yes { try Terminal.confirm(RemovalText.confirmation($0)) } }))
        try options.output(result: summary, RemovalText.text(summary))
    }
}
