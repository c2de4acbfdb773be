import Catalog
import Core
import Learning

/// The face embeddings of the photos of a workspace, stored and new ones.
struct EmbeddedFaces {
    /// Embeddings of at most this many photos are computed without an explicit command.
    static let automaticLimit = 20_000
    /// Embeddings of at most this many photos are read for an audit.
    static let auditLimit = 100_000

    private let session: WorkspaceSession
    private let context: WorkflowContext

    init(_ session: WorkspaceSession, _ context: WorkflowContext) {
        self.session = session
        self.context = context
    }

    /// Returns the embeddings for an audit: the stored ones, and those of other photos with a face, which are computed
    /// now unless there are too many. Reports what an audit cannot examine.
    ///
    /// Without the weights of the network the result is empty.
    func forAudit(_ facts: [PhotoFacts]) throws -> [PhotoID: FaceEmbedding] {
        guard facts.contains(where: { $0.face.face != nil }) else { return [:] }
        guard let network = try InstalledFaceNetwork.network(in: context.weights) else {
            context.report(.facesNotEmbedded(.weightsNotInstalled))
            return [:]
        }
        let known = try session.catalog.embeddedPhotos(weights: network.digest)
        let missing = facts.filter { $0.face.face != nil && !known.contains($0.photo) }.map(\.photo)
        var embeddings = try session.catalog.embeddings(weights: network.digest, limit: Self.auditLimit)
        guard missing.count <= Self.automaticLimit else {
            context.report(.facesNotEmbedded(.tooMany(missing.count)))
            return embeddings
        }
        embeddings.merge(try compute(missing, with: network).embeddings) { $1 }
        return embeddings
    }

    /// Computes and stores the embeddings of photos, in groups. A group that cannot be stored is only returned.
    ///
    /// - Parameter mustStore: whether a workspace that cannot be changed is an error.
    /// - Returns: the new embeddings, and the photos without one.
    func compute(
        _ photos: [PhotoID], with network: FaceEmbedder, mustStore: Bool = false
    ) throws -> (embeddings: [PhotoID: FaceEmbedding], failed: [PhotoID]) {
        guard !photos.isEmpty else { return ([:], []) }
        let maker = session.imageMaker(context)
        var embeddings: [PhotoID: FaceEmbedding] = [:]
        var unstored = 0
        let failed = try maker.embed(
            photos, network: network.compiled(threads: context.threads),
            receive: { group, faces in
                embeddings.merge(group) { $1 }
                do {
                    guard !session.catalog.isReadOnly else {
                        unstored += group.count
                        return
                    }
                    try session.locked(wait: mustStore ? nil : .zero) {
                        try maker.store(group, of: faces, weights: network.digest)
                    }
                } catch let error as CurareError where !mustStore && [.busy, .inputOutput].contains(error.code) {
                    unstored += group.count
                }
            }, progress: context.progress(.embeddingFaces))
        context.report(.ended(.embeddingFaces))
        if unstored > 0 { context.report(.facesNotEmbedded(.notStored(unstored))) }
        if let example = failed.first {
            context.report(.facesNotEmbedded(.originalsMissing(count: failed.count, example: example)))
        }
        return (embeddings, failed)
    }
}

/// A reason why photos have no stored face embedding.
public enum MissingEmbeddings: Sendable {
    /// The weights of the face network are not installed.
    case weightsNotInstalled
    /// So many photos have no embedding that only an explicit command computes them.
    case tooMany(Int)
    /// The embeddings of so many photos were computed, and could not be stored.
    case notStored(Int)
    /// The originals of photos are missing or damaged.
    case originalsMissing(count: Int, example: PhotoID)
}
