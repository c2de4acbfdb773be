import Core
import Foundation
import Learning
import Storage
import Versions

/// The results of one seed: the measures of each model, and the class that each model predicts for each test photo.
struct SeedOutcome: Codable, Sendable {
    struct Trained: Codable, Sendable {
        let model: RunReport.Model
        /// In the order of the version's test entries.
        let tested: [TestedPhoto]
    }

    let seed: Int
    let poisoned: Trained
    /// Nil for a version without poison.
    let control: Trained?
    /// Nil when the request has no true-label control.
    let trueLabel: Trained?

    /// The trained models.
    var models: [(role: ModelRole, trained: Trained)] {
        let all: [(role: ModelRole, trained: Trained?)] = [
            (.poisoned, poisoned), (.control, control), (.trueLabel, trueLabel),
        ]
        return all.compactMap { role, trained in trained.map { (role, $0) } }
    }

    func verdict(_ expectations: [Expectation]) -> Verdict {
        Verdict(
            expectations, poisoned: poisoned.model.measures, control: control?.model.measures,
            trueLabel: trueLabel?.model.measures)
    }

    func proportion(_ measure: Expectation.Measure) -> Proportion? {
        Verdict.proportion(
            measure, poisoned.model.measures, control?.model.measures, trueLabel?.model.measures)
    }

    /// The rows of `predictions.jsonl`, one for each test photo.
    var predictions: [PredictionRow] {
        poisoned.tested.indices.map {
            PredictionRow(poisoned.tested[$0], control: control?.tested[$0], trueLabel: trueLabel?.tested[$0])
        }
    }
}

/// The trainings of one seed: trains the models on a version's training photos, measures them on its test photos, and
/// writes them into the run's folder.
struct SeedTraining {
    let version: Version
    /// The request, with this seed.
    let request: TrainingRequest
    /// The index of the seed in the run, from 1.
    let number: Int
    /// The number of seeds of the run.
    let seedCount: Int
    let workspace: Workspace
    let team: ThreadTeam
    let folder: RunFolder
    /// The digest of the weights of each model, when the models of a finished run are trained again. A model with another
    /// digest is not written. Nil in a new run.
    let expected: [ModelRole: String]?
    private let graph: Graph
    private let strategy: TrainingStrategy

    /// - Parameter starting: The pretrained weights that the request names.
    /// - Throws: `LearningError` for an unknown model, or weights that do not fit the model.
    init(
        _ version: Version, _ request: TrainingRequest, from starting: StartingWeights?, number: Int, of seedCount: Int,
        in workspace: Workspace, on team: ThreadTeam, _ folder: RunFolder,
        expecting expected: [ModelRole: String]? = nil
    ) throws {
        self.version = version
        self.request = request
        self.number = number
        self.seedCount = seedCount
        self.workspace = workspace
        self.team = team
        self.folder = folder
        self.expected = expected
        graph = try Models.named(request.model, classes: version.manifest.classes.count)
        strategy = try TrainingStrategy(graph, version, request, from: starting, in: workspace, on: team)
    }

    /// Trains and measures all models. An interrupted training continues from its checkpoint.
    func run(progress: (Validator.Event) -> Void) throws -> SeedOutcome {
        let training = version.trainingEntries
        let clean = training.filter { $0.role == .trainClean }
        let poisoned = try train(.poisoned, version.images(training, in: workspace), steps: nil, progress)
        // A control takes as many optimizer steps as the poisoned model.
        let steps = poisoned.model.steps
        guard training.count > clean.count else {
            return SeedOutcome(seed: request.seed, poisoned: poisoned, control: nil, trueLabel: nil)
        }
        let control = try train(.control, version.images(clean, in: workspace), steps: steps, progress)
        var trueLabel: SeedOutcome.Trained?
        if request.controls?.contains(.trueLabel) == true {
            let images = try version.images(training, trueLabels: true, in: workspace)
            trueLabel = try train(.trueLabel, images, steps: steps, progress)
        }
        return SeedOutcome(seed: request.seed, poisoned: poisoned, control: control, trueLabel: trueLabel)
    }

