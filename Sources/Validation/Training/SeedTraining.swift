import Core
import Foundation
import Learning
import Storage
import Versions

/// Trains the models of one seed on a version's photos, measures them on its test photos, and writes them into the run's folder.
struct SeedTraining {
    let version: Version
    /// With this seed.
    let request: TrainingRequest
    /// The seed's place among those that are trained, from 1, and how many they are.
    let number, of: Int
    let workspace: Workspace
    let team: ThreadTeam
    let folder: RunFolder
    private let graph: Graph
    private let way: TrainingWay

    /// - Parameter starting: the weights that the request names.
    /// - Throws: `LearningError` for an unknown model, or weights that do not fit it.
    init(
        _ version: Version, _ request: TrainingRequest, from starting: StartingWeights?, number: Int, of: Int,
        in workspace: Workspace, on team: ThreadTeam, _ folder: RunFolder
    ) throws {
        (self.version, self.request, self.number, self.of) = (version, request, number, of)
        (self.workspace, self.team, self.folder) = (workspace, team, folder)
        graph = try Models.named(request.model, classes: version.manifest.classes.count)
        way = try TrainingWay(graph, version, request, from: starting, in: workspace, on: team)
    }

    /// What was cut off goes on from the last epoch.
    func run(tell: (Validator.Event) -> Void) throws -> SeedOutcome {
        let training = version.entries.list.filter(\.role.isTraining)
        let clean = training.filter { $0.role == .trainClean }
        let poisoned = try trained(version.images(training, in: workspace), nil, .poisoned, tell)
        // Controls take as many optimizer steps as the poisoned model.
        let steps = poisoned.model.steps
        let isPoisoned = training.count > clean.count
        let control = isPoisoned ? try trained(version.images(clean, in: workspace), steps, .control, tell) : nil
        let isTrueLabelAsked = isPoisoned && request.controls?.contains(.trueLabel) == true
        let trueLabel =
            isTrueLabelAsked
            ? try trained(version.images(training, trueLabels: true, in: workspace), steps, .trueLabel, tell) : nil
        return SeedOutcome(seed: request.seed, poisoned: poisoned, control: control, trueLabel: trueLabel)
    }

    private func trained(
        _ examples: VersionImages, _ steps: Int?, _ part: RunFolder.Part, _ tell: (Validator.Event) -> Void
    ) throws -> SeedOutcome.Trained {
        let model = try train(examples, steps, part, tell)
        let manifest = version.manifest
        let names = manifest.classes.map(\.name.text)
        let tested = try test(model.weights, part, names, tell)
        try ModelFile(weights: model.weights, model: request.model, classes: names, profile: manifest.recipe.profile)
            .write(
                to: RunFolder.modelFile(part, seed: number, in: folder.url), version: version.reference,
                digest: manifest.digest.hex)
        let taken = try steps ?? model.history.last?.step ?? request.plan(examples: examples.count).steps
        return SeedOutcome.Trained(
            model: RunReport.Model(
                measures: Measures(tested, classes: names, target: version.target), weightsDigest: model.weights.digest,
                photos: examples.count, steps: taken, history: model.history), tested: tested)
    }

    private func train(
        _ examples: VersionImages, _ steps: Int?, _ part: RunFolder.Part, _ tell: (Validator.Event) -> Void
    ) throws -> TrainedModel {
        var plan = try request.plan(examples: examples.count)
        if let steps { (plan.steps, plan.patience) = (steps, 0) }
        let words = words(part)
        func step(_ step: StepReport) {
            tell(.training(model: words, step: step.step, steps: step.steps, loss: step.loss))
        }
        func seen(_ done: Int, _ photos: Int) { tell(.looking(done: done, photos: photos)) }
        var pace = CheckpointThrottle()
        func save(_: EpochReport, _ checkpoint: () throws -> Checkpoint) throws {
            try pace.save { try folder.save(checkpoint(), of: part, seed: number) }
        }
        switch way {
        case .head(let trunk):
            return try trunk.train(examples, plan, seen: seen, eachStep: step)
        case .tuning(let tuning):
            let photos = version.entries.list.count(where: \.role.isTraining)
            return try tuning.train(
                examples, plan, photos: photos, from: folder.checkpoint(of: part, seed: number), seen: seen,
                eachStep: step, eachEpoch: save)
        case .scratch:
            let start =
                try folder.checkpoint(of: part, seed: number).map { .checkpoint($0) } ?? .initial as Trainer.Start
            return try Trainer(graph, plan, on: team, from: start).run(over: examples, eachStep: step, eachEpoch: save)
        }
    }

    private func test(_ weights: Weights, _ part: RunFolder.Part, _ names: [String], _ tell: (Validator.Event) -> Void)
        throws -> [TestedPhoto]
    {
        let entries = version.testing
        guard !entries.isEmpty else { return [] }
        let logits: [[Float]]
        if case .head(let trunk) = way {
            logits = try trunk.logits(entries, weights) { tell(.looking(done: $0, photos: $1)) }
        } else {
            let words = words(part)
            let classifier = try Classifier(graph, weights, size: request.size, on: team)
            logits = try classifier.logits(of: version.images(entries, in: workspace)) {
                tell(.testing(model: words, done: $0, photos: entries.count))
            }
        }
        return zip(entries, logits).map { TestedPhoto($0, predicted: names[decision($1)]) }
    }

    private func words(_ part: RunFolder.Part) -> String {
        of > 1 ? "\(part.words), seed \(number) of \(of)" : part.words
    }
}

extension Version {
    /// Nil in a clean version.
    var target: String? {
        guard case .volunteer(let name) = manifest.recipe.poison?.target else { return nil }
        return name.text
    }

    var testing: [Entry] { entries.list.filter { !$0.role.isTraining } }

    /// The images of `entries`, which are this version's.
    func images(_ entries: [Entry], trueLabels: Bool = false, in workspace: Workspace) -> VersionImages {
        let profile = manifest.recipe.profile
        return VersionImages(entries, classes: manifest.classes, size: profile.size, trueLabels: trueLabels) {
            workspace.imageFile(of: $0, profile)
        }
    }
}
