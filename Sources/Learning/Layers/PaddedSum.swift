/// y = a + b where the shapes differ: each is filled up with zeros, behind its last channel, row and column, to the larger of the two (dlib's `add_prev`).
/// The gradient of each is the part of dy that it covers.
struct PaddedSum: Layer {
    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    /// Copies what two tensors (batch × channels × height × width, row after row) have in common; `adding` to what is there, or over it.
    private static func emitShared(_ from: Value, _ to: Value, adding: Bool, _ program: ProgramBuilder) {
        let (source, target) = (from.layout.dims, to.layout.dims)
        let shared = (0..<4).map { min(source[$0], target[$0]) }
        program.emitLoop(touching: [from.slot, to.slot]) { memory, team in
            nonisolated(unsafe) let (x, y) = (memory.floats(from.slot), memory.floats(to.slot))
            team.split(shared[0], grain: 1) { images in
                for n in images {
                    for c in 0..<shared[1] {
                        for row in 0..<shared[2] {
                            let (i, o) = (
                                ((n * source[1] + c) * source[2] + row) * source[3],
                                ((n * target[1] + c) * target[2] + row) * target[3]
                            )
                            for column in 0..<shared[3] {
                                y[o + column] = adding ? y[o + column] + x[i + column] : x[i + column]
                            }
                        }
                    }
                }
            }
        }
    }

    private static func emitZeros(_ value: Value, _ program: ProgramBuilder) {
        let count = value.layout.count
        program.emitLoop(touching: [value.slot]) { memory, _ in
            memory.floats(value.slot).update(repeating: 0, count: count)
        }
    }

    private func forward(_ inputs: [Value], _ program: ProgramBuilder) throws(LearningError) -> Value {
        let (a, b) = (inputs[0].layout.dims, inputs[1].layout.dims)
        let y = program.value(try .plain((0..<4).map { max(a[$0], b[$0]) }))
        Self.emitZeros(y, program)
        for input in inputs {
            Self.emitShared(try program.conform(input, to: .plain(input.layout.dims)), y, adding: true, program)
        }
        return y
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let y = try forward(inputs, program)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = try program.conform(training.total(gradients), to: y.layout)
            var back: [Value?] = []
            for input in inputs {
                let dx = program.value(try .plain(input.layout.dims))
                Self.emitShared(dy, dx, adding: false, program)
                back.append(dx)
            }
            return back
        }
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(inputs, inference.program)
    }
}
