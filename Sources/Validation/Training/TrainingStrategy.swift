import Core
import Learning
import Storage
import Versions

/// The ways to train a request's models.
enum TrainingStrategy {
    /// All layers, from random weights.
    case scratch
    /// The last layer alone, on the output of pretrained layers.
    case head(FrozenTrunk)
    /// From pretrained weights: all layers, or only the layers after the frozen layers.
    case tuning(FineTuning)

    /// - Parameter starting: The pretrained weights that the request names. Nil if it names no weights.
    /// - Throws: `LearningError` when the weights do not fit the model, or the model has no layer of the name that
    ///   `freeze` gives.
    init(
        _ graph: Graph, _ version: Version, _ request: TrainingRequest, from starting: StartingWeights?,
        in workspace: Workspace, on team: ThreadTeam
    ) throws {
        guard let weights = try starting?.weights.transferred(to: graph, head: Weights([:])) else {
            self = .scratch
            return
        }
        func images(_ entries: [Entry]) throws -> VersionImages { try version.images(entries, in: workspace) }
        self =
            request.isTrunkFrozen
            ? .head(FrozenTrunk(graph, weights, request, in: workspace, on: team, images: images))
            : try .tuning(FineTuning(graph, weights, request, in: workspace, on: team, images: images))
    }

    /// Returns the memory that training `graph` on `photos` photos needs.
    func need(_ graph: Graph, _ plan: TrainingPlan, photos: Int, on team: ThreadTeam) throws -> MemoryEstimate {
        switch self {
        case .head(let trunk): try trunk.need(photos: photos)
        case .tuning(let tuning): try tuning.need(plan, photos: photos)
        case .scratch: try MemoryEstimate(graph, plan, Weights([:]), on: team)
        }
    }
}

/// The memory that a run's training needs, in bytes: the result of `validate --plan`.
public struct TrainingMemory: Encodable, Sendable {
    public let model: String
    public let batch: Int
    public let size: Int
    public let parameters: Int
    public let activations: Int
    public let workspace: Int
    public let total: Int

    /// - Throws: `LearningError` for settings that cannot be trained. Too little memory in the machine is not an error.
    public init(_ version: Version, _ request: TrainingRequest, in workspace: Workspace) throws {
        let graph = try Models.named(request.model, classes: version.manifest.classes.count)
        let team = try ThreadTeam.open(threads: request.threads)
        let photos = version.entries.list.count(where: \.role.isTraining)
        let strategy = try TrainingStrategy(
            graph, version, request, from: .named(request.weights, in: workspace), in: workspace, on: team)
        let need = try strategy.need(graph, request.plan(examples: photos), photos: photos, on: team)
        model = request.model
        batch = request.batch
        size = request.size
        parameters = need.parameters
        activations = need.activations
        self.workspace = need.workspace
        total = need.bytes
    }
}

/// Training from pretrained weights.
///
/// The last layer is trained first, alone: the gradients of a random last layer would distort the pretrained features
/// (Kumar et al., "Fine-Tuning can Distort Pretrained Features", ICLR 2022). Frozen layers process each photo once, and
/// the other layers are trained on the cached output, as long as the output fits into ``maximumCachedBytes``.
struct FineTuning {
    /// The limit of the output of frozen layers for all photos and views, in bytes.
    static let maximumCachedBytes = 1_000_000_000
    /// The settings of the first training of the last layer: the recipe's defaults for a frozen trunk.
    static let headTraining = Recipe.Training(model: Recipe.Training.faceModel, freeze: Recipe.Training.trunk)

    private let graph: Graph
    private let starting: Weights
    private let request: TrainingRequest
    private let trunk: FrozenTrunk
    private let parts: (frozen: FrozenLayers, trained: Graph)?
    private let team: ThreadTeam

