/// Batch normalization of the concatenated channels of several inputs, optionally followed by ReLU (DenseNet; Huang et
/// al. 2017, eq. 2). The inputs are not copied.
///
/// The formula is that of ``BatchNorm``. The mean and variance of an input are computed once for all layers that
/// normalize it. The gradient of an input
///
///     dx = Σ over these layers of γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))
///
/// takes one pass for each layer. The pass adds γ/σ·dy to dx, and adds the other two terms by channel.
/// ``InputGradient`` subtracts the sum of these terms at the end.
struct ConcatBatchNorm: Layer {
    let norm: BatchNorm

    var parameters: [Parameter] { norm.parameters }
    var keepsOutput: Bool { false }

    /// One block of channels: its input and the block's index in the input.
    private struct BlockIndex {
        let input, block: Int
    }

    private func blockIndices(_ inputs: [Value]) -> [BlockIndex] {
        inputs.enumerated().flatMap { input, x in
            (0..<x.layout.dims[1] / Layout.block).map { BlockIndex(input: input, block: $0) }
        }
    }

    /// Returns the inputs in the channel-blocked layout.
    private func blocked(_ inputs: [Value], _ program: ProgramBuilder) throws(LearningError) -> [Value] {
        var all: [Value] = []
        for x in inputs {
            guard x.layout.dims[1] % Layout.block == 0 else {
                throw LearningError(
                    .settings, "\(norm.name) concatenates \(x.layout.dims[1]) channels",
                    nextStep: "use a multiple of \(Layout.block) channels")
            }
            all.append(try program.conform(x, to: .blocked(x.layout.dims)))
        }
        return all
    }

    private func output(_ inputs: [Value], _ program: ProgramBuilder) throws(LearningError) -> Value {
        var dims = inputs[0].layout.dims
        dims[1] = norm.channels
        return program.value(try .blocked(dims))
    }

    /// Adds y = scale·x + shift for each channel.
    private func emitAffine<V: ChannelVector>(
        _ inputs: [Value], _ scale: Value, _ shift: Value, _ y: Value, _ program: ProgramBuilder, _: V.Type
    ) {
        let blockIndices = blockIndices(inputs)
        let relu = norm.relu
        program.emitLoop(touching: (inputs + [scale, shift, y]).map(\.buffer)) { memory, team in
            let from = inputs.map { ChannelBlocks<V>($0, memory) }
            let to = ChannelBlocks<V>(y, memory)
            nonisolated(unsafe) let scale = memory.vectors(scale.buffer, of: V.self)
            nonisolated(unsafe) let shift = memory.vectors(shift.buffer, of: V.self)
            team.split(blockIndices.count, grain: 1) { range in
                for k in range {
                    from[blockIndices[k].input].affine(
                        blockIndices[k].block, scale: scale[k], shift: shift[k], relu: relu, into: to, k)
                }
            }
        }
    }

