import Core
import Learning
import Storage
import Versions

/// A trunk that stays as it is: last layers are trained and asked on what it saw.
struct FrozenTrunk {
    private let graph: Graph
    private let layers: FrozenLayers
    private let team: ThreadTeam

    /// - Parameter weights: of the whole model.
    init(
        _ graph: Graph, _ weights: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) -> VersionImages
    ) {
        (self.graph, self.team) = (graph, team)
        layers = FrozenLayers(graph.trunk, of: weights, request, in: workspace, on: team, images: images)
    }

    /// What training the last layer on so many photos takes; its own numbers are few.
    func need(photos: Int) throws -> MemoryNeed { try layers.need(photos: photos) }

    /// A model with the trunk and a last layer trained on `examples`.
    func train(
        _ examples: VersionImages, _ plan: TrainingPlan, seen: (Int, Int) -> Void, eachStep: (StepReport) throws -> Void
    ) throws -> TrainedModel {
        let features = try layers.outputs(of: examples.entries, seen: seen)
        let head = try HeadTrainer(graph, plan, on: team).train(
            features, labels: examples.entries.indices.map(examples.label), eachStep: eachStep)
        return TrainedModel(
            weights: Weights(layers.weights.tensors.merging(head.weights.tensors) { $1 }), history: head.history)
    }

    /// A trained model's logits for each entry.
    func logits(_ entries: [Entry], _ trained: Weights, seen: (Int, Int) -> Void) throws -> [[Float]] {
        try graph.logits(ofFeatures: layers.outputs(of: entries, view: nil, seen: seen), trained)
    }
}
