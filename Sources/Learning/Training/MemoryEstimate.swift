import Foundation

/// Memory of a training or of a compiled model, in bytes.
public struct MemoryEstimate: Hashable, Sendable, Codable {
    /// Weights, their gradients, and the optimizer's state.
    public let parameters: Int
    /// Outputs and gradients of layers, which share memory over time, and other buffers that last for the whole run.
    public let activations: Int
    /// oneDNN's scratch memory.
    public let workspace: Int

    public var bytes: Int { parameters + activations + workspace }

    init(parameters: Int, activations: Int, workspace: Int) {
        self.parameters = parameters
        self.activations = activations
        self.workspace = workspace
    }

    /// Returns the memory of two programs that exist at the same time.
    public static func + (one: MemoryEstimate, other: MemoryEstimate) -> MemoryEstimate {
        MemoryEstimate(
            parameters: one.parameters + other.parameters, activations: one.activations + other.activations,
            workspace: one.workspace + other.workspace)
    }

    /// Returns the estimate with additional bytes of cached features.
    public func keeping(_ bytes: Int) -> MemoryEstimate {
        self + MemoryEstimate(parameters: 0, activations: bytes, workspace: 0)
    }

    /// Estimates the memory of a ``Trainer``.
    /// - Parameter weights: the weights of the frozen layers.
    /// - Throws: ``LearningError`` (`settings`) for a plan out of range or images too small for the model.
    public init(_ model: Graph, _ plan: TrainingPlan, _ weights: Weights, on team: ThreadTeam) throws(LearningError) {
        try plan.check()
        let draft = try TrainingProgram.Draft(
            model, batch: plan.batch, size: plan.size, smoothing: plan.labelSmoothing,
            frozen: plan.frozenPart(of: model, weights), on: Engine(), team: team)
        let memory = MemoryPlan(draft.training.program.buffers)
        let moments = memory.weights.count * plan.optimizer.moments
        parameters = memory.weights.count + memory.gradients.count + moments
        workspace = draft.training.program.workspace
        activations = memory.bytes - memory.weights.count - memory.gradients.count
    }

    /// Checks that a training fits into memory.
    /// - Throws: ``LearningError`` (`settings`) with the largest batch that fits.
    static func check(
        _ model: Graph, _ plan: TrainingPlan, _ weights: Weights, on team: ThreadTeam,
        machine: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    ) throws(LearningError) {
        let memoryEstimate = try MemoryEstimate(model, plan, weights, on: team)
        guard memoryEstimate.bytes >= machine else { return }
        // Activations grow with the batch; parameters do not.
        var smaller = plan
        smaller.batch =
            max(0, machine - memoryEstimate.parameters) * plan.batch
            / max(memoryEstimate.activations + memoryEstimate.workspace, 1)
        while smaller.batch > 0, try MemoryEstimate(model, smaller, weights, on: team).bytes >= machine {
            smaller.batch -= 1 + smaller.batch / 16
        }
        throw LearningError(
            .settings,
            """
            a batch of \(plan.batch) images of \(plan.size) px needs \(memoryEstimate.bytes >> 20) MB; the machine has \
            \(machine >> 20) MB
            """,
            nextStep: smaller.batch > 0
                ? "use a smaller batch: at most \(smaller.batch)"
                : "use a smaller image size or model: a batch of 1 does not fit either")
    }
}

extension TrainingPlan {
    /// Returns the frozen layers with their weights; nil if all layers are trained.
    func frozenPart(of model: Graph, _ weights: Weights) throws(LearningError) -> FrozenPart? {
        guard let frozen else { return nil }
        return FrozenPart(last: try model.frozenNode(upTo: frozen), weights: weights)
    }
}
