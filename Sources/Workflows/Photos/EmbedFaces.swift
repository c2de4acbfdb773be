import Core
import Learning

/// Computes the face embeddings of all photos with a face that have none, and stores them.
public struct EmbedFaces: Workflow {
    public struct Request {
        public init() {}
    }

    public struct Result: WorkflowResult {
        /// SHA-256 of the weights of the face network.
        public let weights: String
        public let photos: Int
        /// Photos with a face that counts. Only these can have an embedding.
        public let withFace: Int
        /// Embeddings that were computed now.
        public let embedded: Int
        /// Photos with a face and without an embedding, because their originals are missing or damaged.
        public let failed: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// If the program is interrupted, the embeddings of complete groups are stored.
    ///
    /// - Throws: ``CurareError`` (66) if the weights of the network are not installed, (75) if another process changes
    ///   the workspace.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.writing(context)
        guard let network = try InstalledFaceNetwork.network(in: context.weights) else {
            throw CurareError(
                .missingInput, "the weights of the face network are not installed",
                at: context.weights.appending(path: FaceEmbedder.fileName).path,
                next: "fetch them once with: make face-weights")
        }
        let known = try session.catalog.embeddedPhotos(weights: network.digest)
        var photos = 0
        var withFace = 0
        var missing: [PhotoID] = []
        try session.catalog.forEachPhoto(nil, .init(landmarks: .none, quality: false)) { fact in
            photos += 1
            guard fact.face.face != nil else { return }
            withFace += 1
            if !known.contains(fact.photo) { missing.append(fact.photo) }
        }
        let failed = try EmbeddedFaces(session, context).compute(missing, with: network, mustStore: true).failed
        return Result(
            weights: network.digest.hex, photos: photos, withFace: withFace, embedded: missing.count - failed.count,
            failed: failed.count)
    }
}
