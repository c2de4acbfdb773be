import CDNNL

/// The tensors of a layer with weights and an optional bias in a training program: a convolution or a fully connected
/// layer.
struct WeightedPass {
    let x, y: Value
    let weights: TrainedParameter
    let bias: TrainedParameter?

    /// Adds the forward step.
    ///
    /// - Parameters:
    ///   - name: the name of the layer, which is the beginning of its parameters' names.
    ///   - biases: the number of biases; nil for a layer without bias.
    init(
        _ forward: PrimitiveDescription, _ name: String, of input: Value, biases: Int?, _ training: TrainingBuilder
    ) throws(LearningError) {
        let program = training.program
        x = try program.conform(input, to: forward.source)
        weights = try training.parameter("\(name).weight", forward.weights)
        var bias: TrainedParameter?
        if let biases { bias = try training.parameter("\(name).bias", .plain([biases])) }
        self.bias = bias
        y = program.value(try forward.destination)
        var arguments = [
            Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_WEIGHTS, weights.value), Argument(DNNL_ARG_DST, y),
        ]
        if let bias { arguments.append(Argument(DNNL_ARG_BIAS, bias.value)) }
        try program.emit(forward, arguments)
    }

    /// Adds the backward step that computes the gradients of the weights and the bias.
    func emitWeightGradients(_ backward: PrimitiveDescription, _ dy: Value, _ training: TrainingBuilder)
        throws(LearningError)
    {
        let program = training.program
        let x = try program.conform(x, to: backward.source)
        let dy = try program.conform(dy, to: backward.destinationGradient)
        try training.produce(weights.gradient, in: backward.weightsGradient) { dw throws(LearningError) in
            var arguments = [
                Argument(DNNL_ARG_SRC, x), Argument(DNNL_ARG_DIFF_DST, dy), Argument(DNNL_ARG_DIFF_WEIGHTS, dw),
            ]
            if let bias { arguments.append(Argument(DNNL_ARG_DIFF_BIAS, bias.gradient)) }
            try program.emit(backward, arguments)
        }
    }
}

extension ProgramBuilder {
    /// Adds the backward step of a layer with weights that computes the gradient of its input, and returns the
    /// gradient.
    ///
    /// - Parameter weights: returns the weights in a layout.
    func emitInputGradient(
        _ backward: PrimitiveDescription, _ dy: Value, weights: (Layout) throws(LearningError) -> Value
    ) throws(LearningError) -> Value {
        let dx = value(try backward.sourceGradient)
        try emit(
            backward,
            [
                Argument(DNNL_ARG_WEIGHTS, weights(backward.weights)),
                Argument(DNNL_ARG_DIFF_DST, conform(dy, to: backward.destinationGradient)),
                Argument(DNNL_ARG_DIFF_SRC, dx),
            ])
        return dx
    }
}
