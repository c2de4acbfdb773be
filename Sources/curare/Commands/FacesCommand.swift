import ArgumentParser
import Core
import Workflows

struct FacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faces",
        abstract: "Search all photos for faces again, or accept suggested faces.",
        discussion: """
            Examples:
              curare faces --detector cnn
              curare faces accept --all
            """,
        subcommands: [Search.self, AcceptFacesCommand.self],
        defaultSubcommand: Search.self)

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Search all photos for faces again, with the face detector that you name.",
            discussion: """
                All photos of a workspace are searched with one detector. This command replaces the faces, landmarks \
                and quality measures of all photos, and the workspace uses the detector from then on. The detector cnn \
                is dlib's face network. Its weights are fetched once with `make face-weights`. The detector hog needs \
                no weights.

                Existing versions with face crops stay as they are. `curare rebuild` makes their images from the faces \
                that they record. To validate or export, split the recipe again: `curare verify` reports the photos \
                whose crop is different now. A box that session.csv marks with `face_box` keeps its precedence, and so \
                does an accepted box.

                Example: curare faces --detector cnn
                """)

        @Option(help: ArgumentHelp("The face detector: cnn or hog.", valueName: "detector"))
        var detector: FaceDetectorKind
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(SearchFaces.self, SearchFaces.Request(detector: detector))
            try options.output(
                result: result,
                """
                searched \(result.photos) photos with the detector \(result.detector): \(result.facesFound) faces \
                found; before, with \(result.detectorBefore): \(result.facesFoundBefore)
                """)
        }
    }
}

extension FaceDetectorKind: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument) }

    public var defaultValueDescription: String { rawValue }
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