    /// Trains and measures one model, and writes its file.
    ///
    /// - Parameter steps: The number of optimizer steps. Nil for the plan's own.
    private func train(
        _ role: ModelRole, _ examples: VersionImages, steps: Int?, _ progress: (Validator.Event) -> Void
    ) throws -> SeedOutcome.Trained {
        var plan = request.plan(examples: examples.count)
        if let steps {
            plan.steps = steps
            plan.patience = 0
        }
        let model = try train(role, examples, plan, progress)
        let manifest = version.manifest
        let classes = manifest.classes.map(\.name.text)
        let tested = try test(role, model.weights, classes, progress)
        let file = ModelFile(
            weights: model.weights, model: request.model, classes: classes, profile: manifest.recipe.profile)
        if expected == nil || expected?[role] == model.weights.digest {
            try file.write(
                to: folder.files.model(role.fileName, seed: number), version: version.reference,
                digest: manifest.digest.hex)
        }
        let report = RunReport.Model(
            measures: Measures(tested, classes: classes, target: version.target),
            weightsDigest: model.weights.digest, photos: examples.count,
            steps: steps ?? model.history.last?.step ?? plan.steps, history: model.history)
        return SeedOutcome.Trained(model: report, tested: tested)
    }

    private func train(
        _ role: ModelRole, _ examples: VersionImages, _ plan: TrainingPlan, _ progress: (Validator.Event) -> Void
    ) throws -> TrainedModel {
        let name = name(role)
        func step(_ step: StepReport) {
            progress(.training(model: name, step: step.step, steps: step.steps, loss: step.loss))
        }
        func features(_ done: Int, _ images: Int) { progress(.computingFeatures(done: done, photos: images)) }
        var throttle = CheckpointThrottle()
        func save(_: EpochReport, _ checkpoint: () throws -> Checkpoint) throws {
            try throttle.save { try folder.save(checkpoint(), of: role, seed: number) }
        }
        switch strategy {
        case .head(let trunk):
            return try trunk.train(examples, plan, progress: features, eachStep: step)
        case .tuning(let tuning):
            let photos = version.entries.list.count(where: \.role.isTraining)
            return try tuning.train(
                examples, plan, photos: photos, from: folder.checkpoint(of: role, seed: number), progress: features,
                eachStep: step, eachEpoch: save)
        case .scratch:
            let checkpoint = try folder.checkpoint(of: role, seed: number)
            let start: Trainer.Start = checkpoint.map { .checkpoint($0) } ?? .initial
            return try Trainer(graph, plan, on: team, from: start).run(over: examples, eachStep: step, eachEpoch: save)
        }
    }

    /// Returns the version's test photos with the classes that the model predicts.
    private func test(
        _ role: ModelRole, _ weights: Weights, _ classes: [String], _ progress: (Validator.Event) -> Void
    ) throws -> [TestedPhoto] {
        let entries = version.testEntries
        guard !entries.isEmpty else { return [] }
        let logits: [[Float]]
        if case .head(let trunk) = strategy {
            logits = try trunk.logits(entries, weights) { progress(.computingFeatures(done: $0, photos: $1)) }
        } else {
            let name = name(role)
            let classifier = try Classifier(graph, weights, size: request.size, on: team)
            logits = try classifier.logits(of: version.images(entries, in: workspace)) {
                progress(.testing(model: name, done: $0, photos: entries.count))
            }
        }
        return zip(entries, logits).map { TestedPhoto($0, predicted: classes[predictedClass($1)]) }
    }

    private func name(_ role: ModelRole) -> String {
        seedCount > 1 ? "\(role.name), seed \(number) of \(seedCount)" : role.name
    }
}

/// A limit on how often a training writes checkpoints. A training writes a checkpoint after each epoch, but less often
/// if writing would take more than a tenth of the time. A checkpoint of VGG-16 has a gigabyte.
///
/// The clock decides when a checkpoint is written. The content of a checkpoint does not depend on the clock.
struct CheckpointThrottle {
    /// The least ratio of training time to writing time.
    private static let ratio = 10
    private var last: (end: ContinuousClock.Instant, duration: Duration)?

    /// Calls `write`, unless the last call was too recent. A failed call is repeated at the next opportunity.
    mutating func save(now: () -> ContinuousClock.Instant = { .now }, _ write: () throws -> Void) rethrows {
        let start = now()
        if let last, start - last.end < last.duration * Self.ratio { return }
        try write()
        let end = now()
        last = (end, end - start)
    }
}
