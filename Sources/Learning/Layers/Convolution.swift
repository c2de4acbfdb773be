import CDNNL

/// Convolution in two dimensions (cross-correlation, as everywhere in deep learning):
///
///     y[n,o,i,j] = Σ_{c,u,v} w[o,c,u,v] · x[n,c, s·i+u−p, s·j+v−p]  (+ b[o])
///
/// x: batch × inputs × height × width, zero outside; w: outputs × inputs × kernel × kernel; s stride, p padding.
struct Convolution: Layer {
    let name: String
    let inputs, outputs: Int
    let window: Window
    let bias: Bool
    let fan: Fan

    /// What the first weights are drawn for: that numbers keep their size on the way back, or forward.
    enum Fan: Hashable, Sendable { case out, `in` }

    init(name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int, bias: Bool, fan: Fan = .out) {
        (self.name, self.inputs, self.outputs, self.bias, self.fan) = (name, inputs, outputs, bias, fan)
        window = .square(kernel: kernel, stride: stride, padding: padding)
    }

    /// He et al., "Delving Deep into Rectifiers" (2015), deviation √(2 / (outputs·kernel²)) (eq. 14), or with the inputs' number in place of the outputs' (eq. 10).
    var parameters: [Parameter] {
        let numbers = Double((fan == .out ? outputs : inputs) * window.kernel * window.kernel)
        var all = [Parameter("\(name).weight", weightShape, .trained, .normal(deviation: (2 / numbers).squareRoot()))]
        if bias { all.append(Parameter("\(name).bias", [outputs], .trained, .constant(0))) }
        return all
    }

    var keepsOutput: Bool { false }

    private var weightShape: [Int] { [outputs, inputs, window.kernel, window.kernel] }

    private func outputShape(_ x: Value) throws(LearningError) -> [Int] {
        try [x.layout.dims[0], outputs, window.side(over: x.layout.dims[2]), window.side(over: x.layout.dims[3])]
    }

    /// Winograd's way where oneDNN has it for this convolution (with AVX-512: 3 × 3 without strides, channels in sixteens), and the direct one elsewhere. Winograd's
    /// computes 4 × 4 outputs with 36 products in place of 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, section 4.3); a
    /// plane smaller than that would leave most of them unused. Which one it is hangs on the processor and on shapes, never on a clock.
    ///
    /// - Parameter isUsable: whether its layouts are.
    private func quickest(
        _ x: Value, isUsable: (PrimitiveDescription) -> Bool = { _ in true },
        _ describe: (dnnl_alg_kind_t) throws(LearningError) -> PrimitiveDescription
    ) throws(LearningError) -> PrimitiveDescription {
        let fits = window.kernel == 3 && window.stride == 1 && min(x.layout.dims[2], x.layout.dims[3]) >= 4
        if fits, let quick = try? describe(dnnl_convolution_winograd), isUsable(quick) { return quick }
        return try describe(dnnl_convolution_direct)
    }

    /// - Parameter destination: nil for the one that oneDNN likes best.
    private func plan(
        _ kind: dnnl_prop_kind_t, _ x: Value, bias: Bool, then post: [PostOperation] = [],
        into destination: Layout? = nil,
        _ engine: Engine
    ) throws(LearningError) -> PrimitiveDescription {
        // Winograd's way rounds a few times as much. On the way back that is what it is, but forward it would switch ReLUs, and a gradient behind a switched one is another.
        guard kind == dnnl_forward_inference else {
            return try plan(dnnl_convolution_direct, kind, x, bias: bias, then: post, into: destination, engine)
        }
        return try quickest(x) { algorithm throws(LearningError) in
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
        let x = try program.conform(inputs[0], to: forward.source)
        let w = try training.parameter("\(name).weight", forward.weights)
        let b = bias ? try training.parameter("\(name).bias", .plain([outputs])) : nil
        let y = program.value(try forward.destination)
        var arguments = [Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_WEIGHTS, w.value), Argument(DNNL_ARG_DST, y)]
        if let b { arguments.append(Argument(DNNL_ARG_BIAS, b.value)) }
        try program.emit(forward, arguments)
        return Differentiable(output: y) { gradients throws(LearningError) in
            let dy = try training.total(gradients)
            try backwardWeights(x, w, b, dy, forward, training)
            return [inputs[0].needsGradient ? try backwardData(x, w.value, dy, forward, program) : nil]
        }
    }

