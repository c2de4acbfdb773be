import Foundation

@testable import Learning

/// A tensor in double precision, row after row.
struct ReferenceTensor {
    let dims: [Int]
    var values: [Double]

    init(_ dims: [Int], _ values: [Double]) {
        self.dims = dims
        self.values = values
    }

    init(zeros dims: [Int]) { self.init(dims, Array(repeating: 0, count: dims.reduce(1, *))) }

    var batch: Int { dims[0] }
    var channels: Int { dims[1] }
    var height: Int { dims.count > 2 ? dims[2] : 1 }
    var width: Int { dims.count > 3 ? dims[3] : 1 }
    var plane: Int { height * width }

    /// The channel of the value at `index`.
    func channel(_ index: Int) -> Int { index / plane % channels }

    mutating func add(_ other: ReferenceTensor) {
        for index in values.indices { values[index] += other.values[index] }
    }
}

/// One training step of a graph in double precision, written from the formulas alone.
///
/// The class shares no code with the trainer but the description of the model and the dropout mask. Loops are plain
/// sums, so an error in the order, blocking or fusing of the trainer's sums shows as a difference.
final class ReferenceNetwork {
    private typealias Backward = (ReferenceTensor) -> [ReferenceTensor]

    private(set) var loss = 0.0
    private(set) var gradients: [String: [Double]] = [:]
    private var parameters: [String: [Double]] = [:]
    private let seed: Int
    private let step: Int

    /// - Parameter images: batch × channels × height × width.
    init(_ model: Graph, _ weights: Weights, images: ReferenceTensor, labels: [Int], seed: Int = 0, step: Int = 0) {
        self.seed = seed
        self.step = step
        for (name, tensor) in weights.tensors {
            if case .float32(let numbers) = tensor.values { parameters[name] = numbers.map(Double.init) }
        }
        var outputs = [images]
        var steps: [Backward] = []
        var logitsGradient = ReferenceTensor(zeros: [labels.count, model.classes])
        for entry in model.entries {
            let (output, backward) = forward(entry.layer, entry.inputs.map { outputs[$0.index] })
            outputs.append(output)
            steps.append(backward)
        }
        (loss, logitsGradient) = Self.crossEntropy(outputs[outputs.count - 1], labels)
        var gradients = outputs.map { ReferenceTensor(zeros: $0.dims) }
        gradients[gradients.count - 1] = logitsGradient
        for (index, entry) in model.entries.enumerated().reversed() {
            for (input, gradient) in zip(entry.inputs, steps[index](gradients[index + 1])) {
                gradients[input.index].add(gradient)
            }
        }
    }

    /// Mean of −log softmax over the batch, and its gradient.
    private static func crossEntropy(_ logits: ReferenceTensor, _ labels: [Int]) -> (Double, ReferenceTensor) {
        var gradient = ReferenceTensor(zeros: logits.dims)
        var loss = 0.0
        for (n, label) in labels.enumerated() {
            let row = n * logits.channels..<(n + 1) * logits.channels
            let total = row.reduce(0) { $0 + exp(logits.values[$1]) }
            for index in row {
                let factor = exp(logits.values[index]) / total
                gradient.values[index] = (factor - (index - row.lowerBound == label ? 1 : 0)) / Double(labels.count)
            }
            loss += log(total) - logits.values[row.lowerBound + label]
        }
        return (loss / Double(labels.count), gradient)
    }

    private func forward(_ layer: any Layer, _ inputs: [ReferenceTensor]) -> (ReferenceTensor, Backward) {
        let x = inputs[0]
        switch layer {
        case let layer as Convolution: return convolution(layer, x)
        case let layer as Linear: return linear(layer, x)
        case let layer as BatchNorm: return batchNorm(layer, x)
        case let layer as ConcatBatchNorm: return concatBatchNorm(layer.norm, inputs)
        case let layer as Affine: return affine(layer, x)
        case let layer as Pool: return layer.kind == .max ? maxPool(layer.window, x) : averagePool(layer.window, x)
        case let layer as AdaptiveAveragePool: return adaptivePool(layer.side, x)
        case let layer as Dropout: return dropout(layer, x)
        case is ReLU: return relu(x)
        case let layer as Sum: return sum(layer, inputs)
        case is PaddedSum: return paddedSum(inputs)
        default: fatalError("ReferenceNetwork has no formula for \(layer)")
        }
    }

