import ArgumentParser
import Core
import Foundation
import Workflows

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the workspace of a new study.",
        discussion: """
            Every study has the seven triggers of the reference study; --trigger adds more. The profile describes the \
            images that import makes: SIZE-CROP-COLOUR, with a size from 16 to 1024, the crop face, centre or none, \
            and the colour srgb or grey. Recipes may use other profiles.

            Photos of one volunteer whose 64-bit hashes differ by at most --group-distance bits form one group, as do \
            chains of them. A split never divides a group. 0 groups equal hashes only; 3 finds the most \
            near-duplicates and makes the largest groups.

            Example: curare init study --trigger face-mask --profile 224-face-srgb
            """)

    @Argument(help: "The folder to create.") var dir: String
    @Option(
        name: .customLong("trigger"),
        help: ArgumentHelp("A trigger to add to the study; may be repeated.", valueName: "name")) var triggers:
        [String] = []
    @Option(help: ArgumentHelp("The profile of the images that import makes.", valueName: "profile")) var profile =
        Profile.standard
    @Option(
        help: ArgumentHelp("The largest difference between near-duplicates, in bits: 0 to 3.", valueName: "bits"))
    var groupDistance = GroupDistance.standard
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            InitWorkspace.self,
            InitWorkspace.Request(
                folder: URL(filePath: dir), triggers: triggers, profile: profile, groupDistance: groupDistance))
        try options.output(
            result: result,
            "created the workspace \(result.workspace)\nnext: curare import SESSION_DIR --workspace \(dir)")
    }
}

extension Profile: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
}

/// More than 3 bits is an error: photos with more different bits are different photos, and whole classes would become
/// one group.
extension GroupDistance: ExpressibleByArgument {
    public init?(argument: String) {
        guard let bits = Int(argument) else { return nil }
        self.init(bits)
    }
}