    // MARK: Training

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        Layout.block == 16
            ? try train(inputs, training, SIMD16<Float>.self) : try train(inputs, training, SIMD8<Float>.self)
    }

    private func train<V: ChannelVector>(_ given: [Value], _ training: TrainingBuilder, _ type: V.Type)
        throws(LearningError) -> Differentiable
    {
        let program = training.program
        let inputs = try blocked(given, program)
        let y = try output(inputs, program)
        let vector = try Layout.plain([norm.channels])
        let gamma = try training.parameter("\(norm.name).weight", vector)
        let beta = try training.parameter("\(norm.name).bias", vector)
        var statistics: [ChannelStatistics] = []
        for x in inputs { statistics.append(try training.statistics(of: x)) }
        let scale = program.value(vector)
        let shift = program.value(vector)
        let blockIndices = blockIndices(inputs)
        program.emitLoop(
            touching: [gamma.value, beta.value, scale, shift].map(\.buffer) + statistics.flatMap(\.buffers)
        ) {
            [statistics] memory, _ in
            let gamma = memory.vectors(gamma.value.buffer, of: V.self)
            let beta = memory.vectors(beta.value.buffer, of: V.self)
            let scale = memory.vectors(scale.buffer, of: V.self)
            let shift = memory.vectors(shift.buffer, of: V.self)
            for (k, index) in blockIndices.enumerated() {
                let own = statistics[index.input]
                let variance = memory.vectors(own.variance.buffer, of: V.self)[index.block]
                scale[k] = gamma[k] / (variance + BatchNorm.epsilon).squareRoot()
                shift[k] = beta[k] - memory.vectors(own.mean.buffer, of: V.self)[index.block] * scale[k]
            }
        }
        emitAffine(inputs, scale, shift, y, program, type)
        try norm.emitRunningStatistics(
            statistics.map { ($0.mean, $0.variance) }, count: inputs[0].layout.count / inputs[0].layout.dims[1],
            training)
        return Differentiable(output: y) { [statistics] gradients throws(LearningError) in
            let dy = try program.conform(training.total(gradients), to: y.layout)
            var back: [InputGradient] = []
            var first: [Bool] = []
            for (x, own) in zip(inputs, statistics) {
                first.append(!training.hasGradient(ofInput: x))
                back.append(try training.gradient(ofInput: x, own))
            }
            let line = (scale: scale, shift: shift, gamma: gamma.gradient, beta: beta.gradient)
            emitBackward(inputs, dy, line, back, first, program, type)
            return zip(back, first).map { $1 ? $0.value : nil }
        }
    }

    private func emitBackward<V: ChannelVector>(
        _ inputs: [Value], _ dy: Value, _ line: (scale: Value, shift: Value, gamma: Value, beta: Value),
        _ back: [InputGradient], _ first: [Bool],
        _ program: ProgramBuilder, _: V.Type
    ) {
        let blockIndices = blockIndices(inputs)
        let relu = norm.relu
        let count = Float(inputs[0].layout.count / inputs[0].layout.dims[1])
        let touched = inputs + [dy, line.scale, line.shift, line.gamma, line.beta]
        program.emitLoop(touching: touched.map(\.buffer) + back.flatMap(\.buffers)) { memory, team in
            @Sendable func vectors(_ value: Value) -> UnsafeMutablePointer<V> {
                memory.vectors(value.buffer, of: V.self)
            }
            let x = inputs.map { ChannelBlocks<V>($0, memory) }
            let dx = back.map { ChannelBlocks<V>($0.value, memory) }
            let dy = ChannelBlocks<V>(dy, memory)
            team.split(blockIndices.count, grain: 1) { range in
                for k in range {
                    let input = blockIndices[k].input
                    let block = blockIndices[k].block
                    let statistics = back[input].statistics
                    let deviation = (vectors(statistics.variance)[block] + BatchNorm.epsilon).squareRoot()
                    let scale = vectors(line.scale)[k]
                    let own = ChannelBlocks<V>.Normalization(
                        mean: vectors(statistics.mean)[block], scale: scale, shift: vectors(line.shift)[k], relu: relu)
                    let sums = x[input].backward(block, own, from: dy, k, into: dx[input], adding: !first[input])
                    vectors(line.beta)[k] = sums.shift
                    vectors(line.gamma)[k] = sums.scale / deviation
                    let constant = scale * sums.shift / count
                    let slope = scale * sums.scale / (deviation * deviation * count)
                    vectors(back[input].constant)[block] =
                        first[input] ? constant : vectors(back[input].constant)[block] + constant
                    vectors(back[input].slope)[block] = first[input] ? slope : vectors(back[input].slope)[block] + slope
                }
            }
        }
    }

    // MARK: Inference

    func infer(_ given: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        let inputs = try blocked(given, program)
        let y = try output(inputs, program)
        let line = try norm.affine(inference)
        let vector = try Layout.plain([norm.channels])
        let scale = program.constant(line.scale, vector)
        let shift = program.constant(line.shift, vector)
        if Layout.block == 16 {
            emitAffine(inputs, scale, shift, y, program, SIMD16<Float>.self)
        } else {
            emitAffine(inputs, scale, shift, y, program, SIMD8<Float>.self)
        }
        return y
    }
}

/// Mean and variance of each channel of a tensor over a batch.
struct ChannelStatistics {
    let mean, variance: Value

    var buffers: [BufferID] { [mean.buffer, variance.buffer] }
}

/// Gradient of a tensor that several batch norms read. Until ``TrainingBuilder/finish(_:)``, `value` lacks −constant −
/// slope·(x − mean).
struct InputGradient {
    let input, value, constant, slope: Value
    let statistics: ChannelStatistics

