import Foundation

/// The memory that a training takes, in bytes.
public struct MemoryNeed: Hashable, Sendable, Codable {
    /// Weights, their gradients, and what the optimizer remembers of them.
    public let parameters: Int
    /// Layers' outputs and gradients, as they share room over time, and what stays for the whole run beside the parameters.
    public let activations: Int
    /// What oneDNN takes for itself while a layer is computed.
    public let workspace: Int

    public var bytes: Int { parameters + activations + workspace }

    init(parameters: Int, activations: Int, workspace: Int) {
        (self.parameters, self.activations, self.workspace) = (parameters, activations, workspace)
    }

    /// What two take that are there at once.
    public static func + (one: MemoryNeed, other: MemoryNeed) -> MemoryNeed {
        MemoryNeed(
            parameters: one.parameters + other.parameters, activations: one.activations + other.activations,
            workspace: one.workspace + other.workspace)
    }

    /// The same with further bytes of what layers gave.
    public func keeping(_ bytes: Int) -> MemoryNeed {
        self + MemoryNeed(parameters: 0, activations: bytes, workspace: 0)
    }

    /// What `Trainer` would take.
    /// - Parameter weights: those of the layers that stay as they are.
    /// - Throws: ``LearningError`` (`settings`) for a plan out of range or images too small for the model.
    public init(_ model: Graph, _ plan: TrainingPlan, _ weights: Weights, on team: ThreadTeam) throws(LearningError) {
        try plan.check()
        let draft = try TrainingProgram.Draft(
            model, batch: plan.batch, size: plan.size, smoothing: plan.labelSmoothing,
            frozen: plan.frozenPart(of: model, weights), on: Engine(), team: team)
        let memory = MemoryPlan(draft.training.program.slots)
        let moments = memory.weights.count * plan.optimizer.moments
        (parameters, workspace) = (
            memory.weights.count + memory.gradients.count + moments, draft.training.program.workspace
        )
        activations = memory.bytes - memory.weights.count - memory.gradients.count
    }

    /// - Throws: ``LearningError`` (`settings`) where the machine has not so much, naming the largest batch that it has enough for.
    static func check(
        _ model: Graph, _ plan: TrainingPlan, _ weights: Weights, on team: ThreadTeam,
        machine: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    ) throws(LearningError) {
        let need = try MemoryNeed(model, plan, weights, on: team)
        guard need.bytes >= machine else { return }
        // Activations grow with the batch; the rest hardly does.
        var smaller = plan
        smaller.batch = max(0, machine - need.parameters) * plan.batch / max(need.activations + need.workspace, 1)
        while smaller.batch > 0, try MemoryNeed(model, smaller, weights, on: team).bytes >= machine {
            smaller.batch -= 1 + smaller.batch / 16
        }
        throw LearningError(
            .settings,
            "a batch of \(plan.batch) images of \(plan.size) px needs \(need.bytes >> 20) MB, of the machine's \(machine >> 20) MB",
            next: smaller.batch > 0
                ? "use a smaller batch: at most \(smaller.batch)"
                : "use a smaller image size or model: not even a batch of 1 fits")
    }
}

extension TrainingPlan {
    /// What stays as it is, with its weights.
    func frozenPart(of model: Graph, _ weights: Weights) throws(LearningError) -> FrozenPart? {
        guard let frozen else { return nil }
        return FrozenPart(last: try model.frozenNode(upTo: frozen), weights: weights)
    }
}
