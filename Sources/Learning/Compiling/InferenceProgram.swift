/// Writes the program of inference: the model's numbers as constants, in the layouts that its primitives like best.
final class InferenceBuilder {
    let program: ProgramBuilder
    private let weights: Weights

    init(_ program: ProgramBuilder, _ weights: Weights) { (self.program, self.weights) = (program, weights) }

    /// A tensor's numbers, row after row.
    func numbers(_ name: String) throws(LearningError) -> [Float] {
        guard case .float32(let numbers)? = weights.tensors[name]?.values else {
            throw LearningError(.weights, "there is no tensor \(name) of 32-bit floats", next: "use weights made for this model")
        }
        return numbers
    }
}

/// A model compiled for inference with given weights: one run gives a batch's logits.
struct InferenceProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// batch × classes, row after row.
    let logits: Value

    init(_ model: Graph, _ weights: Weights, batch: Int, size: Int, on engine: Engine, team: ThreadTeam) throws(LearningError) {
        let builder = ProgramBuilder(on: engine, team: team)
        let inference = InferenceBuilder(builder, weights)
        let input = builder.value(try .plain([batch, Graph.colours, size, size]), in: .kept)
        var outputs: [Graph.Node: Value] = [model.input: input]
        for pass in FusedPass.passes(of: model) {
            guard let layer = model.layer(pass.first) else { continue }
            let inputs = pass.inputs.compactMap { outputs[$0] }
            var output: Value
            if let convolution = layer as? Convolution {
                let folding = Convolution.Folding(batchNorm: pass.batchNorm, addend: pass.addend.flatMap { outputs[$0] }, relu: pass.relu)
                output = try convolution.infer(inputs[0], folding, inference)
            } else {
                output = try layer.infer(inputs, inference)
            }
            output.overwritable = model.consumers(of: pass.last).count == 1
            outputs[pass.last] = output
        }
        guard let last = outputs[model.output] else { throw LearningError(.settings, "the model has no layer", next: "give it one") }
        // Nothing runs after the last step, so the logits still lie there when it ends.
        logits = last
        (program, self.input) = (try builder.build(), input)
    }
}
