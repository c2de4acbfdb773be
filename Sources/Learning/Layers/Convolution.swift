import CDNNL

/// Two-dimensional convolution (cross-correlation):
///
///     y[n,o,i,j] = Σ_{c,u,v} w[o,c,u,v] · x[n,c, s·i+u−p, s·j+v−p]  (+ b[o])
///
/// x: batch × inputs × height × width, 0 outside; w: outputs × inputs × kernel × kernel; s stride, p padding.
struct Convolution: Layer {
    let name: String
    let inputs, outputs: Int
    let window: Window
    let bias: Bool
    let fan: Fan

    /// The number of connections that scales the initial weights: of the outputs (keeps the size of gradients) or of
    /// the inputs (keeps the size of activations).
    enum Fan: Hashable, Sendable { case out, `in` }

    init(name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int, bias: Bool, fan: Fan = .out) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.bias = bias
        self.fan = fan
        window = .square(kernel: kernel, stride: stride, padding: padding)
    }

    /// Normal with deviation √(2 / (outputs·kernel²)) (He et al., "Delving Deep into Rectifiers", 2015, eq. 14), or
    /// with inputs in place of outputs (eq. 10).
    var parameters: [Parameter] {
        let numbers = Double((fan == .out ? outputs : inputs) * window.kernel * window.kernel)
        var all = [Parameter("\(name).weight", weightShape, .trained, .normal(deviation: (2 / numbers).squareRoot()))]
        if bias { all.append(Parameter("\(name).bias", [outputs], .trained, .constant(0))) }
        return all
    }

    var keepsOutput: Bool { false }

    private var weightShape: [Int] { [outputs, inputs, window.kernel, window.kernel] }

    func side(_ inputs: [Int]) throws(LearningError) -> Int { try window.side(over: inputs[0]) }

    private func outputShape(_ x: Value) throws(LearningError) -> [Int] {
        try [x.layout.dims[0], outputs, window.side(over: x.layout.dims[2]), window.side(over: x.layout.dims[3])]
    }

    /// Returns a Winograd convolution if oneDNN has one (AVX-512, 3 × 3 without stride, channels in multiples of 16),
    /// or else a direct one.
    ///
    /// A Winograd convolution computes 4 × 4 outputs with 36 products instead of 144 (Lavin and Gray, "Fast Algorithms
    /// for Convolutional Neural Networks", 2016, section 4.3). Smaller planes would waste most of the products. The
    /// choice depends only on the processor and on shapes, never on measured times.
    ///
    /// - Parameter isUsable: whether the layouts of a Winograd convolution can be used.
    private func fastest(
        _ x: Value, isUsable: (PrimitiveDescription) -> Bool = { _ in true },
        _ describe: (dnnl_alg_kind_t) throws(LearningError) -> PrimitiveDescription
    ) throws(LearningError) -> PrimitiveDescription {
        let fits = window.kernel == 3 && window.stride == 1 && min(x.layout.dims[2], x.layout.dims[3]) >= 4
        guard fits else { return try describe(dnnl_convolution_direct) }
        do throws(LearningError) {
            let winograd = try describe(dnnl_convolution_winograd)
            if isUsable(winograd) { return winograd }
        } catch  where error.code == .unimplemented {
            // The processor lacks AVX-512, or the channels are not a multiple of 16.
        }
        return try describe(dnnl_convolution_direct)
    }

    /// - Parameter destination: the layout of the output; nil to let oneDNN choose.
    private func plan(
        _ kind: dnnl_prop_kind_t, _ x: Value, bias: Bool, then post: [PostOperation] = [],
        into destination: Layout? = nil,
        _ engine: Engine
    ) throws(LearningError) -> PrimitiveDescription {
        // A Winograd convolution has a rounding error a few times larger. In the backward pass the error stays small.
        // In the forward pass of training it would change the sign of more ReLU inputs, and thus whole paths of the
        // gradient.
        guard kind == dnnl_forward_inference else {
            return try plan(dnnl_convolution_direct, kind, x, bias: bias, then: post, into: destination, engine)
        }
        return try fastest(x) { algorithm throws(LearningError) in
            try plan(algorithm, kind, x, bias: bias, then: post, into: destination, engine)
        }
    }

    private func plan(
        _ algorithm: dnnl_alg_kind_t, _ kind: dnnl_prop_kind_t, _ x: Value, bias: Bool, then post: [PostOperation],
        into destination: Layout?,
        _ engine: Engine
    ) throws(LearningError) -> PrimitiveDescription {
        var operation = dnnl_convolution_desc_t()
        var source = try Layout.any(x.layout.dims).description
        var weights = try Layout.any(weightShape).description
        let best = try Layout.any(outputShape(x))
        var offset = try Layout.plain([outputs]).description
        var result = (destination ?? best).description
        try DNNL.check(
            withUnsafePointer(to: &offset) { offset in
                dnnl_convolution_forward_desc_init(
                    &operation, kind, algorithm, &source, &weights, bias ? offset : nil, &result,
                    window.strides, window.paddings, window.paddings)
            }, "describe \(name)")
        return try PrimitiveDescription(name, operation, then: post, on: engine)
    }

    // MARK: Training

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let forward = try plan(dnnl_forward_training, inputs[0], bias: bias, program.engine)
        let pass = try WeightedPass(forward, name, of: inputs[0], biases: bias ? outputs : nil, training)
        return Differentiable(output: pass.y) { gradients throws(LearningError) in
            let dy = try training.total(gradients)
            try backwardWeights(pass, dy, forward, training)
            return [inputs[0].needsGradient ? try backwardData(pass, dy, forward, program) : nil]
        }
    }

    /// dw[o,c,u,v] = Σ_{n,i,j} dy[n,o,i,j] · x[n,c, s·i+u−p, s·j+v−p];  db[o] = Σ_{n,i,j} dy[n,o,i,j].
    private func backwardWeights(
        _ pass: WeightedPass, _ dy: Value, _ forward: PrimitiveDescription, _ training: TrainingBuilder
    ) throws(LearningError) {
        let engine = training.program.engine
        let backward = try fastest(pass.x, isUsable: \.weightsArePlain) { algorithm throws(LearningError) in
            var operation = dnnl_convolution_desc_t()
            var source = try Layout.any(pass.x.layout.dims).description
            var weights = try Layout.any(weightShape).description
            var offset = try Layout.plain([outputs]).description
            var result = try Layout.any(dy.layout.dims).description
            try DNNL.check(
                withUnsafePointer(to: &offset) { offset in
                    dnnl_convolution_backward_weights_desc_init(
                        &operation, algorithm, &source, &weights, bias ? offset : nil, &result,
                        window.strides, window.paddings, window.paddings)
                }, "describe the gradient of \(name)")
            return try PrimitiveDescription("gradient of \(name)", operation, forward: forward, on: engine)
        }
        try pass.emitWeightGradients(backward, dy, training)
    }

    /// dx[n,c,k,l] = Σ w[o,c,u,v] · dy[n,o,i,j] over all with s·i+u−p = k and s·j+v−p = l.
    private func backwardData(
        _ pass: WeightedPass, _ dy: Value, _ forward: PrimitiveDescription, _ program: ProgramBuilder
    ) throws(LearningError) -> Value {
        let backward = try fastest(pass.x) { algorithm throws(LearningError) in
            var operation = dnnl_convolution_desc_t()
            var source = try Layout.any(pass.x.layout.dims).description
            var weights = try Layout.any(weightShape).description
            var result = try Layout.any(dy.layout.dims).description
            try DNNL.check(
                dnnl_convolution_backward_data_desc_init(
                    &operation, algorithm, &source, &weights, &result,
                    window.strides, window.paddings, window.paddings), "describe the input gradient of \(name)")
            return try PrimitiveDescription(
                "input gradient of \(name)", operation, forward: forward, on: program.engine)
        }
        return try program.emitInputGradient(backward, dy) { layout throws(LearningError) in
            try program.conform(pass.weights.value, to: layout)
        }
    }

    // MARK: Inference

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try infer(inputs[0], Folding(), inference)
    }

    /// Layers that are fused into the convolution.
    struct Folding {
        var affine: (any ChannelAffine)?
        /// A tensor that is added to the result. The result overwrites the tensor.
        var addend: Value?
        var relu = false
    }

    /// Adds `relu(γ·(w∗x + b − μ)/√(σ²+ε) + β + addend)`. The batch norm (or affine layer) is folded into weights and
    /// bias.
    func infer(_ x: Value, _ folding: Folding, _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        var weights = try inference.numbers("\(name).weight")
        var offsets = bias ? try inference.numbers("\(name).bias") : [Float](repeating: 0, count: outputs)
        if let affine = try folding.affine?.affine(inference) {
            let each = weights.count / outputs
            for index in weights.indices { weights[index] *= affine.scale[index / each] }
            for index in offsets.indices { offsets[index] = offsets[index] * affine.scale[index] + affine.shift[index] }
        }
        let post: [PostOperation] = (folding.addend == nil ? [] : [.sum]) + (folding.relu ? [.relu] : [])
        let forward = try plan(
            dnnl_forward_inference, x, bias: true, then: post, into: folding.addend?.layout, program.engine)
        let destination = try forward.destination
        let y = folding.addend ?? program.value(destination)
        try program.emit(
            forward,
            [
                Argument(DNNL_ARG_SRC, program.conform(x, to: forward.source)),
                Argument(DNNL_ARG_WEIGHTS, program.constant(weights, forward.weights)),
                Argument(DNNL_ARG_BIAS, program.constant(offsets, .plain([outputs]))), Argument(DNNL_ARG_DST, y),
            ])
        program.overwrite(y.buffer)
        return y
    }
}
