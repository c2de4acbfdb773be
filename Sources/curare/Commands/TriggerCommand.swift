import ArgumentParser
import Workflows

struct TriggerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "List the study's triggers, or add, rename or remove a trigger.",
        discussion: "Example: curare trigger add face-mask",
        subcommands: [List.self, Add.self, Rename.self, Remove.self],
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
            abstract: "Add a trigger to the study.",
            discussion: """
                If the name is nearly the name of another trigger, Curare asks whether you mean another trigger.

                Example: curare trigger add face-mask
                """)
        @Argument(help: "The name of the trigger.") var name: String
        @Flag(name: .shortAndLong, help: "Do not ask about a name that is nearly the same.") var yes = false
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let confirm = { (near: [String]) in
                if !yes { try Terminal.confirm(NameText.confirmation(ofTrigger: name, near: near)) }
            }
            let result = try options.run(ManageTriggers.self, .add(name, confirm: confirm))
            try options.output(
                result: result, result.isAdded ? "added \(name)" : "the study has the trigger \(name) already")
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a trigger another name.",
            discussion: """
                Curare changes the name in all labels. An import reads the earlier name in session.csv as the new name. \
                Versions and your recipes keep the earlier name; the command lists the versions.

                Example: curare trigger rename shades sunglasses-dark
                """)
        @Argument(help: "The current name of the trigger.") var old: String
        @Argument(help: "The new name.") var new: String
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(ManageTriggers.self, .rename(old, to: new))
            try options.output(result: result, result.change.map(NameText.text(ofTrigger:)) ?? "")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a trigger that no photo has or had.",
            discussion: "Example: curare trigger remove face-mask")
        @Argument(help: "The name of the trigger.") var name: String
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(ManageTriggers.self, .remove(name))
            try options.output(result: result, result.change.map(NameText.text(ofTrigger:)) ?? "")
        }
    }
}
