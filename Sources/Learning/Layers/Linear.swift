import CDNNL

/// Fully connected layer: y[n,o] = Σ_k w[o,k] · x[n,k] (+ b[o]).
///
/// x: batch × inputs (channels × plane, row-major); w: outputs × inputs.
struct Linear: Layer {
    let name: String
    let inputs, outputs: Int
    let bias: Bool
    let initial: Initial

    /// Distribution of the initial weights.
    enum Initial: Hashable, Sendable {
        /// PyTorch's default: weights and bias uniform within ±1/√inputs.
        case uniform
        /// Uniform weights as in ``uniform``; bias 0.
        case noBias
        /// Normal weights with deviation 0.01; bias 0 (torchvision's VGG).
        case normal
    }

    var parameters: [Parameter] {
        let uniform = Parameter.InitialValues.uniform(bound: 1 / Double(inputs).squareRoot())
        let weight = Parameter(
            "\(name).weight", [outputs, inputs], .trained, initial == .normal ? .normal(deviation: 0.01) : uniform)
        return bias
            ? [weight, Parameter("\(name).bias", [outputs], .trained, initial == .uniform ? uniform : .constant(0))]
            : [weight]
    }

    var keepsOutput: Bool { false }

    /// Shape of the weights for an input of channels × height × width. The order of the values is that of outputs ×
    /// inputs.
    private func weightShape(_ x: Value) -> [Int] { [outputs] + x.layout.dims.dropFirst() }

    private func check(_ x: Value) throws(LearningError) {
        guard x.layout.dims.dropFirst().reduce(1, *) == inputs else {
            let given = x.layout.dims.dropFirst().map(String.init).joined(separator: "×")
            throw LearningError(
                .settings, "\(name) needs \(inputs) inputs, but gets \(given)",
                nextStep: "use the image size of the model")
        }
    }

    private func plan(_ x: Value, _ program: ProgramBuilder) throws(LearningError) -> PrimitiveDescription {
        try check(x)
        var operation = dnnl_inner_product_desc_t()
        var source = try Layout.any(x.layout.dims).description
        var weights = try Layout.any(weightShape(x)).description
        var offset = try Layout.plain([outputs]).description
        var result = try Layout.plain([x.layout.dims[0], outputs]).description
        try DNNL.check(
            withUnsafePointer(to: &offset) { offset in
                dnnl_inner_product_forward_desc_init(
                    &operation, dnnl_forward_training, &source, &weights, bias ? offset : nil, &result)
            }, "describe \(name)")
        return try PrimitiveDescription(name, operation, on: program.engine)
    }

    // MARK: Training

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let forward = try plan(inputs[0], program)
        let pass = try WeightedPass(forward, name, of: inputs[0], biases: bias ? outputs : nil, training)
        return Differentiable(output: pass.y) { gradients throws(LearningError) in
            let dy = try training.total(gradients)
            try backwardWeights(pass, dy, forward, training)
            return [
                inputs[0].needsGradient
                    ? try backwardData(pass.x, dy, forward, program) { layout throws(LearningError) in
                        try program.conform(pass.weights.value, to: layout)
                    } : nil
            ]
        }
    }

    /// dw[o,k] = Σ_n dy[n,o] · x[n,k];  db[o] = Σ_n dy[n,o].
    private func backwardWeights(
        _ pass: WeightedPass, _ dy: Value, _ forward: PrimitiveDescription, _ training: TrainingBuilder
    ) throws(LearningError) {
        var operation = dnnl_inner_product_desc_t()
        var source = try Layout.any(pass.x.layout.dims).description
        var weights = try Layout.any(weightShape(pass.x)).description
        var offset = try Layout.plain([outputs]).description
        var result = try Layout.any(dy.layout.dims).description
        try DNNL.check(
            withUnsafePointer(to: &offset) { offset in
                dnnl_inner_product_backward_weights_desc_init(
                    &operation, &source, &weights, bias ? offset : nil, &result)
            }, "describe the gradient of \(name)")
        let backward = try PrimitiveDescription(
            "gradient of \(name)", operation, forward: forward, on: training.program.engine)
        try pass.emitWeightGradients(backward, dy, training)
    }

    /// dx[n,k] = Σ_o w[o,k] · dy[n,o].
    /// - Parameter w: returns the weights in a layout.
    private func backwardData(
        _ x: Value, _ dy: Value, _ forward: PrimitiveDescription, _ program: ProgramBuilder,
        _ w: (Layout) throws(LearningError) -> Value
    ) throws(LearningError) -> Value {
        var operation = dnnl_inner_product_desc_t()
        var source = try Layout.any(x.layout.dims).description
        var weights = try Layout.any(weightShape(x)).description
        var result = try Layout.any(dy.layout.dims).description
        try DNNL.check(
            dnnl_inner_product_backward_data_desc_init(&operation, &source, &weights, &result),
            "describe the input gradient of \(name)")
        let backward = try PrimitiveDescription(
            "input gradient of \(name)", operation, forward: forward, on: program.engine)
        return try program.emitInputGradient(backward, dy, weights: w)
    }

    // MARK: Inference

    /// Computed as a convolution over the whole plane. oneDNN's matrix product (seen on AVX2) rounds a row differently
    /// at another index of the batch, but the logits of an image must not depend on the index.
    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        var x = inputs[0]
        let dims = x.layout.dims
        if dims.count == 2 { x = Value(buffer: x.buffer, layout: try .plain(dims + [1, 1])) }
        try check(x)
        let convolution = Convolution(
            name: name, inputs: dims[1], outputs: outputs, kernel: x.layout.dims[2], stride: 1, padding: 0, bias: bias)
        let y = try convolution.infer([x], inference)
        let plain = try program.conform(y, to: .plain(y.layout.dims))
        return Value(buffer: plain.buffer, layout: try .plain([dims[0], outputs]))
    }

    // MARK: Fixed weights with a backward step

    /// Adds the inference step, and returns its backward step dx[n,k] = Σ_o w[o,k] · dy[n,o]. The weights have no
    /// gradient.
    func fixed(_ x: Value, _ inference: InferenceBuilder, _ training: TrainingBuilder) throws(LearningError)
        -> Differentiable
    {
        let program = inference.program
        let forward = try plan(x, program)
        return Differentiable(output: try infer([x], inference)) { gradients throws(LearningError) in
            let dy = try training.total(gradients)
            return [
                try backwardData(x, dy, forward, program) { layout throws(LearningError) in
                    program.constant(try inference.numbers("\(name).weight"), layout)
                }
            ]
        }
    }
}