    /// dw[o,c,u,v] = Σ_{n,i,j} dy[n,o,i,j] · x[n,c, s·i+u−p, s·j+v−p];  db[o] = Σ_{n,i,j} dy[n,o,i,j].
    private func backwardWeights(
        _ x: Value, _ w: TrainedParameter, _ b: TrainedParameter?, _ dy: Value, _ forward: PrimitiveDescription,
        _ training: TrainingBuilder
    ) throws(LearningError) {
        let program = training.program
        let backward = try quickest(x, isUsable: \.weightsAreNumbers) { algorithm throws(LearningError) in
            var operation = dnnl_convolution_desc_t()
            var source = try Layout.any(x.layout.dims).description
            var weights = try Layout.any(weightShape).description
            var offset = try Layout.plain([outputs]).description
            var result = try Layout.any(dy.layout.dims).description
            try DNNL.check(
                withUnsafePointer(to: &offset) { offset in
                    dnnl_convolution_backward_weights_desc_init(
                        &operation, algorithm, &source, &weights, bias ? offset : nil, &result,
                        window.strides, window.paddings, window.paddings)
                }, "describe the gradient of \(name)")
            return try PrimitiveDescription("the gradient of \(name)", operation, forward: forward, on: program.engine)
        }
        let x = try program.conform(x, to: backward.source)
        let dy = try program.conform(dy, to: backward.destinationGradient)
        try training.produce(w.gradient, in: backward.weightsGradient) { dw throws(LearningError) in
            var arguments = [
                Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DIFF_DST, dy), Argument(DNNL_ARG_DIFF_WEIGHTS, dw),
            ]
            if let b { arguments.append(Argument(DNNL_ARG_DIFF_BIAS, b.gradient)) }
            try program.emit(backward, arguments)
        }
    }

    /// dx[n,c,k,l] = Σ w[o,c,u,v] · dy[n,o,i,j] over all with s·i+u−p = k and s·j+v−p = l.
    private func backwardData(
        _ x: Value, _ w: Value, _ dy: Value, _ forward: PrimitiveDescription, _ program: ProgramBuilder
    ) throws(LearningError) -> Value {
        let backward = try quickest(x) { algorithm throws(LearningError) in
            var operation = dnnl_convolution_desc_t()
            var source = try Layout.any(x.layout.dims).description
            var weights = try Layout.any(weightShape).description
            var result = try Layout.any(dy.layout.dims).description
            try DNNL.check(
                dnnl_convolution_backward_data_desc_init(
                    &operation, algorithm, &source, &weights, &result,
                    window.strides, window.paddings, window.paddings), "describe the way back through \(name)")
            return try PrimitiveDescription(
                "the way back through \(name)", operation, forward: forward, on: program.engine)
        }
        let dx = program.value(try backward.sourceGradient)
        try program.emit(
            backward,
            [
                Argument(DNNL_ARG_WEIGHTS, program.conform(w, to: backward.weights)),
                Argument(DNNL_ARG_DIFF_DST, program.conform(dy, to: backward.destinationGradient)),
                Argument(DNNL_ARG_DIFF_SRC, dx),
            ])
        return dx
    }

    // MARK: Inference

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value {
        try infer(inputs[0], Folding(), inference)
    }

    /// What follows the convolution within its one pass.
    struct Folding {
        var line: (any ChannelLine)?
        /// Added to the result, and overwritten by it.
        var addend: Value?
        var relu = false
    }

    /// `relu(γ·(w∗x + b − μ)/√(σ²+ε) + β + addend)`, with the batch norm (or an affine layer) folded into weights and bias.
    func infer(_ x: Value, _ folding: Folding, _ inference: InferenceBuilder) throws(LearningError) -> Value {
        let program = inference.program
        var weights = try inference.numbers("\(name).weight")
        var offsets = bias ? try inference.numbers("\(name).bias") : [Float](repeating: 0, count: outputs)
        if let line = try folding.line?.line(inference) {
            let each = weights.count / outputs
            for index in weights.indices { weights[index] *= line.scale[index / each] }
            for index in offsets.indices { offsets[index] = offsets[index] * line.scale[index] + line.shift[index] }
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
        program.overwrite(y.slot)
        return y
    }
}
