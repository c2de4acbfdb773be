import CDNNL

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
        let description = try PrimitiveDescription("a ReLU", operation, on: program.engine)
        var y = x.overwritable ? x : program.value(x.layout)
        y.overwritable = false
        try program.emit(description, [Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DST, y)])
        program.overwrite(y.slot)
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
                "the gradient of a ReLU", operation, forward: forward, on: program.engine)
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
