import ArgumentParser
import Core
import Workflows

struct FacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faces",
        abstract: "Search all photos for faces again, compute face embeddings, or accept suggested faces.",
        discussion: """
            Examples:
              curare faces --detector cnn
              curare faces --embed
              curare faces accept --all
            """,
        subcommands: [Search.self, AcceptFacesCommand.self],
        defaultSubcommand: Search.self)

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Search all photos for faces again, or compute the missing face embeddings.",
            discussion: """
                All photos of a workspace are searched with one detector. This command replaces the faces, landmarks \
                and quality measures of all photos, and the workspace uses the detector from then on. The detector cnn \
                is dlib's face network. Its weights are fetched once with `make face-weights`. The detector hog needs \
                no weights.

                Existing versions with face crops stay as they are. `curare rebuild` makes their images from the faces \
                that they record. To validate or export, split the recipe again: `curare verify` reports the photos \
                whose crop is different now. A box that session.csv marks with `face_box` keeps its precedence, and so \
                does an accepted box.

                With --embed, no face is searched: the command computes the missing embeddings, 128 numbers that \
                describe a face, with the weights of `make face-weights`. `curare audit` compares them with the labels. \
                Embeddings are biometric data. They stay in the catalog, and a withdrawal removes them.

                Examples:
                  curare faces --detector cnn
                  curare faces --embed
                """)

        @Option(help: ArgumentHelp("The face detector: cnn or hog.", valueName: "detector"))
        var detector: FaceDetectorKind?
        @Flag(help: "Compute the face embeddings of all photos with a face that have none.")
        var embed = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (detector == nil) == embed else {
                throw ValidationError("Name a detector with --detector, or use --embed.")
            }
        }

        func run() throws {
            guard let detector else {
                let result = try options.run(EmbedFaces.self, EmbedFaces.Request())
                return try options.output(result: result, FacesText.text(result))
            }
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
