/// The 128 numbers by which the network `dlib-resnet29` describes a face. Embeddings of one person are near each other.
///
/// An embedding is biometric data: it can identify a person.
public struct FaceEmbedding: Hashable, Sendable {
    /// The number of values.
    public static let count = 128

    /// 128 finite values.
    public let values: [Float]

    /// Creates an embedding; nil unless there are exactly ``count`` finite values.
    public init?(_ values: [Float]) {
        guard values.count == Self.count, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
    }

    /// Creates an embedding from 512 bytes: 128 little-endian 32-bit numbers. Nil for other bytes, and if a number is not
    /// finite.
    package init?(littleEndian bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 4 * Self.count else { return nil }
        self.init(
            (0..<Self.count).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            })
    }

    /// The 512 bytes that ``init(littleEndian:)`` reads.
    package var littleEndianBytes: [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    }

    /// Returns the Euclidean distance. dlib treats faces with a distance below 0.6 as one person.
    public func distance(to other: FaceEmbedding) -> Float {
        var sum: Float = 0
        for (left, right) in zip(values, other.values) { sum += (left - right) * (left - right) }
        return sum.squareRoot()
    }
}
