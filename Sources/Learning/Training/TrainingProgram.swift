import CDNNL

/// The frozen layers: all layers up to a node, with their weights.
struct FrozenPart {
    let last: Graph.Node
    let weights: Weights
}

/// A model compiled for training. One run is a forward pass, the loss and a backward pass over one batch.
struct TrainingProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// One class index for each image.
    let labels: BufferID
    /// Two 64-bit integers: seed and step.
    let seedAndStep: BufferID
    /// One loss for each image, and whether the prediction is correct (1 or 0).
    let losses, correct: BufferID
    let trained: [String: TrainedParameter]
    let statistics: [String: Value]

    /// - Parameter frozen: nil to train all layers.
    /// - Throws: ``LearningError`` (`settings`) if the model does not fit the image size.
    init(
        _ model: Graph, batch: Int, size: Int, smoothing: Double = 0, frozen: FrozenPart? = nil, on engine: Engine,
        team: ThreadTeam
    ) throws(LearningError) {
        let draft = try Draft(
            model, batch: batch, size: size, smoothing: smoothing, frozen: frozen, on: engine, team: team)
        program = try draft.training.program.build()
        input = draft.input
        labels = draft.loss.labels
        losses = draft.loss.losses
        correct = draft.loss.correct
        trained = draft.training.trained
        statistics = draft.training.statistics
        seedAndStep = draft.training.seedAndStep
    }

    /// The program before its memory is allocated.
    struct Draft {
        let training: TrainingBuilder
        let input: Value
        let loss: SoftmaxCrossEntropy.Emitted

        init(
            _ model: Graph, batch: Int, size: Int, smoothing: Double, frozen: FrozenPart?, on engine: Engine,
            team: ThreadTeam
        ) throws(LearningError) {
            let builder = ProgramBuilder(on: engine, team: team)
            training = try TrainingBuilder(builder)
            var input = builder.value(try .plain([batch, model.inputChannels, size, size]), in: .persistent)
            input.needsGradient = false
            self.input = input

            var outputs = [model.input: input]
            if let frozen {
                outputs = try InferenceBuilder(builder, frozen.weights).emit(
                    FusedPass.passes(of: model, upTo: frozen.last), of: model, input)
                for node in outputs.keys { outputs[node]?.needsGradient = false }
            }
            var backwards: [Graph.Node: Differentiable.Backward] = [:]
            let layers = model.entries.enumerated().map { (node: Graph.Node(index: $0 + 1), entry: $1) }.dropFirst(
                frozen?.last.index ?? 0)
            for (node, entry) in layers {
                let layer = try entry.layer.train(entry.inputs.compactMap { outputs[$0] }, training)
                var output = layer.output
                output.overwritable = !entry.layer.keepsOutput && model.consumers(of: node).count == 1
                outputs[node] = output
                backwards[node] = layer.backward
            }

            guard let logits = outputs[model.output] else {
                throw LearningError(.settings, "the model has no layer", nextStep: "add a layer")
            }
            loss = try SoftmaxCrossEntropy.emit(logits, smoothing: smoothing, builder)
            var gradients = [model.output: [loss.gradient]]
            for (node, entry) in layers.reversed() {
                guard let back = try backwards[node]?(gradients[node] ?? []) else { continue }
                for (input, gradient) in zip(entry.inputs, back) {
                    if let gradient { gradients[input, default: []].append(gradient) }
                }
            }
        }
    }
}

/// A trained parameter and its gradient, both in the layout of the forward pass.
struct TrainedParameter {
    let value, gradient: Value
}

/// Builder of a training step: forward and backward pass. The optimizer is not part of the program.
final class TrainingBuilder {
    let program: ProgramBuilder
    private(set) var trained: [String: TrainedParameter] = [:]
    private(set) var statistics: [String: Value] = [:]

    /// Statistics of tensors that several batch norms read, by the tensor's buffer.
    var channelStatistics: [BufferID: ChannelStatistics] = [:]
    /// Unfinished gradients, by their own buffer.
    var inputGradients: [BufferID: InputGradient] = [:]
    /// The plan's seed and the step (from 0), which dropout is computed from.
    let seedAndStep: BufferID

    init(_ program: ProgramBuilder) throws(LearningError) {
        self.program = program
        seedAndStep = program.value(try .plain([4]), in: .persistent).buffer
    }

    func parameter(_ name: String, _ layout: Layout) throws(LearningError) -> TrainedParameter {
        guard trained[name] == nil else {
            throw LearningError(
                .settings, "two layers of the model have the name \(name)", nextStep: "give each layer a unique name")
        }
        let parameter = TrainedParameter(
            value: program.value(layout, in: .weights), gradient: program.value(layout, in: .gradients))
        trained[name] = parameter
        return parameter
    }

    func statistic(_ name: String, _ layout: Layout) -> Value {
        let value = program.value(layout, in: .persistent)
        statistics[name] = value
        return value
    }

    /// Calls `write` to add the steps that fill `target`. A reorder is added if the writer needs another layout.
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

    /// Adds the sum of gradients, in the layout of the first.
    func total(_ gradients: [Value]) throws(LearningError) -> Value {
        guard var total = gradients.first else {
            throw LearningError(
                .settings, "no layer uses the output of a layer", nextStep: "remove the layer from the model")
        }
        gradients.forEach(finish)
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
                PrimitiveDescription("sum of gradients", operation, on: program.engine),
                [Argument(DNNL_ARG_SRC_0, total), Argument(DNNL_ARG_SRC_1, other), Argument(DNNL_ARG_DST, sum)])
            total = sum
        }
        return total
    }
}
