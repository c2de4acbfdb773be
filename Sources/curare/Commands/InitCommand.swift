import ArgumentParser
import Catalog
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the workspace of a new study.",
        discussion: """
            The seven triggers of the reference study are known from the start; --trigger adds others.

            Example: curare init study --trigger face-mask
            """)

    @Argument(help: "The folder to make.") var dir: String
    @Option(name: .customLong("trigger"), help: ArgumentHelp("A trigger that the study adds; may be repeated.", valueName: "name")) var triggers: [String] = []
    @OptionGroup var options: CommonOptions

    func run() throws {
        let workspace = Workspace(root: URL(filePath: dir))
        let catalog = try Catalog.create(in: workspace, triggers: names(triggers))
        options.answer(Answer(workspace: workspace.root.path, triggers: try catalog.triggers().map(\.text)),
                       "made the workspace \(workspace.root.path)\nnext: curare import SESSION_DIR --workspace \(dir)")
    }

    private struct Answer: Encodable {
        let workspace: String
        let triggers: [String]
    }
}

/// Trigger names out of the command line.
///
/// - Throws: ``Refusal`` (65) for one that breaks the rule.
func names(_ texts: [String]) throws -> [TriggerName] {
    try texts.map { text in
        guard text != "none", let name = TriggerName(text) else {
            throw Refusal(.badInput, "\"\(text.prefix(80))\" cannot name a trigger", next: TriggerName.rule + "; none is taken")
        }
        return name
    }
}
