import Crypto
import Foundation

/// All tensors of a model by torchvision's names.
public struct Weights: Hashable, Sendable {
    public let tensors: [String: Tensor]

    public init(_ tensors: [String: Tensor]) { self.tensors = tensors }

    /// Names in the order of their UTF-8 bytes.
    public var names: [String] { tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// What the promise "bit for bit the same weights" is held to: 64 hex characters, whatever the file and its metadata.
    ///
    /// SHA-256 over all tensors in the order of their names' UTF-8 bytes: for each, the line `name type shape` and a line feed (type `F32`
    /// or `I64`, shape as `64x3x7x7`, empty for a single number), then its numbers, little-endian, row after row.
    public var digest: String {
        var hash = SHA256()
        for name in names {
            guard let tensor = tensors[name] else { continue }
            hash.update(
                data: Data("\(name) \(tensor.type) \(tensor.shape.map(String.init).joined(separator: "x"))\n".utf8))
            tensor.withBytes { hash.update(bufferPointer: $0) }
        }
        return hash.finalize().hex
    }

    /// These weights' tensors for all layers of `model` but the last, and the last layer's as they are in `head`. Whatever else there is, such as the last layer of
    /// another task, is left out.
    public func transferred(to model: Graph, head: Weights) throws(LearningError) -> Weights {
        let trunk = model.trunk
        let own = of(trunk)
        try own.check(fit: trunk)
        var all = own.tensors
        for parameter in model.parameters where all[parameter.name] == nil {
            all[parameter.name] = head.tensors[parameter.name]
        }
        return Weights(all)
    }

    /// The tensors of `part`'s layers alone.
    public func of(_ part: Graph) -> Weights {
        let names = Set(part.parameters.map(\.name))
        return Weights(tensors.filter { names.contains($0.key) })
    }

    /// The first tensor by name that holds an infinity or what is no number.
    private var firstBroken: String? { names.first { holds($0) { !$0.isFinite } } }

    private func holds(_ name: String, _ isWanted: (Float) -> Bool) -> Bool {
        guard case .float32(let numbers)? = tensors[name]?.values else { return false }
        return numbers.contains(where: isWanted)
    }

    /// - Throws: ``LearningError`` (`weights`) naming the first tensor that is missing, too many, of another shape or type, or holds what no model can be computed with: an
    ///   infinity, what is no number, a variance below 0.
    func check(fit model: Graph) throws(LearningError) {
        let parameters = model.parameters
        for parameter in parameters {
            guard let tensor = tensors[parameter.name] else {
                throw LearningError(
                    .weights, "the weights lack tensor \(parameter.name)", next: "use weights made for this model")
            }
            guard tensor.shape == parameter.shape, (tensor.type == "I64") == (parameter.kind == .counter) else {
                throw LearningError(
                    .weights, "tensor \(parameter.name) is \(tensor.type) \(tensor.shape), not \(parameter.shape)",
                    next: "use weights made for this model and number of classes")
            }
        }
        let known = Set(parameters.map(\.name))
        if let stranger = names.first(where: { !known.contains($0) }) {
            throw LearningError(
                .weights, "the model has no tensor \(stranger)", next: "use weights made for this model")
        }
        if let broken = firstBroken {
            throw LearningError(
                .weights, "tensor \(broken) holds what is no number",
                next: "get the weights again, or train the model again")
        }
        if let variance = names.first(where: { $0.hasSuffix(".running_var") && holds($0) { $0 < 0 } }) {
            throw LearningError(
                .weights, "tensor \(variance) holds a variance below 0",
                next: "get the weights again, or train the model again")
        }
    }
}
