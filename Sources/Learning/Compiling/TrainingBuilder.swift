import CDNNL

/// A trained parameter within a program, and its gradient, both in the layout that the forward pass likes best.
struct TrainedParameter {
    let value, gradient: Value
}

/// Writes the program of one training step, forward and back; the optimizer's own step comes after it.
final class TrainingBuilder {
    let program: ProgramBuilder
    private(set) var trained: [String: TrainedParameter] = [:]
    private(set) var statistics: [String: Value] = [:]

    /// Of tensors that several batch norms read, by the tensor's slot.
    var channelStatistics: [Slot: ChannelStatistics] = [:]
    /// Gradients that still lack something, by their own slot.
    var inputGradients: [Slot: InputGradient] = [:]
    /// The plan's seed and the step, counted from 0: what dropout is drawn from.
    let moment: Slot

    init(_ program: ProgramBuilder) throws(LearningError) {
        self.program = program
        moment = program.value(try .plain([4]), in: .kept).slot
    }

    func parameter(_ name: String, _ layout: Layout) throws(LearningError) -> TrainedParameter {
        guard trained[name] == nil else {
            throw LearningError(
                .settings, "two layers are named \(name)", next: "give each layer of the model its own name")
        }
        let parameter = TrainedParameter(
            value: program.value(layout, in: .weights), gradient: program.value(layout, in: .gradients))
        trained[name] = parameter
        return parameter
    }

    func statistic(_ name: String, _ layout: Layout) -> Value {
        let value = program.value(layout, in: .kept)
        statistics[name] = value
        return value
    }

    /// Lets `write` emit what fills `target`, in `target`'s layout or, with a reorder behind it, in the one that the writer wants.
    func produce(_ target: Value, in layout: Layout, _ write: (Value) throws(LearningError) -> Void)
        throws(LearningError)
    {
        if target.layout == layout { return try write(target) }
        let written = program.value(layout)
        try write(written)
        try program.emit(
            PrimitiveDescription(reorder: layout, to: target.layout, on: program.engine),
            [Argument(DNNL_ARG_FROM, written), Argument(DNNL_ARG_TO, target)])
    }

    /// The sum of gradients, in the layout of the first.
    func total(_ gradients: [Value]) throws(LearningError) -> Value {
        guard var total = gradients.first else {
            throw LearningError(.settings, "a layer's output is used by no other", next: "take it out of the model")
        }
        gradients.forEach(settle)
        for gradient in gradients.dropFirst() {
            let other = try program.conform(gradient, to: total.layout)
            let sum = program.value(total.layout)
            var operation = dnnl_binary_desc_t()
            var description = total.layout.description
            var second = description
            var result = description
            try DNNL.check(
                dnnl_binary_desc_init(&operation, dnnl_binary_add, &description, &second, &result),
                "describe a sum of gradients")
            try program.emit(
                PrimitiveDescription("a sum of gradients", operation, on: program.engine),
                [Argument(DNNL_ARG_SRC_0, total), Argument(DNNL_ARG_SRC_1, other), Argument(DNNL_ARG_DST, sum)])
            total = sum
        }
        return total
    }
}
