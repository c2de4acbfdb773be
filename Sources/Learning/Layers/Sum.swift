/// y = a + b, optionally followed by ReLU: the end of a residual block (He et al. 2015, eq. 1).
///
/// Gradients: da = db = dy. With ReLU, they are 0 where y is 0.
///
/// The loops are written in Swift: oneDNN 2.6.3's binary addition with fused ReLU is silently wrong if the channels do
/// not fill whole vectors (seen with 17 channels, jit:uni, AVX-512).
struct Sum: Layer {
    let relu: Bool

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { relu }

    private func forward(_ a: Value, _ b: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let b = try program.conform(b, to: a.layout)
        var y = a.overwritable ? a : program.value(a.layout)
        y.overwritable = false
        let count = Self.count(y)
        let relu = relu
        program.emitLoop(touching: [a.buffer, b.buffer, y.buffer]) { [y] memory, team in
            nonisolated(unsafe) let out = memory.vectors(y.buffer)
            nonisolated(unsafe) let first = memory.vectors(a.buffer)
            nonisolated(unsafe) let second = memory.vectors(b.buffer)
            team.split(count, grain: 1) { range in
                for i in range {
                    let sum = first[i] + second[i]
                    // This form keeps NaN.
                    out[i] = relu ? sum.replacing(with: 0, where: sum .< 0) : sum
                }
            }
        }
        program.overwrite(y.buffer)
        return y
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let y = try forward(inputs[0], inputs[1], training.program)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = relu ? try masked(gradients, by: y, training) : try training.total(gradients)
            return [dy, dy]
        }
    }

    /// Adds the sum of the gradients where y > 0, in one pass over memory.
    private func masked(_ gradients: [Value], by y: Value, _ training: TrainingBuilder) throws(LearningError) -> Value {
        let program = training.program
        var addends: [BufferID] = []
        gradients.forEach(training.finish)
        for gradient in gradients { addends.append(try program.conform(gradient, to: y.layout).buffer) }
        let dy = program.value(y.layout)
        let count = Self.count(y)
        program.emitLoop(touching: addends + [y.buffer, dy.buffer]) { [addends] memory, team in
            nonisolated(unsafe) let out = memory.vectors(dy.buffer)
            nonisolated(unsafe) let y = memory.vectors(y.buffer)
            nonisolated(unsafe) let all = addends.map(memory.vectors)
            team.split(count, grain: 1) { range in
                for i in range {
                    var sum = all[0][i]
                    for other in all.dropFirst() { sum += other[i] }
                    out[i] = sum.replacing(with: 0, where: y[i] .<= 0)
                }
            }
        }
        return dy
    }

    /// Number of vectors of 16. Every buffer is a whole number of vectors. The padding of a layout is 0 in all addends,
    /// and so in the sum.
    private static func count(_ value: Value) -> Int {
        (value.layout.bytes + MemoryPlan.alignment - 1) / MemoryPlan.alignment
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(inputs[0], inputs[1], inference.program)
    }
}

/// y = a + b for different shapes (dlib's `add_prev`). Zeros after the last channel, row and column extend each to the
/// larger shape. The gradient of an addend is the part of dy that the addend covers.
struct PaddedSum: Layer {
    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    func side(_ inputs: [Int]) throws(LearningError) -> Int { max(inputs[0], inputs[1]) }

    /// Adds a copy of the overlap of two tensors (batch × channels × height × width, row-major). `adding` adds to the
    /// target.
    private static func emitOverlap(_ from: Value, _ to: Value, adding: Bool, _ program: ProgramBuilder) {
        let source = from.layout.dims
        let target = to.layout.dims
        let shared = (0..<4).map { min(source[$0], target[$0]) }
        program.emitLoop(touching: [from.buffer, to.buffer]) { memory, team in
            nonisolated(unsafe) let x = memory.floats(from.buffer)
            nonisolated(unsafe) let y = memory.floats(to.buffer)
            team.split(shared[0], grain: 1) { images in
                for n in images {
                    for c in 0..<shared[1] {
                        for row in 0..<shared[2] {
                            let i = ((n * source[1] + c) * source[2] + row) * source[3]
                            let o = ((n * target[1] + c) * target[2] + row) * target[3]
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
        program.emitLoop(touching: [value.buffer]) { memory, _ in
            memory.floats(value.buffer).update(repeating: 0, count: count)
        }
    }

    private func forward(_ inputs: [Value], _ program: ProgramBuilder) throws(LearningError) -> Value {
        let a = inputs[0].layout.dims
        let b = inputs[1].layout.dims
        let y = program.value(try .plain((0..<4).map { max(a[$0], b[$0]) }))
        Self.emitZeros(y, program)
        for input in inputs {
            Self.emitOverlap(try program.conform(input, to: .plain(input.layout.dims)), y, adding: true, program)
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
                Self.emitOverlap(dy, dx, adding: false, program)
                back.append(dx)
            }
            return back
        }
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(inputs, inference.program)
    }
}
