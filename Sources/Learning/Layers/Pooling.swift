import CDNNL

/// Maximum or mean over windows, for each channel:
///
///     y[n,c,i,j] = max or mean over u,v of x[n,c, s·i+u−p, s·j+v−p]
///
/// Positions outside the plane are ignored.
struct Pool: Layer {
    enum Kind: Hashable, Sendable { case max, average }

    let kind: Kind
    let window: Window

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    func side(_ inputs: [Int]) throws(LearningError) -> Int {
        try window == .wholePlane ? 1 : window.side(over: inputs[0])
    }

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
                &operation, propagation, algorithm, &source, &result, strides, kernel, window.paddings,
                window.paddings),
            "describe a pool")
        return try PrimitiveDescription("pool", operation, on: program.engine)
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
                "gradient of pool", operation, forward: forward, on: program.engine)
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

/// Means over windows that divide a plane of any size into side × side (PyTorch's `AdaptiveAvgPool2d`):
///
///     y[n,c,i,j] = mean of x[n,c,u,v] over ⌊i·h/side⌋ ≤ u < ⌈(i+1)·h/side⌉, and v likewise over the width
///
/// Windows may overlap. On a plane smaller than side × side, several windows read the same value. A plane of side ×
/// side is returned unchanged.
struct AdaptiveAveragePool: Layer {
    let side: Int

    var parameters: [Parameter] { [] }
    /// The output may be the input itself.
    var keepsOutput: Bool { true }

    func side(_ inputs: [Int]) throws(LearningError) -> Int { side }

    private struct Windows: Sendable {
        let rows, columns: [Range<Int>]

        init(_ side: Int, over height: Int, by width: Int) {
            func ranges(_ length: Int) -> [Range<Int>] {
                (0..<side).map { $0 * length / side..<(($0 + 1) * length + side - 1) / side }
            }
            rows = ranges(height)
            columns = ranges(width)
        }
    }

    private func fits(_ x: Value) -> Bool { x.layout.dims[2] == side && x.layout.dims[3] == side }

    private func forward(_ given: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let dims = given.layout.dims
        let planes = dims[0] * dims[1]
        let width = dims[3]
        let side = side
        let x = try program.conform(given, to: .plain(dims))
        let y = program.value(try .plain([dims[0], dims[1], side, side]))
        let windows = Windows(side, over: dims[2], by: width)
        let each = dims[2] * width
        program.emitLoop(touching: [x.buffer, y.buffer]) { memory, team in
            nonisolated(unsafe) let from = memory.floats(x.buffer)
            nonisolated(unsafe) let to = memory.floats(y.buffer)
            team.split(planes, grain: 1) { range in
                for plane in range {
                    for (i, rows) in windows.rows.enumerated() {
                        for (j, columns) in windows.columns.enumerated() {
                            var sum: Float = 0
                            for u in rows { for v in columns { sum += from[plane * each + u * width + v] } }
                            to[(plane * side + i) * side + j] = sum / Float(rows.count * columns.count)
                        }
                    }
                }
            }
        }
        return y
    }

    /// dx[n,c,u,v] = Σ dy[n,c,i,j] / (size of the window) over all windows that contain (u, v).
    private func backward(_ given: Value, to dims: [Int], _ program: ProgramBuilder) throws(LearningError) -> Value {
        let planes = dims[0] * dims[1]
        let width = dims[3]
        let side = side
        let each = dims[2] * dims[3]
        let dy = try program.conform(given, to: .plain([dims[0], dims[1], side, side]))
        let dx = program.value(try .plain(dims))
        let windows = Windows(side, over: dims[2], by: width)
        program.emitLoop(touching: [dy.buffer, dx.buffer]) { memory, team in
            nonisolated(unsafe) let from = memory.floats(dy.buffer)
            nonisolated(unsafe) let to = memory.floats(dx.buffer)
            team.split(planes, grain: 1) { range in
                for plane in range {
                    for index in 0..<each { to[plane * each + index] = 0 }
                    for (i, rows) in windows.rows.enumerated() {
                        for (j, columns) in windows.columns.enumerated() {
                            let factor = from[(plane * side + i) * side + j] / Float(rows.count * columns.count)
                            for u in rows { for v in columns { to[plane * each + u * width + v] += factor } }
                        }
                    }
                }
            }
        }
        return dx
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let x = inputs[0]
        let program = training.program
        if fits(x) {
            return Differentiable(output: x) { gradients throws(LearningError) in [try training.total(gradients)] }
        }
        return Differentiable(output: try forward(x, program)) { gradients throws(LearningError) in
            [try backward(training.total(gradients), to: x.layout.dims, program)]
        }
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        fits(inputs[0]) ? inputs[0] : try forward(inputs[0], inference.program)
    }
}
