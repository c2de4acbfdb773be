import ArgumentParser
import Core

struct TriggerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "List the study's triggers, or add one.",
        subcommands: [List.self, Add.self],
        defaultSubcommand: List.self)

    struct Answer: Encodable {
        let triggers: [String]
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the triggers that sheets and recipes may name.")
        @OptionGroup var options: CommonOptions

        func run() throws {
            let triggers = try options.open().catalog.triggers().map(\.text)
            options.answer(Answer(triggers: triggers), triggers.joined(separator: "\n"))
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a trigger to the study.", discussion: "Example: curare trigger add face-mask")
        @Argument(help: "Its name.") var name: String
        @OptionGroup var options: CommonOptions

        func run() throws {
            let study = try options.openToChange()
            let added = try study.catalog.add(triggers: names([name]))
            options.answer(
                Answer(triggers: try study.catalog.triggers().map(\.text)),
                added == 0 ? "\(name) was known already" : "added \(name)")
        }
    }
}
