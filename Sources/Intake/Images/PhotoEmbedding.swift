import Catalog
import Core
import Imaging

/// Face embeddings of photos.
extension ImageMaker {
    /// The images from which embeddings are computed: the chip of dlib's face network.
    ///
    /// Its padding of 0.25 around the landmarks is about ``Core/FaceMargin/tight``.
    static let chip = Profile(size: 150, crop: .face, margin: .tight)

    /// The number of photos in a call of the network, and in a transaction.
    private static let embeddedTogether = 128

    /// Computes the embeddings of photos from their originals, and calls `receive` for groups of photos.
    ///
    /// - Parameters:
    ///   - photos: photos with a face that counts. Other photos are left out.
    ///   - network: returns one embedding for each image, or nil where it fails.
    ///   - receive: receives embeddings, and the faces from which they were computed.
    ///   - progress: called with the number of photos done.
    /// - Returns: the photos without an embedding, because their originals are missing or damaged.
    public func embed(
        _ photos: [PhotoID], network: ([[UInt8]]) throws -> [FaceEmbedding?],
        receive: ([PhotoID: FaceEmbedding], [PhotoID: PhotoFace]) throws -> Void, progress: (Int, Int) -> Void
    ) throws -> [PhotoID] {
        guard let chip = Self.chip else { return photos }
        var failed: [PhotoID] = []
        for start in stride(from: 0, to: photos.count, by: Self.embeddedTogether) {
            let group = Array(photos[start..<min(start + Self.embeddedTogether, photos.count)])
            // Read before the images are rendered: a face that changes in between is noticed when the embedding is stored.
            let faces = try facesThatCount(of: group)
            var chips: [(photo: PhotoID, pixels: [UInt8])] = []
            try render(group.filter { faces[$0] != nil }, chip) { photo, result in
                switch result {
                case .success(let picture): chips.append((photo, picture.rgb))
                case .failure: failed.append(photo)
                }
            }
            var embeddings: [PhotoID: FaceEmbedding] = [:]
            for (chip, embedding) in zip(chips, try network(chips.map(\.pixels))) {
                if let embedding { embeddings[chip.photo] = embedding } else { failed.append(chip.photo) }
            }
            try receive(embeddings, faces)
            progress(min(start + group.count, photos.count), photos.count)
        }
        return failed
    }

    /// Stores the embeddings of photos whose face is still the one from which the embedding was computed. The caller has
    /// the lock of the workspace.
    public func store(_ embeddings: [PhotoID: FaceEmbedding], of faces: [PhotoID: PhotoFace], weights: FileDigest)
        throws
    {
        let today = try facesThatCount(of: embeddings.keys.sorted())
        try catalog.store(
            embeddings: embeddings.filter { today[$0.key] != nil && today[$0.key] == faces[$0.key] }, weights: weights)
    }

    private func facesThatCount(of photos: [PhotoID]) throws -> [PhotoID: PhotoFace] {
        try catalog.faces(of: photos).compactMapValues(\.face)
    }
}
