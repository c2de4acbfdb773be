import CDNNL

/// Batch normalization of each channel (Ioffe and Szegedy 2015, algorithm 1), optionally followed by ReLU:
///
///     y = γ·(x − μ)/√(σ² + ε) + β,   μ and σ² over batch, height and width of this batch (σ² divided by the count m)
///
/// Training updates the running statistics as PyTorch does: r ← 0.9·r + 0.1·batch, with the variance σ²·m/(m−1).
/// Inference uses the running statistics.
struct BatchNorm: Layer, ChannelAffine {
    static let epsilon: Float = 1e-5
    static let momentum: Float = 0.1

    let name: String
    let channels: Int
    let relu: Bool

    var parameters: [Parameter] {
        scaleAndShift + [
            Parameter("\(name).running_mean", [channels], .statistic, .constant(0)),
            Parameter("\(name).running_var", [channels], .statistic, .constant(1)),
            Parameter("\(name).num_batches_tracked", [], .counter, .constant(0)),
        ]
    }

    private var flags: UInt32 { normalizationFlags() }

    private func plan(_ kind: dnnl_prop_kind_t, _ x: Value, _ flags: UInt32, _ engine: Engine) throws(LearningError)
        -> PrimitiveDescription
    {
        var operation = dnnl_batch_normalization_desc_t()
        var data = x.layout.description
        try DNNL.check(
            dnnl_batch_normalization_forward_desc_init(&operation, kind, &data, Self.epsilon, flags), "describe \(name)"
        )
        return try PrimitiveDescription(name, operation, on: engine)
    }

    // MARK: Training

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let x = inputs[0]
        let forward = try plan(dnnl_forward_training, x, flags, program.engine)
        let vector = try Layout.plain([channels])
        let scale = try training.parameter("\(name).weight", vector)
        let shift = try training.parameter("\(name).bias", vector)
        let mean = program.value(vector)
        let variance = program.value(vector)
        let y = program.value(x.layout)
        let workspace = forward.workspace.map { Argument(DNNL_ARG_WORKSPACE, program.value($0)) }
        let statistics =
            [Argument(DNNL_ARG_MEAN, mean), Argument(DNNL_ARG_VARIANCE, variance)] + (workspace.map { [$0] } ?? [])
        try program.emit(
            forward,
            [
                Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_SCALE, scale.value), Argument(DNNL_ARG_SHIFT, shift.value),
                Argument(DNNL_ARG_DST, y),
            ] + statistics)
        try emitRunningStatistics([(mean, variance)], count: x.layout.count / channels, training)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = try program.conform(training.total(gradients), to: x.layout)
            let backward = try planBackward(x, forward, program.engine)
            let dx = program.value(x.layout)
            try program.emit(
                backward,
                [
                    Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_SCALE, scale.value),
                    Argument(DNNL_ARG_SHIFT, shift.value),
                    Argument(DNNL_ARG_DIFF_DST, dy), Argument(DNNL_ARG_DIFF_SRC, dx),
                    Argument(DNNL_ARG_DIFF_SCALE, scale.gradient), Argument(DNNL_ARG_DIFF_SHIFT, shift.gradient),
                ] + statistics)
            return [dx]
        }
    }

    private func planBackward(_ x: Value, _ forward: PrimitiveDescription, _ engine: Engine) throws(LearningError)
        -> PrimitiveDescription
    {
        var operation = dnnl_batch_normalization_desc_t()
        var data = x.layout.description
        var gradient = x.layout.description
        try DNNL.check(
            dnnl_batch_normalization_backward_desc_init(
                &operation, dnnl_backward, &gradient, &data, Self.epsilon, flags), "describe the gradient of \(name)")
        return try PrimitiveDescription("gradient of \(name)", operation, forward: forward, on: engine)
    }

    /// - Parameters:
    ///   - batch: means and variances of the channels, one pair for each input.
    ///   - count: number of values of a channel.
    func emitRunningStatistics(_ batch: [(mean: Value, variance: Value)], count: Int, _ training: TrainingBuilder)
        throws(LearningError)
    {
        let vector = try Layout.plain([channels])
        let runningMean = training.statistic("\(name).running_mean", vector)
        let runningVariance = training.statistic("\(name).running_var", vector)
        let unbiased = Float(count) / Float(max(count - 1, 1))
        training.program.emitLoop(
            touching: (batch.flatMap { [$0.mean, $0.variance] } + [runningMean, runningVariance]).map(\.buffer)
        ) { memory, _ in
            var rm = memory.floats(runningMean.buffer)
            var rv = memory.floats(runningVariance.buffer)
            for (mean, variance) in batch {
                let m = memory.floats(mean.buffer)
                let v = memory.floats(variance.buffer)
                let count = mean.layout.count
                for c in 0..<count {
                    rm[c] += Self.momentum * (m[c] - rm[c])
                    rv[c] += Self.momentum * (v[c] * unbiased - rv[c])
                }
                rm = rm + count
                rv = rv + count
            }
        }
    }

    // MARK: Inference

    /// Returns scale and shift of the layer with running statistics: y = scale·x + shift.
    func affine(_ inference: InferenceBuilder) throws(LearningError) -> (scale: [Float], shift: [Float]) {
        let gamma = try inference.numbers("\(name).weight")
        let beta = try inference.numbers("\(name).bias")
        let mean = try inference.numbers("\(name).running_mean")
        let variance = try inference.numbers("\(name).running_var")
        let scale = gamma.indices.map { gamma[$0] / (variance[$0] + Self.epsilon).squareRoot() }
        return (scale, scale.indices.map { beta[$0] - mean[$0] * scale[$0] })
    }

    /// Used if no convolution precedes the layer; otherwise the layer is folded into the convolution.
    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        let x = inputs[0]
        let forward = try plan(
            dnnl_forward_inference, x, flags | UInt32(dnnl_use_global_stats.rawValue), program.engine)
        let vector = try Layout.plain([channels])
        let y = program.value(x.layout)
        let tensors = [
            (DNNL_ARG_SCALE, "weight"), (DNNL_ARG_SHIFT, "bias"), (DNNL_ARG_MEAN, "running_mean"),
            (DNNL_ARG_VARIANCE, "running_var"),
        ]
        var arguments = [Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DST, y)]
        for (role, tensor) in tensors {
            arguments.append(Argument(role, program.constant(try inference.numbers("\(name).\(tensor)"), vector)))
        }
        try program.emit(forward, arguments)
        return y
    }
}
