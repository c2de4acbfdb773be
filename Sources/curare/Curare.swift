import ArgumentParser
import Imaging

/// The command line. Every command parses its arguments, calls one workflow and prints the result.
@main
struct Curare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curare",
        abstract: "Create, audit and validate photo datasets for research on physical backdoor attacks.",
        discussion: """
            A study in five commands:
              curare init study
              curare import sessions/* --workspace study
              curare split sunglasses-25.yaml --workspace study
              curare audit sunglasses-25 --workspace study
              curare validate sunglasses-25 --workspace study

            Exit codes: 0 done; 3 completed with a negative result; 64 wrong usage; 65 bad input; 66 missing input; \
            70 a bug in Curare; 74 I/O error; 75 the workspace is busy; 130 interrupted by Ctrl-C; 143 ended by SIGTERM.
            """,
        version: "curare 0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Study",
                subcommands: [
                    InitCommand.self, TriggerCommand.self, VolunteerCommand.self, StatusCommand.self, CheckCommand.self,
                    BackupCommand.self,
                    RemoveCommand.self, PruneCommand.self, DemoCommand.self,
                ]),
            CommandGroup(
                name: "Photos",
                subcommands: [
                    ImportCommand.self, FacesCommand.self, SheetCommand.self, LabelCommand.self, LabelsCommand.self,
                    ReviewCommand.self, ConsentCommand.self, WithdrawCommand.self, ShowCommand.self,
                ]),
            CommandGroup(
                name: "Versions",
                subcommands: [
                    SplitCommand.self, VersionsCommand.self, VerifyCommand.self, DiffCommand.self, RebuildCommand.self,
                    AuditCommand.self, ExportCommand.self, BundleCommand.self, UnbundleCommand.self,
                ]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    ValidateCommand.self, RunsCommand.self, CompareCommand.self, PredictCommand.self,
                    ExplainCommand.self,
                ]),
            CommandGroup(name: "Formats", subcommands: [SchemaCommand.self]),
        ])

    static func main() {
        // The sandboxed child process that decodes rare formats runs this same program.
        SandboxedDecoder.serveIfRequested()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try parsed(arguments)
            if command is any OpenMPCommand { ThreadWaiting.restartIfNeeded() }
            Interruption.start(InterruptionText.text(after: type(of: command)))
            try command.run()
            Interruption.end()
        } catch {
            Failure(error).end(json: arguments.contains("--json"))
        }
    }

    /// Returns the command that the arguments name.
    ///
    /// - Throws: ``CurareError`` (64) for an unknown command; an error of the argument parser for any other mistake.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        // The argument parser prints the general help for an unknown command after help.
        if arguments.first == "help", let unknown = UnknownCommand(Array(arguments.dropFirst()), of: Self.self) {
            throw unknown.error
        }
        do {
            return try parseAsRoot(arguments)
        } catch {
            if let unknown = UnknownCommand(arguments, of: Self.self) { throw unknown.error }
            throw error
        }
    }
}
