import ArgumentParser
import Workflows

struct TriggerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "List the study's triggers, or add a trigger.",
        discussion: "Example: curare trigger add face-mask",
        subcommands: [List.self, Add.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the triggers of the study.",
            discussion: "Example: curare trigger list --json")
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(ManageTriggers.self, .list)
            try options.output(result: result, result.triggers.joined(separator: "\n"))
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a trigger to the study.", discussion: "Example: curare trigger add face-mask")
        @Argument(help: "The name of the trigger.") var name: String
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(ManageTriggers.self, .add(name))
            try options.output(
                result: result, result.isAdded ? "added \(name)" : "the study has the trigger \(name) already")
        }
    }
}