    /// - Parameter starting: Weights that fit the model's trunk.
    /// - Throws: `LearningError` (`settings`) when the model has no layer of the name that `freeze` gives.
    init(
        _ graph: Graph, _ starting: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) throws -> VersionImages
    ) throws {
        self.graph = graph
        self.starting = starting
        self.request = request
        self.team = team
        trunk = FrozenTrunk(graph, starting, request, in: workspace, on: team, images: images)
        guard request.freeze != Recipe.Training.none else {
            parts = nil
            return
        }
        parts = try graph.parts(frozenUpTo: request.freeze).map { frozen, trained in
            (FrozenLayers(frozen, of: starting, request, in: workspace, on: team, images: images), trained)
        }
    }

    /// Returns the frozen layers, the trained layers, and the plan for the trained layers. Nil when no layers are
    /// frozen, or when their output does not fit into the cache; then each step computes the output.
    private func cachedParts(_ plan: TrainingPlan, photos: Int) throws -> (
        frozen: FrozenLayers, trained: Graph, plan: TrainingPlan
    )? {
        guard let parts, try parts.frozen.bytes(photos: photos) <= Self.maximumCachedBytes else { return nil }
        return try (parts.frozen, parts.trained, plan.behind(parts.trained, given: parts.frozen.width))
    }

    /// Returns the memory that training on `photos` photos needs.
    func need(_ plan: TrainingPlan, photos: Int) throws -> MemoryEstimate {
        guard let (frozen, trained, plan) = try cachedParts(plan, photos: photos) else {
            return try MemoryEstimate(graph, plan, starting, on: team)
        }
        return try frozen.need(photos: photos) + MemoryEstimate(trained, plan, starting, on: team)
    }

    /// Trains a model on `examples`.
    ///
    /// - Parameters:
    ///   - photos: The number of training photos of the version. The last layer of a control takes as many steps as
    ///     that of the poisoned model.
    ///   - checkpoint: The state from which an interrupted training continues.
    ///   - progress: Receives the number of images that the frozen layers have processed, and the total.
    ///   - eachEpoch: Receives a function that makes a checkpoint, after each epoch.
    func train(
        _ examples: VersionImages, _ plan: TrainingPlan, photos: Int, from checkpoint: Checkpoint?,
        progress: (Int, Int) -> Void, eachStep: (StepReport) throws -> Void,
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void
    ) throws -> TrainedModel {
        let headPlan = headPlan(plan, photos: photos)
        guard let (frozen, part, partPlan) = try cachedParts(plan, photos: photos) else {
            let start: Trainer.Start =
                try checkpoint.map { .checkpoint($0) }
                ?? .weights(trunk.train(examples, headPlan, progress: progress) { _ in }.weights)
            return try Trainer(graph, plan, on: team, from: start).run(
                over: examples, eachStep: eachStep, eachEpoch: eachEpoch)
        }
        let views = try frozen.outputs(of: examples.entries, progress: progress)
        let start: Trainer.Start =
            try checkpoint.map { .checkpoint($0) }
            ?? .weights(startingWeights(part, size: partPlan.size, headPlan, views, examples))
        let trained = try Trainer(part, partPlan, on: team, from: start).run(
            over: FeatureCache(views, of: examples), eachStep: eachStep, eachEpoch: eachEpoch)
        return TrainedModel(
            weights: Weights(frozen.weights.tensors.merging(trained.weights.tensors) { $1 }), history: trained.history)
    }

    /// Returns the plan of the first training of the last layer.
    private func headPlan(_ plan: TrainingPlan, photos: Int) -> TrainingPlan {
        let training = Self.headTraining
        let steps = TrainingPlan.steps(epochs: training.epochs, examples: photos, batch: training.batch)
        return TrainingPlan(
            size: plan.size, batch: training.batch, steps: steps, learningRate: training.learningRate.double,
            augmentation: plan.augmentation, seed: plan.seed)
    }

    /// Returns the pretrained weights of `part`, with a last layer that is trained on them.
    private func startingWeights(
        _ part: Graph, size: Int, _ headPlan: TrainingPlan, _ views: [[[Float]]], _ examples: VersionImages
    ) throws -> Weights {
        let trunk = starting.of(part.trunk)
        let classifier = try Classifier(part.trunk, trunk, size: size, on: team)
        let features = try views.map(classifier.logits(ofFeatureMaps:))
        let head = try HeadTrainer(part, headPlan, on: team).train(
            features, labels: examples.entries.indices.map(examples.label))
        return Weights(trunk.tensors.merging(head.weights.tensors) { $1 })
    }
}
