/// Numbers in a shape, row after row.
public struct Tensor: Hashable, Sendable {
    public enum Values: Hashable, Sendable {
        case float32([Float])
        case int64([Int64])

        public var count: Int {
            switch self {
            case .float32(let numbers): numbers.count
            case .int64(let numbers): numbers.count
            }
        }
    }

    /// Empty for a single number.
    public let shape: [Int]
    public let values: Values

    /// - Throws: ``LearningError`` (`weights`) where shape and count disagree.
    public init(_ shape: [Int], _ values: Values) throws(LearningError) {
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
            throw LearningError(
                .weights, "\(values.count) numbers for a tensor of shape \(shape)",
                next: "give as many numbers as the shape has places")
        }
        (self.shape, self.values) = (shape, values)
    }

    /// As safetensors writes it.
    var type: String {
        switch values {
        case .float32: "F32"
        case .int64: "I64"
        }
    }

    /// Calls `body` with the numbers' little-endian bytes (all machines that Curare runs on are little-endian).
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch values {
        case .float32(let numbers): try numbers.withUnsafeBytes(body)
        case .int64(let numbers): try numbers.withUnsafeBytes(body)
        }
    }
}