    var buffers: [BufferID] { [value.buffer, constant.buffer, slope.buffer] + statistics.buffers }
}

extension TrainingBuilder {
    /// Returns the statistics of a tensor in ``Layout/blocked(_:)``. They are computed once.
    func statistics(of x: Value) throws(LearningError) -> ChannelStatistics {
        if let known = channelStatistics[x.buffer] { return known }
        let vector = try Layout.plain([x.layout.dims[1]])
        let statistics = ChannelStatistics(mean: program.value(vector), variance: program.value(vector))
        if Layout.block == 16 {
            emit(statistics, of: x, SIMD16<Float>.self)
        } else {
            emit(statistics, of: x, SIMD8<Float>.self)
        }
        channelStatistics[x.buffer] = statistics
        return statistics
    }

    private func emit<V: ChannelVector>(_ statistics: ChannelStatistics, of x: Value, _: V.Type) {
        program.emitLoop(touching: [x.buffer] + statistics.buffers) { memory, team in
            let blocks = ChannelBlocks<V>(x, memory)
            nonisolated(unsafe) let mean = memory.vectors(statistics.mean.buffer, of: V.self)
            nonisolated(unsafe) let variance = memory.vectors(statistics.variance.buffer, of: V.self)
            team.split(x.layout.dims[1] / V.scalarCount, grain: 1) { range in
                for block in range { (mean[block], variance[block]) = blocks.statistics(block) }
            }
        }
    }

    func hasGradient(ofInput x: Value) -> Bool { inputGradients.contains { $0.value.input.buffer == x.buffer } }

    /// Returns the tensor that the gradient of `x` is added to.
    func gradient(ofInput x: Value, _ statistics: ChannelStatistics) throws(LearningError) -> InputGradient {
        if let begun = inputGradients.first(where: { $0.value.input.buffer == x.buffer }) { return begun.value }
        let vector = statistics.mean.layout
        let gradient = InputGradient(
            input: x, value: program.value(x.layout), constant: program.value(vector), slope: program.value(vector),
            statistics: statistics)
        inputGradients[gradient.value.buffer] = gradient
        return gradient
    }

    /// Subtracts the missing terms after all layers have added to the gradient.
    func finish(_ gradient: Value) {
        guard let unfinished = inputGradients.removeValue(forKey: gradient.buffer) else { return }
        if Layout.block == 16 {
            emitFinish(unfinished, SIMD16<Float>.self)
        } else {
            emitFinish(unfinished, SIMD8<Float>.self)
        }
        program.overwrite(gradient.buffer)
    }

    private func emitFinish<V: ChannelVector>(_ gradient: InputGradient, _: V.Type) {
        program.emitLoop(touching: [gradient.input.buffer] + gradient.buffers) { memory, team in
            @Sendable func vectors(_ value: Value) -> UnsafeMutablePointer<V> {
                memory.vectors(value.buffer, of: V.self)
            }
            let x = ChannelBlocks<V>(gradient.input, memory)
            let dx = ChannelBlocks<V>(gradient.value, memory)
            team.split(gradient.input.layout.dims[1] / V.scalarCount, grain: 1) { range in
                for block in range {
                    x.finish(
                        block, dx, mean: vectors(gradient.statistics.mean)[block],
                        constant: vectors(gradient.constant)[block], slope: vectors(gradient.slope)[block])
                }
            }
        }
    }
}

/// The values of one pixel for a block of channels: a vector of 8 or 16.
///
/// Comparisons are implemented for each type: the generic comparison of any SIMD type runs element by element.
protocol ChannelVector: SIMD, SendableMetatype where Scalar == Float {
    /// Returns the vector with 0 where `other` is below 0. NaN stays.
    func cleared(whereNegative other: Self) -> Self
    /// Returns the vector with 0 where `other` is 0 or below.
    func cleared(whereNotPositive other: Self) -> Self
}

extension SIMD8: ChannelVector where Scalar == Float {
    func cleared(whereNegative other: Self) -> Self { replacing(with: Self(), where: other .< Self()) }
    func cleared(whereNotPositive other: Self) -> Self { replacing(with: Self(), where: other .<= Self()) }
}

