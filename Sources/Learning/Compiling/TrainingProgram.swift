/// Layers that training leaves as they are: those up to a node, with their weights.
struct FrozenPart {
    let last: Graph.Node
    let weights: Weights
}

/// A model compiled for training: one run is a forward pass, the loss and a backward pass over one batch.
struct TrainingProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// One class index an image.
    let labels: Slot
    /// Two words: seed and step.
    let moment: Slot
    /// One loss an image, and whether its class came out on top (1 or 0).
    let losses, right: Slot
    let trained: [String: TrainedParameter]
    let statistics: [String: Value]

    /// - Parameter frozen: nil where every layer is trained.
    /// - Throws: ``LearningError`` (`settings`) where the model does not fit the image size.
    init(
        _ model: Graph, batch: Int, size: Int, smoothing: Double = 0, frozen: FrozenPart? = nil, on engine: Engine,
        team: ThreadTeam
    ) throws(LearningError) {
        let draft = try Draft(
            model, batch: batch, size: size, smoothing: smoothing, frozen: frozen, on: engine, team: team)
        program = try draft.training.program.build()
        (input, labels, losses, right) = (draft.input, draft.loss.labels, draft.loss.losses, draft.loss.right)
        (trained, statistics, moment) = (draft.training.trained, draft.training.statistics, draft.training.moment)
    }

    /// The program as it is written, before it has memory.
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
            var input = builder.value(try .plain([batch, model.inputChannels, size, size]), in: .kept)
            input.needsGradient = false
            self.input = input

            var outputs = [model.input: input]
            if let frozen {
                outputs = try InferenceBuilder(builder, frozen.weights).emit(
                    FusedPass.passes(of: model, upTo: frozen.last), of: model, input)
                for node in outputs.keys { outputs[node]?.needsGradient = false }
            }
            var ways: [Graph.Node: Differentiable.Backward] = [:]
            let layers = model.entries.enumerated().map { (node: Graph.Node(index: $0 + 1), entry: $1) }.dropFirst(
                frozen?.last.index ?? 0)
            for (node, entry) in layers {
                let layer = try entry.layer.train(entry.inputs.compactMap { outputs[$0] }, training)
                var output = layer.output
                output.overwritable = !entry.layer.keepsOutput && model.consumers(of: node).count == 1
                (outputs[node], ways[node]) = (output, layer.backward)
            }

            guard let logits = outputs[model.output] else {
                throw LearningError(.settings, "the model has no layer", next: "give it one")
            }
            loss = try SoftmaxCrossEntropy.emit(logits, smoothing: smoothing, builder)
            var gradients = [model.output: [loss.gradient]]
            for (node, entry) in layers.reversed() {
                guard let back = try ways[node]?(gradients[node] ?? []) else { continue }
                for (input, gradient) in zip(entry.inputs, back) {
                    if let gradient { gradients[input, default: []].append(gradient) }
                }
            }
        }
    }
}
