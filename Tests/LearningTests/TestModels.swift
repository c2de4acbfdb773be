@testable import Learning

/// Weights and pixels that make_golden.py computes by the same formula, so that the golden files contain only results.
enum FormulaNumbers {
    /// Numbers of −½ … ½ with 24 bits each, from 32-bit integer arithmetic.
    static func numbers(stream: Int, count: Int) -> [Double] {
        (0..<count).map { number(stream, $0) }
    }

    private static func number(_ stream: Int, _ index: Int) -> Double {
        var x = (UInt64(index) * 2_654_435_761 + UInt64(stream) * 40_503 + 12_345) & 0xFFFF_FFFF
        x ^= x >> 15
        x = (x * 2_246_822_519) & 0xFFFF_FFFF
        x ^= x >> 13
        return Double(x >> 8) / 0x1p24 - 0.5
    }

    /// - Parameter calm: whether normalizations give mostly positive numbers, so that few ReLUs are near 0.
    static func weights(for model: Graph, calm: Bool = false) throws -> Weights {
        let parameters = model.parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let norms = Set(parameters.filter { $0.name.hasSuffix(".running_mean") }.map(\.layer))
        var tensors: [String: Tensor] = [:]
        for (stream, parameter) in parameters.enumerated() {
            if parameter.kind == .counter {
                tensors[parameter.name] = try Tensor([], .int64([0]))
                continue
            }
            let (offset, scale): (Double, Double) =
                if calm, norms.contains(parameter.layer), parameter.kind == .trained {
                    parameter.name.hasSuffix("weight") ? (0.3, 0.06) : (1, 0.4)
                } else if parameter.name.hasSuffix("running_var") {
                    (1, 0.5)
                } else if parameter.shape.count == 1, parameter.name.hasSuffix("weight") {
                    (1, 0.2)
                } else if parameter.shape.count == 1 {
                    (0, 0.2)
                } else {
                    (0, (24.0 / Double(parameter.count / parameter.shape[0])).squareRoot())
                }
            // Without an intermediate array of doubles: VGG-16's largest tensor has 100 million numbers.
            tensors[parameter.name] = try Tensor(
                parameter.shape, .float32((0..<parameter.count).map { Float(offset + scale * number(stream, $0)) }))
        }
        return Weights(tensors)
    }

    static func pixels(images: Int, size: Int, stream: Int = 1000) -> [[UInt8]] {
        let each = 3 * size * size
        let all = numbers(stream: stream, count: images * each).map { UInt8((($0 + 0.5) * 256).rounded(.down)) }
        return (0..<images).map { Array(all[$0 * each..<($0 + 1) * each]) }
    }
}

/// Images in memory.
struct ArraySource: ExampleSource {
    let images: [[UInt8]]
    let labels: [Int]

    var count: Int { images.count }
    func key(at index: Int) -> String { "image-\(index)" }
    func label(at index: Int) -> Int { labels[index] }
    func pixels(at index: Int) -> [UInt8] { images[index] }
}

/// Models that are small enough to compare every number.
enum SmallModels {
    /// Each kind of layer once, with channels that do not fill a vector; `EveryLayer` in make_golden.py. Images of 12
    /// px.
    static var everyLayer: Graph {
        var model = Graph(classes: 3)
        var x = model.relu(model.convolution("a", model.input, to: 5, kernel: 3, padding: 1, bias: true))
        x = model.batchNorm("d", model.maxPool(x, kernel: 3, stride: 2, padding: 1))
        x = model.sum(x, model.convolution("e", x, to: 5, kernel: 3, padding: 1))
        x = model.averagePool(model.batchNorm("g", x, relu: true), kernel: 2, stride: 2)
        x = model.relu(model.linear("i", x, to: 4, plane: 9))
        _ = model.linear("k", x, to: 3)
        return model
    }

    /// Convolution, batch norm, ReLU, global pool, linear: fast to train. Images from 8 px.
    static func plain(classes: Int) -> Graph {
        var model = Graph(classes: classes)
        var x = model.batchNorm(
            "bn1", model.convolution("conv1", model.input, to: 16, kernel: 3, stride: 2, padding: 1), relu: true)
        x = model.batchNorm("bn2", model.convolution("conv2", x, to: 32, kernel: 3, stride: 2, padding: 1), relu: true)
        _ = model.linear("fc", model.globalAveragePool(x), to: classes)
        return model
    }
}

extension Weights {
    /// Returns the whole safetensors file.
    func safetensors(metadata: [String: String] = [:], hasDigest: Bool = false) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try safetensors(metadata: metadata, hasDigest: hasDigest) { bytes.append(contentsOf: $0) }
        return bytes
    }
}

extension Checkpoint {
    /// Returns the whole file.
    func safetensors() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try safetensors { bytes.append(contentsOf: $0) }
        return bytes
    }
}
