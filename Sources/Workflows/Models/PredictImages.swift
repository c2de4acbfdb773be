import Core
import Foundation
import Imaging
import Intake
import Storage
import Validation

/// Classifies photos with a trained model.
public struct PredictImages: Workflow {
    public enum Model {
        /// The poisoned model of a run of the workspace, or its control.
        case run(String, control: Bool)
        /// A safetensors file.
        case file(URL)
    }

    public struct Request {
        public var model: Model
        /// Paths of files. With a run, also photos of the catalog: the first digits of an id, or `SESSION/FILE`.
        public var photos: [String]
        /// The network, for a weights file that does not name the network.
        public var network: String?
        /// The side, in pixels, that photos are scaled to. Nil for the size in the weights file or, if the file has no
        /// size, for the shorter side of each photo.
        public var size: Int?

        public init(model: Model, photos: [String], network: String? = nil, size: Int? = nil) {
            self.model = model
            self.photos = photos
            self.network = network
            self.size = size
        }
    }

    public struct Result: WorkflowResult {
        public struct PhotoPrediction: Encodable {
            public let image: String
            public let label: String
            public let logits: [Float]
        }

        public let predictions: [PhotoPrediction]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if the run or a photo does not exist; (65) if the weights or a photo are damaged, or a
    ///   consent is missing.
    public func run(_ request: Request) throws -> Result {
        let file: URL
        var detector = FaceDetectorKind.hog
        let photos: [(String, [UInt8])]
        switch request.model {
        case .file(let named):
            file = named
            photos = try request.photos.map {
                ($0, try RegularFile.contents(ofNamedFile: $0, limit: DecodingLimits().bytes))
            }
        case .run(let name, let control):
            let session = try WorkspaceSession.reading(context)
            detector = try session.catalog.faceDetector()
            file = try RunFolder.modelFile(
                control ? .control : .poisoned, of: RunFolder.find(name, in: session.workspace))
            photos = try request.photos.map { ($0, try session.photo(named: $0).bytes) }
        }
        let predictor = try Predictor(
            ModelFile(file), model: request.network, size: request.size, threads: context.threads,
            faces: { [detector] in try FaceFinderLoader.installed.load(detector) })
        let predictions = try predictor.predict(photos)
        return Result(
            predictions: predictions.map {
                Result.PhotoPrediction(image: $0.image, label: $0.label, logits: $0.logits)
            })
    }
}
