import Core
import Foundation

/// The tensors of a model, by torchvision's names.
public struct Weights: Hashable, Sendable {
    public let tensors: [String: Tensor]

    public init(_ tensors: [String: Tensor]) { self.tensors = tensors }

    /// Names in the order of their UTF-8 bytes.
    public var names: [String] { tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// Digest of all tensors: 64 hex characters. The digest does not depend on a file or on metadata.
    ///
    /// SHA-256 over the tensors in the order of their names' UTF-8 bytes: for each, the line `name type shape` and a
    /// line feed (type `F32` or `I64`; shape as `64x3x7x7`, empty for a single number), then its numbers,
    /// little-endian, row-major.
    public var digest: String {
        var hasher = SHA256Hasher()
        update(&hasher)
        let digest: FileDigest = hasher.finalize()
        return digest.hex
    }

    /// Returns the digest of a file with these tensors and with texts in its header: 64 hex characters.
    ///
    /// SHA-256 over the texts in the order of their keys' UTF-8 bytes, then over the tensors as in ``digest``. For each
    /// text: the line with the number of bytes of the key, a space and the number of bytes of the text; then the key
    /// and the text.
    func digest(metadata: [String: String]) -> String {
        var hasher = SHA256Hasher()
        for (key, text) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            hasher.update("\(key.utf8.count) \(text.utf8.count)\n\(key)\(text)".utf8)
        }
        update(&hasher)
        let digest: FileDigest = hasher.finalize()
        return digest.hex
    }

    private func update(_ hasher: inout SHA256Hasher) {
        for name in names {
            guard let tensor = tensors[name] else { continue }
            hasher.update("\(name) \(tensor.type) \(tensor.shape.map(String.init).joined(separator: "x"))\n".utf8)
            tensor.withBytes { hasher.update($0) }
        }
    }

    /// Returns the tensors of all layers of `model` except the last, and the tensors of the last layer from `head`.
    /// Other tensors are left out.
    public func transferred(to model: Graph, head: Weights) throws(LearningError) -> Weights {
        let trunk = model.trunk
        let own = of(trunk)
        try own.check(fit: trunk)
        var all = own.tensors
        for parameter in model.parameters where all[parameter.name] == nil {
            all[parameter.name] = head.tensors[parameter.name]
            if all[parameter.name] == nil, parameter.kind == .counter {
                all[parameter.name] = Tensor(parameter, Self.values(of: parameter, seed: 0))
            }
        }
        return Weights(all)
    }

    /// Returns the tensors of `part` alone.
    public func of(_ part: Graph) -> Weights {
        let names = Set(part.parameters.map(\.name))
        return Weights(tensors.filter { names.contains($0.key) })
    }

    /// The first tensor, by name, with a value that is not finite.
    private var firstNonFinite: String? { names.first { holds($0) { !$0.isFinite } } }

    private func holds(_ name: String, _ isWanted: (Float) -> Bool) -> Bool {
        guard case .float32(let numbers)? = tensors[name]?.values else { return false }
        return numbers.contains(where: isWanted)
    }

    /// Checks the tensors. A missing counter (`num_batches_tracked`) is no problem.
    ///
    /// - Throws: ``LearningError`` (`weights`) with the first tensor that is missing, unknown, of another shape or
    ///   type, or has an invalid value: infinity, NaN or a negative variance.
    func check(fit model: Graph) throws(LearningError) {
        let parameters = model.parameters
        for parameter in parameters {
            guard let tensor = tensors[parameter.name] else {
                // Many programs do not write `num_batches_tracked`, and no computation needs it.
                if parameter.kind == .counter { continue }
                throw LearningError(
                    .weights, "the weights have no tensor \(parameter.name)", nextStep: "use weights of this model")
            }
            guard tensor.shape == parameter.shape, (tensor.type == "I64") == (parameter.kind == .counter) else {
                throw LearningError(
                    .weights, "tensor \(parameter.name) is \(tensor.type) \(tensor.shape), not \(parameter.shape)",
                    nextStep: "use weights of this model with this number of classes")
            }
        }
        let known = Set(parameters.map(\.name))
        if let stranger = names.first(where: { !known.contains($0) }) {
            throw LearningError(
                .weights, "the weights have the unknown tensor \(stranger)", nextStep: "use weights of this model")
        }
        if let broken = firstNonFinite {
            throw LearningError(
                .weights, "tensor \(broken) has a value that is not finite",
                nextStep: "download the weights again, or train the model again")
        }
        if let variance = names.first(where: { $0.hasSuffix(".running_var") && holds($0) { $0 < 0 } }) {
            throw LearningError(
                .weights, "tensor \(variance) has a negative variance",
                nextStep: "download the weights again, or train the model again")
        }
    }
}

extension Weights {
    /// Returns the initial weights. Each tensor has its own random stream: `curare-init`, the seed and the tensor's
    /// name, one a line.
    public static func initial(for model: Graph, seed: Int) -> Weights {
        var tensors: [String: Tensor] = [:]
        for parameter in model.parameters {
            tensors[parameter.name] = Tensor(parameter, values(of: parameter, seed: seed))
        }
        return Weights(tensors)
    }

    static func values(of parameter: Parameter, seed: Int) -> Tensor.Values {
        var random = SeededRandom(["curare-init", String(seed), parameter.name])
        if parameter.kind == .counter { return .int64(Array(repeating: 0, count: parameter.count)) }
        switch parameter.initial {
        case .constant(let constant):
            return .float32(Array(repeating: constant, count: parameter.count))
        case .uniform(let bound):
            return .float32((0..<parameter.count).map { _ in Float(random.uniform(-bound, bound)) })
        case .normal(let deviation):
            var numbers: [Float] = []
            numbers.reserveCapacity(parameter.count + 1)
            while numbers.count < parameter.count {
                let pair = random.normals()
                numbers.append(Float(deviation * pair.0))
                numbers.append(Float(deviation * pair.1))
            }
            numbers.removeLast(numbers.count - parameter.count)
            return .float32(numbers)
        }
    }
}

/// Numbers with a shape, row-major.
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

    /// - Throws: ``LearningError`` (`weights`) if shape and count do not match.
    public init(_ shape: [Int], _ values: Values) throws(LearningError) {
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
            throw LearningError(
                .weights, "\(values.count) numbers for a tensor of shape \(shape)",
                nextStep: "give as many numbers as the shape has elements")
        }
        self.shape = shape
        self.values = values
    }

    /// - Parameter values: one value for each number of the tensor.
    fileprivate init(_ parameter: Parameter, _ values: Values) {
        precondition(parameter.count == values.count, "\(parameter.name) has \(values.count) values")
        shape = parameter.shape
        self.values = values
    }

    /// The type's name in safetensors.
    var type: String {
        switch values {
        case .float32: "F32"
        case .int64: "I64"
        }
    }

    /// Calls `body` with the little-endian bytes of the numbers (all supported machines are little-endian).
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch values {
        case .float32(let numbers): try numbers.withUnsafeBytes(body)
        case .int64(let numbers): try numbers.withUnsafeBytes(body)
        }
    }
}
