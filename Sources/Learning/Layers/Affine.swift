import CDNNL

/// Scale and shift of each channel, y = γ·x + β (dlib's `affine`, in place of a normalization).
///
/// oneDNN computes this layer as a batch normalization with a mean of 0 and a variance of 1.
struct Affine: Layer, ChannelAffine {
    let name: String
    let channels: Int
    let relu: Bool

    var parameters: [Parameter] { scaleAndShift }

    private var flags: UInt32 { normalizationFlags(dnnl_use_global_stats) }

    private func plan(_ kind: dnnl_prop_kind_t, _ x: Value, _ engine: Engine) throws(LearningError)
        -> PrimitiveDescription
    {
        var operation = dnnl_batch_normalization_desc_t()
        var data = x.layout.description
        try DNNL.check(
            dnnl_batch_normalization_forward_desc_init(&operation, kind, &data, 0, flags), "describe \(name)")
        return try PrimitiveDescription(name, operation, on: engine)
    }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let x = inputs[0]
        let vector = try Layout.plain([channels])
        let forward = try plan(dnnl_forward_training, x, program.engine)
        let scale = try training.parameter("\(name).weight", vector)
        let shift = try training.parameter("\(name).bias", vector)
        let y = program.value(x.layout)
        let fixed =
            [
                Argument(DNNL_ARG_MEAN, program.constant(Array(repeating: 0, count: channels), vector)),
                Argument(DNNL_ARG_VARIANCE, program.constant(Array(repeating: 1, count: channels), vector)),
            ]
            + (forward.workspace.map { [Argument(DNNL_ARG_WORKSPACE, program.value($0))] } ?? [])
        try program.emit(
            forward,
            [
                Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_SCALE, scale.value), Argument(DNNL_ARG_SHIFT, shift.value),
                Argument(DNNL_ARG_DST, y),
            ] + fixed)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = try program.conform(training.total(gradients), to: x.layout)
            let dx = program.value(x.layout)
            var operation = dnnl_batch_normalization_desc_t()
            var data = x.layout.description
            var gradient = x.layout.description
            try DNNL.check(
                dnnl_batch_normalization_backward_desc_init(&operation, dnnl_backward, &gradient, &data, 0, flags),
                "describe the gradient of \(name)")
            let backward = try PrimitiveDescription(
                "gradient of \(name)", operation, forward: forward, on: program.engine)
            try program.emit(
                backward,
                [
                    Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_SCALE, scale.value),
                    Argument(DNNL_ARG_SHIFT, shift.value), Argument(DNNL_ARG_DIFF_DST, dy),
                    Argument(DNNL_ARG_DIFF_SRC, dx), Argument(DNNL_ARG_DIFF_SCALE, scale.gradient),
                    Argument(DNNL_ARG_DIFF_SHIFT, shift.gradient),
                ] + fixed)
            return [dx]
        }
    }

    func affine(_ inference: InferenceBuilder) throws(LearningError) -> (scale: [Float], shift: [Float]) {
        (try inference.numbers("\(name).weight"), try inference.numbers("\(name).bias"))
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        let x = inputs[0]
        let vector = try Layout.plain([channels])
        let forward = try plan(dnnl_forward_inference, x, program.engine)
        let affine = try affine(inference)
        let y = program.value(x.layout)
        try program.emit(
            forward,
            [
                Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DST, y),
                Argument(DNNL_ARG_SCALE, program.constant(affine.scale, vector)),
                Argument(DNNL_ARG_SHIFT, program.constant(affine.shift, vector)),
                Argument(DNNL_ARG_MEAN, program.constant(Array(repeating: 0, count: channels), vector)),
                Argument(DNNL_ARG_VARIANCE, program.constant(Array(repeating: 1, count: channels), vector)),
            ])
        return y
    }
}
