import ArgumentParser
import Catalog
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the workspace of a new study.",
        discussion: """
            The seven triggers of the reference study are known from the start; --trigger adds others. The profile is what import makes images for: \
            SIZE-CROP-COLOUR with a size from 16 to 1024, crop face, centre or none, colour srgb or grey. Recipes may ask for others.

            Example: curare init study --trigger face-mask --profile 224-face-srgb
            """)

    @Argument(help: "The folder to make.") var dir: String
    @Option(name: .customLong("trigger"), help: ArgumentHelp("A trigger that the study adds; may be repeated.", valueName: "name")) var triggers: [String] = []
    @Option(help: ArgumentHelp("What import makes images for.", valueName: "profile")) var profile = Profile.standard.name
    @OptionGroup var options: CommonOptions

    func run() throws {
        let workspace = Workspace(root: URL(filePath: dir))
        guard let chosen = Profile(name: profile) else {
            throw ValidationError("\"\(profile.prefix(80))\" is no profile; write SIZE-CROP-COLOUR such as \(Profile.standard).")
        }
        let catalog = try Catalog.create(in: workspace, profile: chosen, triggers: names(triggers))
        options.answer(Answer(workspace: workspace.root.path, profile: chosen.name, triggers: try catalog.triggers().map(\.text)),
                       "made the workspace \(workspace.root.path)\nnext: curare import SESSION_DIR --workspace \(dir)")
    }

    private struct Answer: Encodable {
        let workspace, profile: String
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
