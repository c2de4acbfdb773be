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
              curare validate sunglasses-25 --workspace study
              curare audit sunglasses-25 --workspace study

            Exit codes: 0 done; 3 completed with a negative result; 64 wrong usage; 65 bad input; 66 missing input; \
            70 a bug in Curare; 74 I/O error; 75 the workspace is busy.
            """,
        version: "curare 0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Study",
                subcommands: [
                    InitCommand.self, TriggerCommand.self, StatusCommand.self, CheckCommand.self, BackupCommand.self,
                    DemoCommand.self,
                ]),
            CommandGroup(
                name: "Photos",
                subcommands: [
                    ImportCommand.self, FacesCommand.self, SheetCommand.self, LabelCommand.self, ConsentCommand.self,
                    WithdrawCommand.self,
                    ShowCommand.self,
                ]),
            CommandGroup(
                name: "Versions",
                subcommands: [
                    SplitCommand.self, VerifyCommand.self, DiffCommand.self, RebuildCommand.self, AuditCommand.self,
                    ExportCommand.self,
                ]),
            CommandGroup(
                name: "Models", subcommands: [ValidateCommand.self, PredictCommand.self, ExplainCommand.self]),
            CommandGroup(name: "Formats", subcommands: [SchemaCommand.self]),
        ])

    static func main() {
        // The sandboxed child process that decodes rare formats runs this same program.
        SandboxedDecoder.serveIfRequested()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try parseAsRoot(arguments)
            if command is any OpenMPCommand { ThreadWaiting.restartIfNeeded() }
            try command.run()
        } catch {
            Failure(error).end(json: arguments.contains("--json"))
        }
    }
}
