import Core
import Intake

/// Accepts suggested face boxes: stores them as boxes that a person marked, and makes the images of these photos again.
public struct AcceptFaces: Workflow {
    public struct Request {
        /// The photos whose suggestion is accepted.
        public enum Selection {
            case all
            /// All photos of a session.
            case session(String)
            /// Ids, or `SESSION/FILE`.
            case photos([String])
        }

        public var selection: Selection
        /// Whether the suggestions are only listed.
        public var dryRun: Bool
        /// Who accepts the boxes; nil if the person is not named.
        public var author: String?

        public init(_ selection: Selection, dryRun: Bool = false, author: String? = nil) {
            self.selection = selection
            self.dryRun = dryRun
            self.author = author
        }
    }

    public struct Result: WorkflowResult {
        public struct AcceptedFace: Encodable {
            public let photo: String
            public let session: String
            public let file: String
            /// x, y, width, height.
            public let box: [Int]

            init(_ suggestion: SuggestedFaces.Suggestion) {
                photo = suggestion.photo.hex
                session = suggestion.sessionPhoto.session.text
                file = suggestion.sessionPhoto.file
                box = suggestion.box.numbers
            }
        }

        /// In the order of photo ids.
        public let accepted: [AcceptedFace]
        /// Suggestions that were selected as a group and not accepted, because the photos have probably lost their
        /// orientation. In the order of photo ids.
        public let leftOut: [AcceptedFace]
        /// Whether nothing was stored.
        public let dryRun: Bool
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (64) if the author is not a valid name; (65) if a photo does not exist or has no
    ///   suggestion, (66) if there is no such session. Nothing is stored then. After the boxes are stored, an image is made from its original: (66) if the original is
    ///   missing, (65) if it is damaged. The boxes stay stored, also if the program is killed, and the next command that
    ///   needs an image makes the image.
    public func run(_ request: Request) throws -> Result {
        let author = try Author.parsing(request.author)
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun)
        let suggested = try SuggestedFaces(session.catalog)
        let selected =
            switch request.selection {
            case .all: try suggested.suggestions()
            case .session(let name): try suggested.suggestions(session: name)
            case .photos(let photos): try suggested.suggestions(of: photos.map(PhotoReference.init))
            }
        // A person who names a photo has looked at the photo.
        let isNamed = if case .photos = request.selection { true } else { false }
        let suggestions = selected.filter { isNamed || !$0.isOrientationSuspect }
        let leftOut = selected.filter { !isNamed && $0.isOrientationSuspect }
        if !request.dryRun, !suggestions.isEmpty {
            try suggested.accept(suggestions, made: context.timestamp, author: author)
            let photos = suggestions.map(\.photo)
            try session.imageMaker(context).remakeFaceCrops(of: photos, progress: context.progress(.makingImages))
            context.report(.ended(.makingImages))
        }
        return Result(
            accepted: suggestions.map(Result.AcceptedFace.init), leftOut: leftOut.map(Result.AcceptedFace.init),
            dryRun: request.dryRun)
    }
}
