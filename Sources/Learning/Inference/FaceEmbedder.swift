import Core

/// dlib's network for face recognition, with the weights that `make face-weights` writes: 128 numbers for a face.
///
/// The input is the chip on which the network was trained: 150 px, about `crop: face, margin: tight`. The embedding of an
/// image depends only on the image, the weights and the machine.
public final class FaceEmbedder: Sendable {
    /// The name of the weights file in the user's folder.
    public static let fileName = "face.safetensors"
    /// SHA-256 of the weights file.
    public static let fileDigest = "a28b11b163030b93f76dcebfb03f931cd50d3a1c692bc5bbc2691dbea3d44a43"
    /// Width and height of the images, in pixels.
    public static let side = 150

    /// SHA-256 of the weights file.
    public let digest: FileDigest
    private let weights: Weights

    /// - Parameter file: the bytes of the weights file.
    /// - Throws: ``LearningError`` (`weights`) if the bytes do not have ``fileDigest``.
    public init(file: [UInt8]) throws {
        digest = FileDigest.sha256(of: file)
        guard digest.hex == Self.fileDigest else {
            throw LearningError(
                .weights, "the weights of the face network have the SHA-256 \(digest.hex), not \(Self.fileDigest)",
                nextStep: "delete the file and run: make face-weights")
        }
        weights = try Weights.read(safetensors: file).weights
    }

    /// Returns a function that computes embeddings. It compiles the network once, and runs on the caller's thread.
    ///
    /// - Parameter threads: the threads of the network.
    /// - Returns: a function from images (150 · 150 · 3 bytes, row by row) to one embedding for each image; nil for an
    ///   image whose output is not finite.
    /// - Throws: ``LearningError`` if the system delivers another number of threads.
    public func compiled(threads: Int) throws -> (_ images: [[UInt8]]) throws -> [FaceEmbedding?] {
        let classifier = try Classifier(
            Models.dlibEmbedding(), weights, size: Self.side, on: ThreadTeam.open(threads: threads))
        return { images in try classifier.logits(of: Chips(images: images)).map { FaceEmbedding($0) } }
    }

    /// Images without labels.
    private struct Chips: ExampleSource {
        let images: [[UInt8]]

        var count: Int { images.count }

        func key(at index: Int) -> String { "\(index)" }

        func label(at index: Int) -> Int { 0 }

        func pixels(at index: Int) throws -> [UInt8] { images[index] }
    }
}
