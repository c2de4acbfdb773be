import ArgumentParser
import Catalog
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the workspace of a new study.",
        discussion: """
            The seven triggers of the reference study are known from the start; --trigger adds others.

            Near-duplicates of one volunteer never stand on both sides of a split: photos whose 64-bit likenesses differ in at most --group-distance bits, and all that these lead to. 0 joins equal ones alone, 3 misses the fewest and joins the most.

            Example: curare init study --trigger face-mask
            """)

    @Argument(help: "The folder to make.") var dir: String
    @Option(name: .customLong("trigger"), help: ArgumentHelp("A trigger that the study adds; may be repeated.", valueName: "name")) var triggers: [String] = []
    @Option(help: ArgumentHelp("Bits in which near-duplicates differ at most, 0 to 3.", valueName: "bits")) var groupDistance = GroupDistance.standard.bits
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard GroupDistance(groupDistance) != nil else {
            throw ValidationError("--group-distance takes 0, 1, 2 or 3: photos that differ in more bits are different photos, and whole classes would become one group.")
        }
    }

    func run() throws {
        let workspace = Workspace(root: URL(filePath: dir))
        let catalog = try Catalog.create(in: workspace, triggers: names(triggers), groups: GroupDistance(groupDistance) ?? .standard)
        options.answer(Answer(workspace: workspace.root.path, triggers: try catalog.triggers().map(\.text), groupDistance: groupDistance),
                       "made the workspace \(workspace.root.path)\nnext: curare import SESSION_DIR --workspace \(dir)")
    }

    private struct Answer: Encodable {
        let workspace: String
        let triggers: [String]
        let groupDistance: Int
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
