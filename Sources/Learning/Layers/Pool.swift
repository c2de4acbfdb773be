import CDNNL

/// The largest or the mean of a window's numbers, channel by channel:
///
///     y[n,c,i,j] = max or mean over u,v of x[n,c, s·i+u−p, s·j+v−p]
///
/// What lies outside never wins a maximum; means are taken without padding.
struct Pool: Layer {
    enum Kind: Hashable, Sendable { case max, average }

    let kind: Kind
    let window: Window

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    private var algorithm: dnnl_alg_kind_t { kind == .max ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding }

    private func geometry(_ x: Value) throws(LearningError) -> (output: [Int], strides: [Int64], kernel: [Int64]) {
        let dims = x.layout.dims
        if window == .wholePlane { return ([dims[0], dims[1], 1, 1], [1, 1], [Int64(dims[2]), Int64(dims[3])]) }
        let kernel = Int64(window.kernel)
        return try (
            [dims[0], dims[1], window.side(over: dims[2]), window.side(over: dims[3])], window.strides,
            [kernel, kernel]
        )
    }

    private func plan(_ propagation: dnnl_prop_kind_t, _ x: Value, _ program: ProgramBuilder) throws(LearningError)
        -> PrimitiveDescription
    {
        let (output, strides, kernel) = try geometry(x)
        var operation = dnnl_pooling_desc_t()
        var source = x.layout.description
        var result = try Layout.any(output).description
        try DNNL.check(
            dnnl_pooling_forward_desc_init(
                &operation, propagation, algorithm, &source, &result, strides, kernel, window.paddings, window.paddings),
            "describe a pool")
        return try PrimitiveDescription("a pool", operation, on: program.engine)
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let x = inputs[0]
        let forward = try plan(dnnl_forward_training, x, program)
        let y = program.value(try forward.destination)
        let workspace = forward.workspace.map { [Argument(DNNL_ARG_WORKSPACE, program.value($0))] } ?? []
        try program.emit(forward, [Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DST, y)] + workspace)
        return Differentiable(output: y) { gradients throws(LearningError) in
            guard x.needsGradient else { return [nil] }
            let (_, strides, kernel) = try geometry(x)
            var operation = dnnl_pooling_desc_t()
            var source = x.layout.description
            var result = y.layout.description
            try DNNL.check(
                dnnl_pooling_backward_desc_init(
                    &operation, algorithm, &source, &result, strides, kernel, window.paddings, window.paddings),
                "describe the gradient of a pool")
            let backward = try PrimitiveDescription(
                "the gradient of a pool", operation, forward: forward, on: program.engine)
            let dy = try program.conform(training.total(gradients), to: y.layout)
            let dx = program.value(x.layout)
            try program.emit(backward, [Argument(DNNL_ARG_DIFF_DST, dy), Argument(DNNL_ARG_DIFF_SRC, dx)] + workspace)
            return [dx]
        }
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let forward = try plan(dnnl_forward_inference, inputs[0], inference.program)
        let y = inference.program.value(try forward.destination)
        try inference.program.emit(forward, [Argument(DNNL_ARG_SRC, inputs[0]), Argument(DNNL_ARG_DST, y)])
        return y
    }
}
