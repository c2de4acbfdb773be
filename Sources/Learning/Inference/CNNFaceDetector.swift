import Core

/// dlib's MMOD face detector: its network, with the weights that `make face-weights` writes.
///
/// The input is the tensor of an image pyramid. Each output is the score of a box; see `Models.mmodFaceDetector`.
///
/// The last convolution has a 9 × 9 kernel and a single output channel. oneDNN 2.6.3 needs as long for it as for the
/// rest of the network. The convolution is therefore computed as a 1 × 1 convolution, which gives the product of each
/// position of the kernel with each input vector, and a sum of these products over the 81 positions.
public final class CNNFaceDetector: Sendable {
    /// The name of the weights file in the user's folder.
    public static let fileName = "face-detector.safetensors"
    /// SHA-256 of the weights file.
    public static let fileDigest = "747ba850a00452c0caa4605ad6c68436d371ccf97fed3bc2a713315bf6ac133b"

    private let network: PlaneNetwork
    /// The offset of the last convolution.
    private let offset: Float

    /// - Parameter file: the bytes of the weights file.
    /// - Throws: ``LearningError`` (`weights`) if the bytes do not have ``fileDigest``.
    public convenience init(file: [UInt8]) throws {
        let digest = FileDigest.sha256(of: file).hex
        guard digest == Self.fileDigest else {
            throw LearningError(
                .weights, "the weights of the face detector have the SHA-256 \(digest), not \(Self.fileDigest)",
                nextStep: "delete the file and run: make face-weights")
        }
        try self.init(Weights.read(safetensors: file).weights)
    }

    /// - Throws: ``LearningError`` (`weights`) if the weights do not fit the network.
    init(_ weights: Weights) throws(LearningError) {
        try weights.check(fit: Models.mmodFaceDetector())
        var tensors = weights.tensors
        guard case .float32(let kernel)? = tensors["conv7.weight"]?.values,
            case .float32(let offsets)? = tensors.removeValue(forKey: "conv7.bias")?.values
        else {
            throw LearningError(
                .weights, "the last convolution has no float32 tensors", nextStep: "use weights of this model")
        }
        let positions = Self.side * Self.side
        let channels = kernel.count / positions
        // From channels × positions to positions × channels.
        let split = (0..<positions * channels).map { kernel[$0 % channels * positions + $0 / channels] }
        tensors["conv7.weight"] = try Tensor([positions, channels, 1, 1], .float32(split))
        network = try PlaneNetwork(Models.mmodFaceDetector(splitsLastKernel: true), Weights(tensors))
        offset = offsets[0]
    }

    /// Side of the kernel of the last convolution, and zeros around its input.
    private static let side = 9
    private static let padding = 4

    /// Returns the scores for a tensor, row by row. Runs on the caller's thread.
    ///
    /// - Parameter planes: red, green and blue, each height × width numbers as dlib normalizes them.
    /// - Throws: ``LearningError`` (`data`, `settings`) if the planes do not have this size or are too small.
    @Sendable public func scores(_ planes: [Float], _ height: Int, _ width: Int) throws -> [Float] {
        let products = try network.output(of: planes, height: height, width: width)
        // Three strided convolutions without padding precede.
        func reduced(_ side: Int) -> Int { (0..<3).reduce(side) { side, _ in (side - 5) / 2 + 1 } }
        return sum(products, rows: reduced(height), columns: reduced(width))
    }

    /// Returns, for each output, the sum of the products of all positions of the kernel, and the offset.
    private func sum(_ products: [Float], rows: Int, columns: Int) -> [Float] {
        var scores = [Float](repeating: offset, count: rows * columns)
        precondition(products.count == Self.side * Self.side * scores.count)
        scores.withUnsafeMutableBufferPointer { scores in
            products.withUnsafeBufferPointer { products in
                for position in 0..<Self.side * Self.side {
                    let down = position / Self.side - Self.padding
                    let right = position % Self.side - Self.padding
                    let first = max(0, -right)
                    let count = max(0, min(columns, columns - right) - first)
                    for row in max(0, -down)..<max(0, -down, min(rows, rows - down)) {
                        let target = row * columns + first
                        let source = position * rows * columns + (row + down) * columns + first + right
                        for column in 0..<count { scores[target &+ column] += products[source &+ column] }
                    }
                }
            }
        }
        return scores
    }
}
