extension Weights {
    /// The weights before the first step, each tensor from its own stream: `curare-init`, the seed and the tensor's name, a line each.
    public static func initial(for model: Graph, seed: Int) -> Weights {
        var tensors: [String: Tensor] = [:]
        for parameter in model.parameters {
            // A parameter has as many numbers as its shape has places.
            tensors[parameter.name] = try? Tensor(parameter.shape, values(of: parameter, seed: seed))
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
