import Catalog
import Learning
import Versions

/// Trains a model from weights that another task left, its last layer first: a last layer of random numbers would spoil in its first steps what the others know (Kumar et al.,
/// "Fine-Tuning can Distort Pretrained Features", ICLR 2022).
///
/// Where layers stay as they are, they look at each photo once, and what they gave is what the others are trained on, as long as it fits into ``mostBytes``.
struct FineTuning {
    /// Of what frozen layers gave for all photos and views.
    static let mostBytes = 1_000_000_000
    /// Of the last layer's own training, which is a frozen trunk's as it comes.
    static let headEpochs = 60, headRate = 0.05, headBatch = 32

    private let graph: Graph
    private let starting: Weights
    private let request: TrainingRequest
    private let trunk: FrozenTrunk
    private let parts: (frozen: FrozenLayers, trained: Graph)?
    private let team: ThreadTeam

    /// - Parameter starting: fits the model's trunk.
    /// - Throws: `LearningError` (`settings`) where the request freezes up to a layer that there is not.
    init(_ graph: Graph, _ starting: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam, images: @escaping ([Entry]) -> VersionImages) throws {
        (self.graph, self.starting, self.request, self.team) = (graph, starting, request, team)
        trunk = FrozenTrunk(graph, starting, request, in: workspace, on: team, images: images)
        parts = try request.freeze == Recipe.Training.none ? nil : graph.parts(frozenUpTo: request.freeze).map { frozen, trained in
            (FrozenLayers(frozen, of: starting, request, in: workspace, on: team, images: images), trained)
        }
    }

    /// - Parameters:
    ///   - photos: the version's training photos: a control's last layer takes as many steps as the poisoned model's.
    ///   - checkpoint: to go on from.
    ///   - save: takes a checkpoint after each epoch.
    func train(_ examples: VersionImages, _ plan: TrainingPlan, photos: Int, from checkpoint: Checkpoint?, seen: (Int, Int) -> Void, eachStep: (StepReport) throws -> Void,
               save: (Checkpoint) throws -> Void) throws -> TrainedModel {
        let steps = TrainingPlan.steps(epochs: Self.headEpochs, examples: photos, batch: Self.headBatch)
        let head = TrainingPlan(size: plan.size, batch: Self.headBatch, steps: steps, learningRate: Self.headRate, augmentation: plan.augmentation, seed: plan.seed)
        guard let parts, case let width = try parts.frozen.width, parts.frozen.views.count * photos * width * MemoryLayout<Float>.stride <= Self.mostBytes else {
            let start = try checkpoint.map { .checkpoint($0) } ?? .weights(trunk.train(examples, head, seen: seen) { _ in }.weights) as Trainer.Start
            return try Trainer(graph, plan, on: team, from: start).run(over: examples, eachStep: eachStep) { try save($1()) }
        }
        let views = try parts.frozen.outputs(of: examples.entries, seen: seen), plan = plan.behind(parts.trained, given: width)
        let start = try checkpoint.map { .checkpoint($0) } ?? .weights(startingPoint(parts.trained, size: plan.size, head, views, examples)) as Trainer.Start
        let trained = try Trainer(parts.trained, plan, on: team, from: start).run(over: KeptMaps(views, of: examples), eachStep: eachStep) { try save($1()) }
        return TrainedModel(weights: Weights(parts.frozen.weights.tensors.merging(trained.weights.tensors) { $1 }), history: trained.history)
    }

    /// The given weights of a part, with a last layer trained on them.
    private func startingPoint(_ part: Graph, size: Int, _ plan: TrainingPlan, _ views: [[[Float]]], _ examples: VersionImages) throws -> Weights {
        let trunk = starting.of(part.trunk), classifier = try Classifier(part.trunk, trunk, size: size, on: team)
        let features = try views.map(classifier.logits(ofMaps:))
        let head = try HeadTrainer(part, plan, on: team).train(features, labels: examples.entries.indices.map(examples.label))
        return Weights(trunk.tensors.merging(head.weights.tensors) { $1 })
    }
}
