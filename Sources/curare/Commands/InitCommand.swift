import ArgumentParser
import Catalog
import Core
import Foundation
import Storage

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the workspace of a new study.",
        discussion: """
            The seven triggers of the reference study are known from the start; --trigger adds others. The profile is what import makes images for: \
            SIZE-CROP-COLOUR with a size from 16 to 1024, crop face, centre or none, colour srgb or grey. Recipes may ask for others.

            Near-duplicates of one volunteer never stand on both sides of a split: photos whose 64-bit perceptualHashes differ in at most --group-distance bits, and all that these lead to. 0 joins equal ones alone, 3 misses the fewest and joins the most.

            Example: curare init study --trigger face-mask --profile 224-face-srgb
            """)

    @Argument(help: "The folder to make.") var dir: String
    @Option(
        name: .customLong("trigger"),
        help: ArgumentHelp("A trigger that the study adds; may be repeated.", valueName: "name")) var triggers:
        [String] = []
    @Option(help: ArgumentHelp("What import makes images for.", valueName: "profile")) var profile = Profile.standard
    @Option(help: ArgumentHelp("Bits in which near-duplicates differ at most, 0 to 3.", valueName: "bits"))
    var groupDistance = GroupDistance.standard
    @OptionGroup var options: CommonOptions

    func run() throws {
        let workspace = Workspace(root: URL(filePath: dir))
        let catalog = try Catalog.create(
            in: workspace, profile: profile, triggers: names(triggers), groups: groupDistance)
        options.answer(
            Answer(
                workspace: workspace.root.path, profile: profile.name, triggers: try catalog.triggers().map(\.text),
                groupDistance: groupDistance.bits),
            "made the workspace \(workspace.root.path)\nnext: curare import SESSION_DIR --workspace \(dir)")
    }

    private struct Answer: Encodable {
        let workspace, profile: String
        let triggers: [String]
        let groupDistance: Int
    }
}

extension Profile: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
}

/// More than 3 bits is refused: photos that differ in more are different photos, and whole classes would become one group.
extension GroupDistance: ExpressibleByArgument {
    public init?(argument: String) {
        guard let bits = Int(argument) else { return nil }
        self.init(bits)
    }
}

/// Trigger names out of the command line.
///
/// - Throws: ``CurareError`` (65) for one that breaks the rule.
func names(_ texts: [String]) throws -> [TriggerName] {
    try texts.map { text in
        guard text != "none", let name = TriggerName(text) else {
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" cannot name a trigger", next: TriggerName.rule + "; none is taken")
        }
        return name
    }
}
