import Core

/// Builder of an inference program. The model's weights are constants.
final class InferenceBuilder {
    let program: ProgramBuilder
    private let weights: Weights

    init(_ program: ProgramBuilder, _ weights: Weights) {
        self.program = program
        self.weights = weights
    }

    /// Returns a tensor's numbers, row-major.
    func numbers(_ name: String) throws(LearningError) -> [Float] {
        guard case .float32(let numbers)? = weights.tensors[name]?.values else {
            throw LearningError(
                .weights, "the weights have no float32 tensor \(name)", nextStep: "use weights of this model")
        }
        return numbers
    }

    /// Adds `passes` and returns the output of each.
    func emit(_ passes: [FusedPass], of model: Graph, _ input: Value) throws(LearningError) -> [Graph.Node: Value] {
        var outputs: [Graph.Node: Value] = [model.input: input]
        for pass in passes {
            guard let layer = model.layer(pass.first) else { continue }
            let inputs = pass.inputs.compactMap { outputs[$0] }
            var output: Value
            if let convolution = layer as? Convolution {
                let folding = Convolution.Folding(
                    affine: pass.affine, addend: pass.addend.flatMap { outputs[$0] }, relu: pass.relu)
                output = try convolution.infer(inputs[0], folding, self)
            } else {
                output = try layer.infer(inputs, self)
            }
            // A layer may return its own input, which other layers may need.
            let isShared = inputs.contains { $0.buffer == output.buffer && !$0.overwritable }
            output.overwritable = !isShared && model.consumers(of: pass.last).count == 1
            outputs[pass.last] = output
        }
        return outputs
    }
}

/// A model compiled for inference. One run computes the logits of a batch.
struct InferenceProgram {
    let program: Program
    /// batch × 3 × height × width.
    let input: Value
    /// batch × classes, row-major. For a part of a model: the output of its last layer for each image.
    let logits: Value
    /// Constants count as parameters.
    let memoryEstimate: MemoryEstimate

    /// Checks what every compilation for inference requires, and counts the threads.
    ///
    /// - Throws: ``LearningError``: `settings` for an image size that is not allowed; `threads`; `weights` if the
    ///   weights do not fit the model.
    static func check(_ model: Graph, _ weights: Weights, size: Int, on team: ThreadTeam) throws(LearningError) {
        let sizes = TrainingPlan.sizes
        guard sizes.contains(size) else {
            throw LearningError(.settings, "the image size is \(size)", nextStep: "use \(sizes.bounds)")
        }
        try team.recount()
        try weights.check(fit: model)
    }

    init(_ model: Graph, _ weights: Weights, batch: Int, size: Int, on engine: Engine, team: ThreadTeam)
        throws(LearningError)
    {
        try self.init(model, weights, batch: batch, height: size, width: size, on: engine, team: team)
    }

    init(
        _ model: Graph, _ weights: Weights, batch: Int, height: Int, width: Int, on engine: Engine, team: ThreadTeam
    ) throws(LearningError) {
        let builder = ProgramBuilder(on: engine, team: team)
        let inference = InferenceBuilder(builder, weights)
        let input = builder.value(try .plain([batch, model.inputChannels, height, width]), in: .persistent)
        let outputs = try inference.emit(FusedPass.passes(of: model), of: model, input)
        guard let last = outputs[model.output] else {
            throw LearningError(.settings, "the model has no layer", nextStep: "add a layer")
        }
        // No step follows, so the logits are still in memory after the run.
        logits = try builder.conform(last, to: .plain(last.layout.dims))
        program = try builder.build()
        self.input = input
        let constants = builder.constants.reduce(0) { $0 + $1.0.layout.bytes }
        memoryEstimate = MemoryEstimate(
            parameters: constants, activations: program.bytes - constants, workspace: builder.workspace)
    }
}

/// A layer and the following layers that oneDNN computes in the same pass over memory.
///
/// A convolution includes the batch norm or affine layer after it (folded into its weights), then the sum of a residual
/// block if the other addend exists already and nothing else needs it later, and a ReLU.
struct FusedPass: Sendable {
    let first: Graph.Node
    let inputs: [Graph.Node]
    /// The last node of the pass.
    private(set) var last: Graph.Node
    private(set) var affine: (any ChannelAffine)?
    private(set) var addend: Graph.Node?
    private(set) var relu = false

    /// - Parameter end: the last node; nil for the whole model.
    static func passes(of model: Graph, upTo end: Graph.Node? = nil) -> [FusedPass] {
        let end = end ?? model.output
        var passes: [FusedPass] = []
        var done: Set<Graph.Node> = [model.input]
        for (index, entry) in model.entries.prefix(end.index).enumerated()
        where !done.contains(Graph.Node(index: index + 1)) {
            let node = Graph.Node(index: index + 1)
            var pass = FusedPass(first: node, inputs: entry.inputs, last: node)
            done.insert(node)
            if entry.layer is Convolution { pass.extend(model, upTo: end, &done) }
            passes.append(pass)
        }
        return passes
    }

    private mutating func extend(_ model: Graph, upTo end: Graph.Node, _ done: inout Set<Graph.Node>) {
        while !relu, let next = only(model.consumers(of: last)), next.index <= end.index, let layer = model.layer(next)
        {
            switch layer {
            case let affine as any ChannelAffine where self.affine == nil && addend == nil:
                self.affine = affine
                relu = affine.relu
            case is ReLU:
                relu = true
            case let sum as Sum where addend == nil:
                let others = model.entries[next.index - 1].inputs.filter { $0 != last }
                // The addend must not be the convolution's own input, which the convolution still reads while it
                // writes.
                guard let other = only(others), other != model.input, !inputs.contains(other), done.contains(other),
                    model.consumers(of: other).allSatisfy({ $0 == next || done.contains($0) })
                else { return }
                addend = other
                relu = sum.relu
            default:
                return
            }
            last = next
            done.insert(next)
        }
    }

    private func only(_ nodes: [Graph.Node]) -> Graph.Node? { nodes.count == 1 ? nodes[0] : nil }
}
