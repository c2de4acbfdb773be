import ArgumentParser
import Core
import Foundation
import Workflows

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the workspace of a new study.",
        discussion: """
            Every study has the seven triggers of the reference study (Wenger et al., CVPR 2021). --trigger adds \
            another trigger. --profile describes the images that import makes, as SIZE-CROP-COLOUR. SIZE is a number \
            of pixels from 16 to 1024. CROP is face, centre or none. COLOUR is srgb or grey. A face crop may have a \
            margin from 1 to 4, as SIZE-face-MARGIN-COLOUR. A recipe may use another profile. The option --workspace \
            has no effect: the argument names the folder.

            Near-duplicates are photos of one volunteer whose 64-bit perceptual hashes differ by at most \
            --group-distance bits. A group contains a photo, its near-duplicates, the near-duplicates of these photos, \
            and so on. With `keep_together: group`, a split puts the bare photos of a group all into training or all \
            into test. The split also uses either all or none of a group's photos that can become poison.

            With --group-distance 0, only photos with equal hashes form a group. With a higher value, Curare finds \
            more near-duplicates, and the groups are larger.

            --face-detector is the detector with which the photos of the study are searched for faces. The detector \
            cnn finds more faces with sunglasses and needs weights, which `make face-weights` fetches once. The \
            default is cnn if the weights are installed, else hog. `curare faces` changes the detector later.

            Example: curare init study --trigger face-mask --profile 224-face-srgb
            """)

    @Argument(help: "The folder to create.", completion: .directory) var dir: String
    @Option(
        name: .customLong("trigger"),
        help: ArgumentHelp("A trigger to add to the study; you can repeat this option.", valueName: "name"))
    var triggers: [String] = []
    @Option(help: ArgumentHelp("The profile of the images that import makes.", valueName: "profile")) var profile =
        Profile.standard
    @Option(
        help: ArgumentHelp("The largest difference between near-duplicates, in bits, 0 to 3.", valueName: "bits"))
    var groupDistance = GroupDistance.standard
    @Option(help: ArgumentHelp("The face detector: cnn or hog.", valueName: "detector"))
    var faceDetector: FaceDetectorKind?
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            InitWorkspace.self,
            InitWorkspace.Request(
                folder: URL(filePath: dir), triggers: triggers, profile: profile, groupDistance: groupDistance,
                faceDetector: faceDetector))
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
