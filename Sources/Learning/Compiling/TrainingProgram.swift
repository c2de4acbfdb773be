/// A model compiled for training: one run is a forward pass, the loss and a backward pass over one batch.
struct TrainingProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// One class index an image.
    let labels: Slot
    /// One loss an image, and whether its class came out on top (1 or 0).
    let losses, right: Slot
    let trained: [String: TrainedParameter]
    let statistics: [String: Value]

    /// - Throws: ``LearningError`` (`settings`) where the model does not fit the image size.
    init(_ model: Graph, batch: Int, size: Int, on engine: Engine, team: ThreadTeam) throws(LearningError) {
        let builder = ProgramBuilder(on: engine, team: team)
        let training = TrainingBuilder(builder)
        var input = builder.value(try .plain([batch, Graph.colours, size, size]), in: .kept)
        input.needsGradient = false

        var outputs = [input]
        var ways: [Differentiable.Backward] = []
        for (index, entry) in model.entries.enumerated() {
            let layer = try entry.layer.train(entry.inputs.map { outputs[$0.index] }, training)
            var output = layer.output
            output.overwritable = !entry.layer.keepsOutput && model.consumers(of: Graph.Node(index: index + 1)).count == 1
            outputs.append(output)
            ways.append(layer.backward)
        }

        let logits = outputs[model.output.index]
        let loss = try SoftmaxCrossEntropy.emit(logits, builder)
        var gradients: [[Value]] = Array(repeating: [], count: outputs.count)
        gradients[model.output.index] = [loss.gradient]
        for (index, entry) in model.entries.enumerated().reversed() {
            for (input, gradient) in zip(entry.inputs, try ways[index](gradients[index + 1])) {
                if let gradient { gradients[input.index].append(gradient) }
            }
        }
        program = try builder.build()
        (self.input, labels, losses, right) = (input, loss.labels, loss.losses, loss.right)
        (trained, statistics) = (training.trained, training.statistics)
    }
}
