import Core
import Foundation
import Imaging
import Intake
import Storage
import Validation
import Versions

/// Draws saliency maps (Grad-CAM) of a run's models for photos.
public struct ExplainRun: Workflow {
    /// The largest number of photos in one request.
    public static let maximumPhotos = RunExplainer.maximumPhotoCount

    public struct Request {
        public var run: String
        /// Photos of the catalog (the first digits of an id, or `SESSION/FILE`), or paths of files.
        public var photos: [String]
        /// The PNG file to write; it must not exist.
        public var output: URL
        /// The class to explain; nil is the class that each model predicts.
        public var label: String?
        /// Explains the control model only.
        public var controlOnly: Bool
        /// The smallest side of feature maps for which saliency maps are drawn. Tests accept smaller maps.
        var minimumMapSide = SaliencyResolution.minimumSide

        public init(run: String, photos: [String], output: URL, label: String? = nil, controlOnly: Bool = false) {
            self.run = run
            self.photos = photos
            self.output = output
            self.label = label
            self.controlOnly = controlOnly
        }
    }

    public struct Result: WorkflowResult {
        public struct ModelSaliency: Encodable {
            public let model: String
            public let label: String
            @ExplicitNull public var probability: Double?
            /// The part of the map inside the trigger's box, inside the face, and outside the face.
            @ExplicitNull public var trigger: Double?
            @ExplicitNull public var face: Double?
            @ExplicitNull public var offFace: Double?
        }

        /// The part of the image inside the trigger's box and inside the face.
        public struct Areas: Encodable {
            @ExplicitNull public var trigger: Double?
            @ExplicitNull public var face: Double?
        }

        public struct ExplainedPhoto: Encodable {
            public let image: String
            @ExplicitNull public var photo: String?
            public let areas: Areas
            public let models: [ModelSaliency]

            init(_ explained: RunExplainer.ExplainedPhoto) {
                image = explained.name
                _photo = ExplicitNull(wrappedValue: explained.photo?.hex)
                areas = Areas(trigger: explained.areas.trigger, face: explained.areas.face)
                models = explained.results.map { role, result in
                    ModelSaliency(
                        model: role.rawValue, label: result.label, probability: result.probability,
                        trigger: result.trigger, face: result.face, offFace: result.offFace)
                }
            }
        }

        public let run: String
        public let out: String
        public let photos: [ExplainedPhoto]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the output exists, a consent is missing, a photo is damaged, or the feature maps
    ///   of the run's models are too small; (66) if the run or a photo does not exist.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        try UserFile.requireAbsent(
            request.output, next: "name a file that does not exist yet, or delete this one")
        let run = try RunFolder.find(request.run, in: session.workspace)
        let (version, regions) = try version(of: run, session)
        let explainer = try RunExplainer(
            run: run, of: version, regions, models: request.controlOnly ? [.control] : ModelRole.allCases,
            threads: context.threads, minimumMapSide: request.minimumMapSide,
            faces: { try FaceFinderLoader.installed.load(session.catalog.faceDetector()) })
        let photos = try request.photos.map { try photo(named: $0, session) }
        let explained = try explainer.explain(photos, as: request.label, heading: request.run)
        try AtomicFile.removeAbandoned(of: [request.output])
        try AtomicFile.write(Data(explained.picture.png()), to: request.output, replaces: false)
        return Result(
            run: request.run, out: request.output.path, photos: explained.photos.map(Result.ExplainedPhoto.init))
    }

    /// Returns the run's version, and the regions of the version's images with drawn triggers. The version is nil if it
    /// does not exist any more. The regions are nil if no image has a drawn trigger.
    private func version(of run: URL, _ session: WorkspaceSession) throws -> (Version?, VersionRegions?) {
        let reference = try VersionReference.parse(RunFolder.version(of: run))
        guard try session.versions.numbers(of: reference.name).contains(where: { $0 == reference.number }) else {
            return (nil, nil)
        }
        let version = try session.versions.read(reference)
        guard version.hasCopies else { return (version, nil) }
        let overlays = try version.overlayImages(in: session.versions.folder(reference))
        return (
            version,
            try VersionRegions(
                drawnCopiesOf: version, in: session.workspace, facts: { try session.catalog.facts(of: $0) },
                drawing: overlays.placed)
        )
    }

    /// Reads a photo of the catalog, or a file. A file that is a photo of the catalog counts as that photo.
    private func photo(named name: String, _ session: WorkspaceSession) throws -> RunExplainer.Input {
        let (bytes, facts) = try session.photo(named: name)
        return RunExplainer.Input(name: name, bytes: bytes, facts: facts)
    }
}
