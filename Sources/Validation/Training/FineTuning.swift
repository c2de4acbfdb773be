import Core
import Learning
import Storage
import Versions

/// Trains a model from weights that another task left, its last layer first: a last layer of random numbers would spoil in its first steps what the others know (Kumar et al.,
/// "Fine-Tuning can Distort Pretrained Features", ICLR 2022).
///
/// Where layers stay as they are, they look at each photo once, and what they gave is what the others are trained on, as long as it fits into ``mostBytes``.
struct FineTuning {
    /// Of what frozen layers gave for all photos and views.
    static let mostBytes = 1_000_000_000
    /// The last layer's own training: a frozen trunk's as it comes.
    static let head = Recipe.Training(model: Recipe.Training.faceModel, freeze: Recipe.Training.trunk)

    private let graph: Graph
    private let starting: Weights
    private let request: TrainingRequest
    private let trunk: FrozenTrunk
    private let parts: (frozen: FrozenLayers, trained: Graph)?
    private let team: ThreadTeam

    /// - Parameter starting: fits the model's trunk.
    /// - Throws: `LearningError` (`settings`) where the request freezes up to a layer that there is not.
    init(
        _ graph: Graph, _ starting: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) -> VersionImages
    ) throws {
        (self.graph, self.starting, self.request, self.team) = (graph, starting, request, team)
        trunk = FrozenTrunk(graph, starting, request, in: workspace, on: team, images: images)
        parts =
            try request.freeze == Recipe.Training.none
            ? nil
            : graph.parts(frozenUpTo: request.freeze).map { frozen, trained in
                (FrozenLayers(frozen, of: starting, request, in: workspace, on: team, images: images), trained)
            }
    }

    /// What is trained apart, and what it is trained with; nil where frozen layers look in each step, or there are none.
    private func apart(_ plan: TrainingPlan, photos: Int) throws -> (
        frozen: FrozenLayers, trained: Graph, plan: TrainingPlan
    )? {
        guard let parts, try parts.frozen.bytes(photos: photos) <= Self.mostBytes else { return nil }
        return try (parts.frozen, parts.trained, plan.behind(parts.trained, given: parts.frozen.width))
    }

    /// What training on so many photos takes.
    func need(_ plan: TrainingPlan, photos: Int) throws -> MemoryNeed {
        guard let (frozen, trained, plan) = try apart(plan, photos: photos) else {
            return try MemoryNeed(graph, plan, starting, on: team)
        }
        return try frozen.need(photos: photos) + MemoryNeed(trained, plan, starting, on: team)
    }

    /// - Parameters:
    ///   - photos: the version's training photos: a control's last layer takes as many steps as the poisoned model's.
    ///   - checkpoint: to go on from.
    ///   - eachEpoch: given what makes a checkpoint, after each epoch.
    func train(
        _ examples: VersionImages, _ plan: TrainingPlan, photos: Int, from checkpoint: Checkpoint?,
        seen: (Int, Int) -> Void, eachStep: (StepReport) throws -> Void,
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void
    ) throws -> TrainedModel {
        let steps = TrainingPlan.steps(epochs: Self.head.epochs, examples: photos, batch: Self.head.batch)
        let head = TrainingPlan(
            size: plan.size, batch: Self.head.batch, steps: steps, learningRate: Self.head.learningRate.double,
            augmentation: plan.augmentation, seed: plan.seed)
        guard let (frozen, part, behind) = try apart(plan, photos: photos) else {
            let start =
                try checkpoint.map { .checkpoint($0) } ?? .weights(
                    trunk.train(examples, head, seen: seen) { _ in }.weights) as Trainer.Start
            return try Trainer(graph, plan, on: team, from: start).run(
                over: examples, eachStep: eachStep, eachEpoch: eachEpoch)
        }
        let views = try frozen.outputs(of: examples.entries, seen: seen)
        let start =
            try checkpoint.map { .checkpoint($0) } ?? .weights(
                startingPoint(part, size: behind.size, head, views, examples)) as Trainer.Start
        let trained = try Trainer(part, behind, on: team, from: start).run(
            over: KeptMaps(views, of: examples), eachStep: eachStep, eachEpoch: eachEpoch)
        return TrainedModel(
            weights: Weights(frozen.weights.tensors.merging(trained.weights.tensors) { $1 }), history: trained.history)
    }

    /// The given weights of a part, with a last layer trained on them.
    private func startingPoint(
        _ part: Graph, size: Int, _ plan: TrainingPlan, _ views: [[[Float]]], _ examples: VersionImages
    ) throws -> Weights {
        let trunk = starting.of(part.trunk)
        let classifier = try Classifier(part.trunk, trunk, size: size, on: team)
        let features = try views.map(classifier.logits(ofMaps:))
        let head = try HeadTrainer(part, plan, on: team).train(
            features, labels: examples.entries.indices.map(examples.label))
        return Weights(trunk.tensors.merging(head.weights.tensors) { $1 })
    }
}
