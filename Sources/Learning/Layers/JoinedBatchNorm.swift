/// Batch normalization of several inputs' channels laid one behind another, then ReLU if asked: where DenseNet concatenates (Huang et al. 2017, eq. 2) without a copy.
///
/// The formula is ``BatchNorm``'s. The inputs are read where they lie. Their means and variances are computed once for all the layers that normalize them, and their gradient
///
///     dx = Σ over these layers of γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))
///
/// in one pass for each layer, which adds up γ/σ·dy and, by channel, what the means take away; ``InputGradient`` takes that away at the end.
struct JoinedBatchNorm: Layer {
    let norm: BatchNorm

    var parameters: [Parameter] { norm.parameters }
    var keepsOutput: Bool { false }

    /// One block of channels: which input it is of, and which of that input's blocks.
    private struct Place {
        let input, block: Int
    }

    private func places(_ inputs: [Value]) -> [Place] {
        inputs.enumerated().flatMap { input, x in
            (0..<x.layout.dims[1] / Layout.block).map { Place(input: input, block: $0) }
        }
    }

    /// The inputs, each in whole blocks.
    private func blocked(_ inputs: [Value], _ program: ProgramBuilder) throws(LearningError) -> [Value] {
        var all: [Value] = []
        for x in inputs {
            guard x.layout.dims[1] % Layout.block == 0 else {
                throw LearningError(
                    .settings, "\(norm.name) joins \(x.layout.dims[1]) channels",
                    next: "let it join multiples of \(Layout.block)")
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

    /// y = scale·x + shift by channel.
    private func emitLine<V: ChannelVector>(
        _ inputs: [Value], _ scale: Value, _ shift: Value, _ y: Value, _ program: ProgramBuilder, _: V.Type
    ) {
        let places = places(inputs)
        let relu = norm.relu
        program.emitLoop(touching: (inputs + [scale, shift, y]).map(\.slot)) { memory, team in
            let from = inputs.map { ChannelBlocks<V>($0, memory) }
            let to = ChannelBlocks<V>(y, memory)
            nonisolated(unsafe) let (scale, shift) = (
                memory.vectors(scale.slot, of: V.self), memory.vectors(shift.slot, of: V.self)
            )
            team.split(places.count, grain: 1) { range in
                for k in range {
                    from[places[k].input].line(
                        places[k].block, scale: scale[k], shift: shift[k], relu: relu, into: to, k)
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
        let places = places(inputs)
        program.emitLoop(touching: [gamma.value, beta.value, scale, shift].map(\.slot) + statistics.flatMap(\.slots)) {
            [statistics] memory, _ in
            let (gamma, beta) = (
                memory.vectors(gamma.value.slot, of: V.self), memory.vectors(beta.value.slot, of: V.self)
            )
            let (scale, shift) = (memory.vectors(scale.slot, of: V.self), memory.vectors(shift.slot, of: V.self))
            for (k, place) in places.enumerated() {
                let own = statistics[place.input]
                let variance = memory.vectors(own.variance.slot, of: V.self)[place.block]
                scale[k] = gamma[k] / (variance + BatchNorm.epsilon).squareRoot()
                shift[k] = beta[k] - memory.vectors(own.mean.slot, of: V.self)[place.block] * scale[k]
            }
        }
        emitLine(inputs, scale, shift, y, program, type)
        try norm.emitRunning(
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
            emitWayBack(inputs, dy, line, back, first, program, type)
            return zip(back, first).map { $1 ? $0.value : nil }
        }
    }

    private func emitWayBack<V: ChannelVector>(
        _ inputs: [Value], _ dy: Value, _ line: (scale: Value, shift: Value, gamma: Value, beta: Value),
        _ back: [InputGradient], _ first: [Bool],
        _ program: ProgramBuilder, _: V.Type
    ) {
        let places = places(inputs)
        let relu = norm.relu
        let count = Float(inputs[0].layout.count / inputs[0].layout.dims[1])
        let touched = inputs + [dy, line.scale, line.shift, line.gamma, line.beta]
        program.emitLoop(touching: touched.map(\.slot) + back.flatMap(\.slots)) { memory, team in
            @Sendable func vectors(_ value: Value) -> UnsafeMutablePointer<V> { memory.vectors(value.slot, of: V.self) }
            let x = inputs.map { ChannelBlocks<V>($0, memory) }
            let dx = back.map { ChannelBlocks<V>($0.value, memory) }
            let dy = ChannelBlocks<V>(dy, memory)
            team.split(places.count, grain: 1) { range in
                for k in range {
                    let (input, block) = (places[k].input, places[k].block)
                    let statistics = back[input].statistics
                    let deviation = (vectors(statistics.variance)[block] + BatchNorm.epsilon).squareRoot()
                    let scale = vectors(line.scale)[k]
                    let own = ChannelBlocks<V>.Line(
                        mean: vectors(statistics.mean)[block], scale: scale, shift: vectors(line.shift)[k], relu: relu)
                    let sums = x[input].wayBack(block, own, from: dy, k, into: dx[input], adding: !first[input])
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
        let line = try norm.line(inference)
        let vector = try Layout.plain([norm.channels])
        let scale = program.constant(line.scale, vector)
        let shift = program.constant(line.shift, vector)
        if Layout.block == 16 {
            emitLine(inputs, scale, shift, y, program, SIMD16<Float>.self)
        } else {
            emitLine(inputs, scale, shift, y, program, SIMD8<Float>.self)
        }
        return y
    }
}
