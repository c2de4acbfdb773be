import CDNNL

/// y = a + b, then ReLU if asked: where a residual block's two ways meet (He et al. 2015, eq. 1). da = db = dy, where y > 0 if ReLU.
struct Sum: Layer {
    let relu: Bool

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { relu }

    private func forward(_ a: Value, _ b: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let b = try program.conform(b, to: a.layout)
        var operation = dnnl_binary_desc_t(), first = a.layout.description, second = a.layout.description, result = a.layout.description
        try DNNL.check(dnnl_binary_desc_init(&operation, dnnl_binary_add, &first, &second, &result), "describe a sum")
        var y = a.overwritable ? a : program.value(a.layout)
        y.overwritable = false
        let description = try PrimitiveDescription("a sum", operation, then: relu ? [.relu] : [], on: program.engine)
        try program.emit(description, [Argument(DNNL_ARG_SRC_0, a), Argument(DNNL_ARG_SRC_1, b), Argument(DNNL_ARG_DST, y)])
        program.overwrite(y.slot)
        return y
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let y = try forward(inputs[0], inputs[1], training.program)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = relu ? try masked(gradients, by: y, training.program) : try training.total(gradients)
            return [dy, dy]
        }
    }

    /// The gradients' sum where y > 0, in one pass over memory.
    private func masked(_ gradients: [Value], by y: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        var addends: [Slot] = []
        for gradient in gradients { addends.append(try program.conform(gradient, to: y.layout).slot) }
        let dy = program.value(y.layout)
        // Padding of a blocked layout is zero in all of them, and so in the result.
        let count = y.layout.bytes / MemoryLayout<Float>.size
        program.emitLoop(touching: addends + [y.slot, dy.slot]) { [addends] memory, team in
            nonisolated(unsafe) let (out, y) = (memory.floats(dy.slot), memory.floats(y.slot))
            nonisolated(unsafe) let first = memory.floats(addends[0]), others = addends.dropFirst().map(memory.floats)
            team.split(count) { range in
                if others.count == 1 {
                    let second = others[0]
                    for i in range { out[i] = y[i] > 0 ? first[i] + second[i] : 0 }
                } else {
                    for i in range { out[i] = y[i] > 0 ? others.reduce(first[i]) { $0 + $1[i] } : 0 }
                }
            }
        }
        return dy
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try forward(inputs[0], inputs[1], inference.program)
    }
}
