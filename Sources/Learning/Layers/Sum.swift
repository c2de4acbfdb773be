/// y = a + b, then ReLU if asked: where a residual block's two ways meet (He et al. 2015, eq. 1). da = db = dy, where y > 0 if ReLU.
///
/// The loops are our own: oneDNN 2.6.3's binary addition with a ReLU behind it is silently wrong where the channels fill no whole vector
/// (seen with 17 channels, jit:uni, AVX-512).
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
        program.emitLoop(touching: [a.slot, b.slot, y.slot]) { [y] memory, team in
            nonisolated(unsafe) let (out, first, second) = (
                memory.vectors(y.slot), memory.vectors(a.slot), memory.vectors(b.slot)
            )
            team.split(count, grain: 1) { range in
                for i in range {
                    let sum = first[i] + second[i]
                    // Written so that what is no number stays none.
                    out[i] = relu ? sum.replacing(with: 0, where: sum .< 0) : sum
                }
            }
        }
        program.overwrite(y.slot)
        return y
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let y = try forward(inputs[0], inputs[1], training.program)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = relu ? try masked(gradients, by: y, training) : try training.total(gradients)
            return [dy, dy]
        }
    }

    /// The gradients' sum where y > 0, in one pass over memory.
    private func masked(_ gradients: [Value], by y: Value, _ training: TrainingBuilder) throws(LearningError) -> Value {
        let program = training.program
        var addends: [Slot] = []
        gradients.forEach(training.settle)
        for gradient in gradients { addends.append(try program.conform(gradient, to: y.layout).slot) }
        let dy = program.value(y.layout)
        let count = Self.count(y)
        program.emitLoop(touching: addends + [y.slot, dy.slot]) { [addends] memory, team in
            nonisolated(unsafe) let (out, y) = (memory.vectors(dy.slot), memory.vectors(y.slot))
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

    /// Vectors of 16; every slot's room is a whole number of them, and a layout's padding is zero in all addends and so in the sum.
    private static func count(_ value: Value) -> Int {
        (value.layout.bytes + MemoryPlan.alignment - 1) / MemoryPlan.alignment
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(inputs[0], inputs[1], inference.program)
    }
}