    // MARK: Layers with weights

    /// Calls `body` with the indices of each product of a convolution: the input, the weight and the output.
    private static func products(
        _ window: Window, _ x: ReferenceTensor, _ y: ReferenceTensor, _ body: (Int, Int, Int) -> Void
    ) {
        let kernel = window.kernel
        for n in 0..<x.batch {
            for o in 0..<y.channels {
                for c in 0..<x.channels {
                    for u in 0..<kernel {
                        for v in 0..<kernel {
                            let w = ((o * x.channels + c) * kernel + u) * kernel + v
                            for i in 0..<y.height {
                                let row = window.stride * i + u - window.padding
                                guard (0..<x.height).contains(row) else { continue }
                                let from = ((n * x.channels + c) * x.height + row) * x.width
                                let to = ((n * y.channels + o) * y.height + i) * y.width
                                for j in 0..<y.width {
                                    let column = window.stride * j + v - window.padding
                                    if column >= 0, column < x.width { body(from + column, w, to + j) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func convolution(_ layer: Convolution, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let window = layer.window
        func side(_ side: Int) -> Int { (side + 2 * window.padding - window.kernel) / window.stride + 1 }
        var y = ReferenceTensor(zeros: [x.batch, layer.outputs, side(x.height), side(x.width)])
        let weight = parameters["\(layer.name).weight"]!
        if layer.bias {
            let bias = parameters["\(layer.name).bias"]!
            for index in y.values.indices { y.values[index] = bias[y.channel(index)] }
        }
        x.values.withUnsafeBufferPointer { from in
            weight.withUnsafeBufferPointer { weight in
                let output = y
                y.values.withUnsafeMutableBufferPointer { to in
                    Self.products(window, x, output) { to[$2] += from[$0] * weight[$1] }
                }
            }
        }
        return (
            y,
            { [self] dy in
                var dx = ReferenceTensor(zeros: x.dims)
                var dw = [Double](repeating: 0, count: weight.count)
                dx.values.withUnsafeMutableBufferPointer { dx in
                    dw.withUnsafeMutableBufferPointer { dw in
                        dy.values.withUnsafeBufferPointer { slope in
                            x.values.withUnsafeBufferPointer { from in
                                weight.withUnsafeBufferPointer { weight in
                                    Self.products(window, x, dy) {
                                        dx[$0] += slope[$2] * weight[$1]
                                        dw[$1] += slope[$2] * from[$0]
                                    }
                                }
                            }
                        }
                    }
                }
                gradients["\(layer.name).weight"] = dw
                if layer.bias { gradients["\(layer.name).bias"] = Self.channelSums(dy) }
                return [dx]
            }
        )
    }

    private static func channelSums(_ x: ReferenceTensor) -> [Double] {
        var sums = [Double](repeating: 0, count: x.channels)
        for (index, value) in x.values.enumerated() { sums[x.channel(index)] += value }
        return sums
    }

    /// A convolution with a kernel as large as the plane.
    private func linear(_ layer: Linear, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let flat = ReferenceTensor([x.batch, layer.inputs, 1, 1], x.values)
        let same = Convolution(
            name: layer.name, inputs: layer.inputs, outputs: layer.outputs, kernel: 1, stride: 1, padding: 0,
            bias: layer.bias)
        let (y, backward) = convolution(same, flat)
        return (
            ReferenceTensor([x.batch, layer.outputs], y.values),
            { dy in
                [ReferenceTensor(x.dims, backward(ReferenceTensor(dy.dims + [1, 1], dy.values))[0].values)]
            }
        )
    }

    private func batchNorm(_ layer: BatchNorm, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let gamma = parameters["\(layer.name).weight"]!
        let beta = parameters["\(layer.name).bias"]!
        let count = Double(x.batch * x.plane)
        let mean = Self.channelSums(x).map { $0 / count }
        var centred = x
        for index in x.values.indices { centred.values[index] -= mean[x.channel(index)] }
        let variance = Self.channelSums(ReferenceTensor(x.dims, centred.values.map { $0 * $0 })).map { $0 / count }
        let deviation = variance.map { ($0 + Double(BatchNorm.epsilon)).squareRoot() }
        let normal = ReferenceTensor(x.dims, x.values.indices.map { centred.values[$0] / deviation[x.channel($0)] })
        let y = ReferenceTensor(
            x.dims, x.values.indices.map { normal.values[$0] * gamma[x.channel($0)] + beta[x.channel($0)] })
        let (result, mask) = layer.relu ? relu(y) : (y, { [$0] })
        return (
            result,
            { [self] given in
                let dy = mask(given)[0]
                let shift = Self.channelSums(dy)
                let scale = Self.channelSums(
                    ReferenceTensor(x.dims, dy.values.indices.map { dy.values[$0] * normal.values[$0] }))
                gradients["\(layer.name).weight"] = scale
                gradients["\(layer.name).bias"] = shift
                return [
                    ReferenceTensor(
                        x.dims,
                        x.values.indices.map {
                            let c = x.channel($0)
                            let rest = dy.values[$0] - shift[c] / count - normal.values[$0] * scale[c] / count
                            return gamma[c] / deviation[c] * rest
                        })
                ]
            }
        )
    }

    private func concatBatchNorm(_ norm: BatchNorm, _ inputs: [ReferenceTensor]) -> (ReferenceTensor, Backward) {
        let channels = inputs.reduce(0) { $0 + $1.channels }
        var values: [Double] = []
        for n in 0..<inputs[0].batch {
            for x in inputs {
                let each = x.channels * x.plane
                values += x.values[n * each..<(n + 1) * each]
            }
        }
        let x = ReferenceTensor([inputs[0].batch, channels, inputs[0].height, inputs[0].width], values)
        let (y, backward) = batchNorm(norm, x)
        return (
            y,
            { dy in
                let dx = backward(dy)[0].values
                var start = 0
                return inputs.map { input in
                    let each = input.channels * input.plane
                    var part: [Double] = []
                    for n in 0..<input.batch {
                        let from = n * channels * input.plane + start
                        part += dx[from..<from + each]
                    }
                    start += each
                    return ReferenceTensor(input.dims, part)
                }
            }
        )
    }

    private func affine(_ layer: Affine, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let scale = parameters["\(layer.name).weight"]!
        let shift = parameters["\(layer.name).bias"]!
        let y = ReferenceTensor(
            x.dims, x.values.indices.map { x.values[$0] * scale[x.channel($0)] + shift[x.channel($0)] })
        let (result, mask) = layer.relu ? relu(y) : (y, { [$0] })
        return (
            result,
            { [self] given in
                let dy = mask(given)[0]
                let products = ReferenceTensor(x.dims, x.values.indices.map { dy.values[$0] * x.values[$0] })
                gradients["\(layer.name).weight"] = Self.channelSums(products)
                gradients["\(layer.name).bias"] = Self.channelSums(dy)
                return [ReferenceTensor(x.dims, x.values.indices.map { dy.values[$0] * scale[x.channel($0)] })]
            }
        )
    }

    // MARK: Layers without weights

    private func relu(_ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        (
            ReferenceTensor(x.dims, x.values.map { max($0, 0) }),
            { dy in [ReferenceTensor(x.dims, x.values.indices.map { x.values[$0] > 0 ? dy.values[$0] : 0 })] }
        )
    }

    private func dropout(_ layer: Dropout, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let mask = DropoutMask(seed: seed, step: step, layer: layer.name, probability: layer.probability)
        func masked(_ t: ReferenceTensor) -> ReferenceTensor {
            ReferenceTensor(
                t.dims, t.values.indices.map { mask.keeps($0) ? t.values[$0] / (1 - layer.probability) : 0 })
        }
        return (masked(x), { [masked($0)] })
    }

    private func sum(_ layer: Sum, _ inputs: [ReferenceTensor]) -> (ReferenceTensor, Backward) {
        var y = inputs[0]
        y.add(inputs[1])
        let (result, mask) = layer.relu ? relu(y) : (y, { [$0] })
        return (
            result,
            {
                let dy = mask($0)[0]
                return [dy, dy]
            }
        )
    }

    private func paddedSum(_ inputs: [ReferenceTensor]) -> (ReferenceTensor, Backward) {
        let dims = (0..<4).map { axis in inputs.map { $0.dims[axis] }.max() ?? 0 }
        var y = ReferenceTensor(zeros: dims)
        /// The index in `y` of the value at `index` of `x`.
        func target(_ x: ReferenceTensor, _ index: Int) -> Int {
            let n = index / (x.channels * x.plane)
            let row = index / x.width % x.height
            return ((n * dims[1] + x.channel(index)) * dims[2] + row) * dims[3] + index % x.width
        }
        for x in inputs {
            for index in x.values.indices { y.values[target(x, index)] += x.values[index] }
        }
        return (
            y,
            { dy in
                inputs.map { x in ReferenceTensor(x.dims, x.values.indices.map { dy.values[target(x, $0)] }) }
            }
        )
    }

    /// The indices of `x` in the window of each output, row after row.
    private static func windows(
        _ x: ReferenceTensor, _ rows: [Range<Int>], _ columns: [Range<Int>]
    ) -> [[Int]] {
        (0..<x.batch * x.channels).flatMap { plane in
            rows.flatMap { rows in
                columns.map { columns in
                    rows.flatMap { row in columns.map { (plane * x.height + row) * x.width + $0 } }
                }
            }
        }
    }

    private static func ranges(_ window: Window, _ length: Int) -> [Range<Int>] {
        if window == .wholePlane { return [0..<length] }
        let count = (length + 2 * window.padding - window.kernel) / window.stride + 1
        return (0..<count).map {
            let start = $0 * window.stride - window.padding
            return max(start, 0)..<min(start + window.kernel, length)
        }
    }

    private func mean(_ x: ReferenceTensor, _ rows: [Range<Int>], _ columns: [Range<Int>]) -> (
        ReferenceTensor, Backward
    ) {
        let windows = Self.windows(x, rows, columns)
        let y = windows.map { window in window.reduce(0) { $0 + x.values[$1] } / Double(window.count) }
        return (
            ReferenceTensor([x.batch, x.channels, rows.count, columns.count], y),
            { dy in
                var dx = ReferenceTensor(zeros: x.dims)
                for (output, window) in windows.enumerated() {
                    for index in window { dx.values[index] += dy.values[output] / Double(window.count) }
                }
                return [dx]
            }
        )
    }

    private func averagePool(_ window: Window, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        mean(x, Self.ranges(window, x.height), Self.ranges(window, x.width))
    }

    private func adaptivePool(_ side: Int, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        func ranges(_ length: Int) -> [Range<Int>] {
            (0..<side).map { $0 * length / side..<(($0 + 1) * length + side - 1) / side }
        }
        return mean(x, ranges(x.height), ranges(x.width))
    }

    private func maxPool(_ window: Window, _ x: ReferenceTensor) -> (ReferenceTensor, Backward) {
        let rows = Self.ranges(window, x.height)
        let columns = Self.ranges(window, x.width)
        // The first of several maxima, as the trainer and PyTorch have it.
        let largest = Self.windows(x, rows, columns).map { window in
            window.dropFirst().reduce(window[0]) { x.values[$1] > x.values[$0] ? $1 : $0 }
        }
        return (
            ReferenceTensor([x.batch, x.channels, rows.count, columns.count], largest.map { x.values[$0] }),
            { dy in
                var dx = ReferenceTensor(zeros: x.dims)
                for (output, index) in largest.enumerated() { dx.values[index] += dy.values[output] }
                return [dx]
            }
        )
    }
}
