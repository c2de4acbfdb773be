import CDNNL

/// A model compiled to say what it looked at: one run gives a batch's logits, the last planes before pooling, and the gradient of one logit an image with respect to them.
///
/// Forward it computes what inference does, to the last bit; weights are constants, and nothing but the planes has a gradient.
struct ActivationProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// The class that each image is asked about; below 0 the one with the highest logit. Afterwards the class that it was.
    let wanted: Slot
    /// batch × classes, row after row.
    let logits: Value
    /// batch × channels × height × width, row after row: what the last pool is given, and the gradient of the wanted logits with respect to it.
    let planes, gradient: Value

    /// - Throws: ``LearningError`` (`settings`) for a model without a pool behind its convolutions, or with other layers behind it than have a fixed way back.
    init(_ model: Graph, _ weights: Weights, batch: Int, size: Int, on engine: Engine, team: ThreadTeam)
        throws(LearningError)
    {
        guard let last = model.lastPlanes else {
            throw LearningError(
                .settings, "the model has no pool behind its convolutions, so that nothing says where it looks",
                next: "use one of: \(Models.names.joined(separator: ", "))")
        }
        let builder = ProgramBuilder(on: engine, team: team)
        let inference = InferenceBuilder(builder, weights)
        let training = try TrainingBuilder(builder)
        let input = builder.value(try .plain([batch, Graph.colours, size, size]), in: .kept)
        var outputs = try inference.emit(FusedPass.passes(of: model, upTo: last), of: model, input)
        // Kept for whoever reads it, whatever comes behind.
        outputs[last]?.overwritable = false
        guard let planes = outputs[last] else {
            throw LearningError(.settings, "the model's last planes are not computed", next: "report this")
        }

        var ways: [Graph.Node: Differentiable.Backward] = [:]
        let layers = model.entries.enumerated().map { (node: Graph.Node(index: $0 + 1), entry: $1) }.dropFirst(
            last.index)
        for (node, entry) in layers {
            let layer = try Self.fixed(entry.layer, entry.inputs.compactMap { outputs[$0] }, inference, training)
            (outputs[node], ways[node]) = (layer.output, layer.backward)
        }
        guard let scores = outputs[model.output], scores.layout.dims.count == 2 else {
            throw LearningError(
                .settings, "the model does not end in a linear layer", next: "let it end in one number a class")
        }
        let logits = try builder.conform(scores, to: .plain(scores.layout.dims))
        let wanted = builder.value(try .plain([batch]), in: .kept).slot
        var gradients = [model.output: [Self.choose(wanted, among: logits, builder)]]
        for (node, entry) in layers.reversed() {
            guard let back = try ways[node]?(gradients[node] ?? []) else { continue }
            for (input, gradient) in zip(entry.inputs, back) {
                if let gradient { gradients[input, default: []].append(gradient) }
            }
        }
        let gradient = try training.total(gradients[last] ?? [])
        // Read when the program has ended: no other step may have had their room since.
        self.gradient = try Self.kept(gradient, builder)
        self.planes = try Self.kept(planes, builder)
        self.logits = try Self.kept(logits, builder)
        (program, self.input, self.wanted) = (try builder.build(), input, wanted)
    }

    /// A layer as it is after training, with its way back: dropout keeps all, and weights have no gradient.
    private static func fixed(
        _ layer: any Layer, _ inputs: [Value], _ inference: InferenceBuilder, _ training: TrainingBuilder
    ) throws(LearningError) -> Differentiable {
        switch layer {
        case let linear as Linear:
            return try linear.fixed(inputs[0], inference, training)
        case is Dropout:
            return Differentiable(output: inputs[0]) { gradients throws(LearningError) in
                [try training.total(gradients)]
            }
        case is ReLU, is Pool, is AdaptiveAveragePool:
            return try layer.train(inputs, training)
        default:
            throw LearningError(
                .settings, "behind its last pool the model has a layer that no activation map is known for",
                next: "use one of: \(Models.names.joined(separator: ", "))")
        }
    }

    /// The gradient of the wanted logits with respect to all: 1 at each image's class, 0 elsewhere.
    private static func choose(_ wanted: Slot, among logits: Value, _ program: ProgramBuilder) -> Value {
        let gradient = program.value(logits.layout)
        let (batch, classes) = (logits.layout.dims[0], logits.layout.dims[1])
        program.emitLoop(touching: [logits.slot, gradient.slot, wanted]) { memory, _ in
            let (scores, out, asked) = (
                memory.floats(logits.slot), memory.floats(gradient.slot), memory.integers(wanted)
            )
            for n in 0..<batch {
                var chosen = Int(asked[n])
                if chosen < 0 {
                    chosen = 0
                    for k in 0..<classes where scores[n * classes + k] > scores[n * classes + chosen] { chosen = k }
                }
                for k in 0..<classes { out[n * classes + k] = k == chosen ? 1 : 0 }
                asked[n] = Int32(chosen)
            }
        }
        return gradient
    }

    private static func kept(_ value: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let copy = program.value(try .plain(value.layout.dims), in: .kept)
        try program.emit(
            PrimitiveDescription(reorder: value.layout, to: copy.layout, on: program.engine),
            [Argument(DNNL_ARG_FROM, value), Argument(DNNL_ARG_TO, copy)])
        return copy
    }
}
