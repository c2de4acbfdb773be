import CDNNL

/// Inverted dropout (Srivastava et al. 2014; PyTorch's form). Training keeps each value with probability 1 − p, or sets
/// it to 0:
///
///     y[i] = x[i]·keep[i]/(1−p);   dx[i] = dy[i]·keep[i]/(1−p)
///
/// Inference keeps all values. ``DropoutMask`` computes keep[i] from (seed, step, layer) and the row-major index i. The
/// backward pass computes the mask again instead of storing it, and a resumed run drops the same values.
struct Dropout: Layer {
    let name: String
    /// p, at least 0 and below 1.
    let probability: Double

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let x = try program.conform(inputs[0], to: .plain(inputs[0].layout.dims))
        let y = emit(x, training)
        return Differentiable(output: y) { gradients throws(LearningError) in
            [emit(try program.conform(training.total(gradients), to: x.layout), training)]
        }
    }

    private func emit(_ x: Value, _ training: TrainingBuilder) -> Value {
        let y = training.program.value(x.layout)
        let count = x.layout.count
        let seedAndStep = training.seedAndStep
        let name = name
        let probability = probability
        let scale = Float(1 / (1 - probability))
        training.program.emitLoop(touching: [x.buffer, y.buffer, seedAndStep]) { memory, team in
            let mask = DropoutMask(
                seed: Int(memory.int64s(seedAndStep)[0]), step: Int(memory.int64s(seedAndStep)[1]), layer: name,
                probability: probability)
            nonisolated(unsafe) let from = memory.floats(x.buffer)
            nonisolated(unsafe) let to = memory.floats(y.buffer)
            team.split(count) { range in
                for i in range { to[i] = mask.keeps(i) ? from[i] * scale : 0 }
            }
        }
        return y
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) -> Value { inputs[0] }
}

/// The values that a dropout layer keeps in one optimizer step.
///
/// Index i is kept if the upper 24 bits of the i-th output of SplitMix64 (Steele, Lea and Flood 2014) are at least
/// p·2²⁴. The initial state is the first number of the stream `curare-dropout`, seed, step (from 0) and layer, one a
/// line.
struct DropoutMask: Sendable {
    private let state, bound: UInt64

    init(seed: Int, step: Int, layer: String, probability: Double) {
        var random = SeededRandom(["curare-dropout", String(seed), String(step), layer])
        state = random.next()
        bound = UInt64((probability * 0x1p24).rounded())
    }

    func keeps(_ index: Int) -> Bool {
        var x = state &+ UInt64(truncatingIfNeeded: index + 1) &* 0x9E37_79B9_7F4A_7C15
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        return ((x ^ (x >> 31)) >> 40) >= bound
    }
}

/// y = max(x, 0);  dx = dy where y > 0, else 0.
struct ReLU: Layer {
    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { true }

    private func forward(_ kind: dnnl_prop_kind_t, _ x: Value, _ program: ProgramBuilder) throws(LearningError) -> (
        PrimitiveDescription, Value
    ) {
        var operation = dnnl_eltwise_desc_t()
        var data = x.layout.description
        try DNNL.check(
            dnnl_eltwise_forward_desc_init(&operation, kind, dnnl_eltwise_relu_use_dst_for_bwd, &data, 0, 0),
            "describe a ReLU")
        let description = try PrimitiveDescription("ReLU", operation, on: program.engine)
        var y = x.overwritable ? x : program.value(x.layout)
        y.overwritable = false
        try program.emit(description, [Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DST, y)])
        program.overwrite(y.buffer)
        return (description, y)
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let (forward, y) = try forward(dnnl_forward_training, inputs[0], program)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = try program.conform(training.total(gradients), to: y.layout)
            var operation = dnnl_eltwise_desc_t()
            var gradient = y.layout.description
            var data = y.layout.description
            try DNNL.check(
                dnnl_eltwise_backward_desc_init(&operation, dnnl_eltwise_relu_use_dst_for_bwd, &gradient, &data, 0, 0),
                "describe the gradient of a ReLU")
            let backward = try PrimitiveDescription(
                "gradient of ReLU", operation, forward: forward, on: program.engine)
            let dx = program.value(y.layout)
            try program.emit(
                backward, [Argument(DNNL_ARG_DST, y), Argument(DNNL_ARG_DIFF_DST, dy), Argument(DNNL_ARG_DIFF_SRC, dx)])
            return [dx]
        }
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(dnnl_forward_inference, inputs[0], inference.program).1
    }
}
