/// Means over windows that together cover the plane, so that planes of any size become side × side (PyTorch's `AdaptiveAvgPool2d`):
///
///     y[n,c,i,j] = mean of x[n,c,u,v] over ⌊i·h/side⌋ ≤ u < ⌈(i+1)·h/side⌉, and v likewise over the width
///
/// Windows may overlap; on a plane smaller than side × side one number is seen by several. A plane of the right size stays as it is.
struct AdaptiveAveragePool: Layer {
    let side: Int

    var parameters: [Parameter] { [] }
    /// Its output may be its very input.
    var keepsOutput: Bool { true }

    private struct Windows: Sendable {
        let rows, columns: [Range<Int>]

        init(_ side: Int, over height: Int, by width: Int) {
            func ranges(_ length: Int) -> [Range<Int>] {
                (0..<side).map { $0 * length / side..<(($0 + 1) * length + side - 1) / side }
            }
            (rows, columns) = (ranges(height), ranges(width))
        }
    }

    private func fits(_ x: Value) -> Bool { x.layout.dims[2] == side && x.layout.dims[3] == side }

    private func forward(_ given: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let dims = given.layout.dims
        let planes = dims[0] * dims[1]
        let (width, side) = (dims[3], side)
        let x = try program.conform(given, to: .plain(dims))
        let y = program.value(try .plain([dims[0], dims[1], side, side]))
        let windows = Windows(side, over: dims[2], by: width)
        let each = dims[2] * width
        program.emitLoop(touching: [x.slot, y.slot]) { memory, team in
            nonisolated(unsafe) let (from, to) = (memory.floats(x.slot), memory.floats(y.slot))
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

    /// dx[n,c,u,v] = Σ dy[n,c,i,j] / (numbers of the window) over all windows that hold (u, v).
    private func backward(_ given: Value, to dims: [Int], _ program: ProgramBuilder) throws(LearningError) -> Value {
        let planes = dims[0] * dims[1]
        let (width, side) = (dims[3], side)
        let each = dims[2] * dims[3]
        let dy = try program.conform(given, to: .plain([dims[0], dims[1], side, side]))
        let dx = program.value(try .plain(dims))
        let windows = Windows(side, over: dims[2], by: width)
        program.emitLoop(touching: [dy.slot, dx.slot]) { memory, team in
            nonisolated(unsafe) let (from, to) = (memory.floats(dy.slot), memory.floats(dx.slot))
            team.split(planes, grain: 1) { range in
                for plane in range {
                    for place in 0..<each { to[plane * each + place] = 0 }
                    for (i, rows) in windows.rows.enumerated() {
                        for (j, columns) in windows.columns.enumerated() {
                            let share = from[(plane * side + i) * side + j] / Float(rows.count * columns.count)
                            for u in rows { for v in columns { to[plane * each + u * width + v] += share } }
                        }
                    }
                }
            }
        }
        return dx
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let (x, program) = (inputs[0], training.program)
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
