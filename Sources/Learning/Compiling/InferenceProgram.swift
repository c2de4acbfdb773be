/// Writes the program of inference: the model's numbers as constants, in the layouts that its primitives like best.
final class InferenceBuilder {
    let program: ProgramBuilder
    private let weights: Weights

    init(_ program: ProgramBuilder, _ weights: Weights) { (self.program, self.weights) = (program, weights) }

    /// A tensor's numbers, row after row.
    func numbers(_ name: String) throws(LearningError) -> [Float] {
        guard case .float32(let numbers)? = weights.tensors[name]?.values else {
            throw LearningError(
                .weights, "there is no tensor \(name) of 32-bit floats", next: "use weights made for this model")
        }
        return numbers
    }

    /// Writes `passes`, and gives what each of their last nodes puts out.
    func emit(_ passes: [FusedPass], of model: Graph, _ input: Value) throws(LearningError) -> [Graph.Node: Value] {
        var outputs: [Graph.Node: Value] = [model.input: input]
        for pass in passes {
            guard let layer = model.layer(pass.first) else { continue }
            let inputs = pass.inputs.compactMap { outputs[$0] }
            var output: Value
            if let convolution = layer as? Convolution {
                let folding = Convolution.Folding(
                    line: pass.line, addend: pass.addend.flatMap { outputs[$0] }, relu: pass.relu)
                output = try convolution.infer(inputs[0], folding, self)
            } else {
                output = try layer.infer(inputs, self)
            }
            // A layer may hand on its input itself, which others may need.
            let isShared = inputs.contains { $0.slot == output.slot && !$0.overwritable }
            output.overwritable = !isShared && model.consumers(of: pass.last).count == 1
            outputs[pass.last] = output
        }
        return outputs
    }
}

/// A model compiled for inference with given weights: one run gives a batch's logits.
struct InferenceProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// batch × classes, row after row; of a part of a model, whatever its last layer gives for each image.
    let logits: Value
    /// Its constants count as parameters.
    let need: MemoryNeed

    init(_ model: Graph, _ weights: Weights, batch: Int, size: Int, on engine: Engine, team: ThreadTeam)
        throws(LearningError)
    {
        let builder = ProgramBuilder(on: engine, team: team)
        let inference = InferenceBuilder(builder, weights)
        let input = builder.value(try .plain([batch, model.inputChannels, size, size]), in: .kept)
        let outputs = try inference.emit(FusedPass.passes(of: model), of: model, input)
        guard let last = outputs[model.output] else {
            throw LearningError(.settings, "the model has no layer", next: "give it one")
        }
        // Nothing runs after the last step, so the logits still lie there when it ends.
        logits = try builder.conform(last, to: .plain(last.layout.dims))
        (program, self.input) = (try builder.build(), input)
        let constants = builder.constants.reduce(0) { $0 + $1.0.layout.bytes }
        need = MemoryNeed(parameters: constants, activations: program.bytes - constants, workspace: builder.workspace)
    }
}