extension SIMD16: ChannelVector where Scalar == Float {
    func cleared(whereNegative other: Self) -> Self { replacing(with: Self(), where: other .< Self()) }
    func cleared(whereNotPositive other: Self) -> Self { replacing(with: Self(), where: other .<= Self()) }
}

/// A tensor in ``Layout/blocked(_:)``. V holds one pixel's values for a block of channels; the pixels of a block are
/// contiguous.
///
/// One thread processes a block, in order. The sums therefore do not depend on the number of threads.
struct ChannelBlocks<V: ChannelVector>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<V>
    private let images, blocks, plane: Int

    /// Number of terms in a partial sum. Partial sums keep the rounding error small.
    private static var run: Int { 64 }

    init(_ value: Value, _ memory: ProgramMemory) {
        let dims = value.layout.dims
        base = UnsafeMutableRawPointer(memory.floats(value.buffer)).assumingMemoryBound(to: V.self)
        images = dims[0]
        blocks = dims[1] / V.scalarCount
        plane = dims[2] * dims[3]
    }

    private func pixels(_ image: Int, _ block: Int) -> UnsafeMutablePointer<V> {
        base + (image * blocks + block) * plane
    }

    private func sum(_ term: (Int) -> V) -> V {
        var total = V()
        for start in stride(from: 0, to: plane, by: Self.run) {
            var part = V()
            for i in start..<min(start + Self.run, plane) { part += term(i) }
            total += part
        }
        return total
    }

    /// Returns mean and variance (divided by the count) of a block's channels. Images are combined by the formula of
    /// Chan, Golub and LeVeque (1979, eq. 2.1), so that each image is read while it is in the cache.
    func statistics(_ block: Int) -> (mean: V, variance: V) {
        var mean = V()
        var squares = V()
        for image in 0..<images {
            let x = pixels(image, block)
            let own = sum { x[$0] } / Float(plane)
            let spread = sum { (x[$0] - own) * (x[$0] - own) }
            let delta = own - mean
            mean += delta / Float(image + 1)
            squares += spread + delta * delta * (Float(plane) * Float(image) / Float(image + 1))
        }
        return (mean, squares / Float(images * plane))
    }

    /// Writes scale·x + shift of a block, optionally followed by ReLU, to block `target` of `y`.
    func affine(_ block: Int, scale: V, shift: V, relu: Bool, into y: ChannelBlocks, _ target: Int) {
        for image in 0..<images {
            let from = pixels(image, block)
            let to = y.pixels(image, target)
            for i in 0..<plane {
                let number = from[i] * scale + shift
                to[i] = relu ? number.cleared(whereNegative: number) : number
            }
        }
    }

    /// Parameters of a normalized block, for the backward pass.
    struct Normalization {
        let mean, scale, shift: V
        let relu: Bool
    }

    /// Writes scale·dy to `dx`, or adds it, with dy = 0 where the ReLU gave 0.
    /// - Returns: Σ dy and Σ dy·(x − mean).
    func backward(
        _ block: Int, _ normalization: Normalization, from dy: ChannelBlocks, _ source: Int, into dx: ChannelBlocks,
        adding: Bool
    ) -> (shift: V, scale: V) {
        var totals = (shift: V(), scale: V())
        for image in 0..<images {
            let x = pixels(image, block)
            let dy = dy.pixels(image, source)
            let dx = dx.pixels(image, block)
            for start in stride(from: 0, to: plane, by: Self.run) {
                var parts = (shift: V(), scale: V())
                for i in start..<min(start + Self.run, plane) {
                    let number = x[i]
                    let gradient =
                        normalization.relu
                        ? dy[i].cleared(whereNotPositive: number * normalization.scale + normalization.shift) : dy[i]
                    parts.shift += gradient
                    parts.scale += gradient * (number - normalization.mean)
                    dx[i] = adding ? dx[i] + gradient * normalization.scale : gradient * normalization.scale
                }
                totals.shift += parts.shift
                totals.scale += parts.scale
            }
        }
        return totals
    }

    /// dx ← dx − constant − slope·(x − mean)
    func finish(_ block: Int, _ dx: ChannelBlocks, mean: V, constant: V, slope: V) {
        for image in 0..<images {
            let x = pixels(image, block)
            let dx = dx.pixels(image, block)
            for i in 0..<plane { dx[i] -= constant + slope * (x[i] - mean) }
        }
    }
}
