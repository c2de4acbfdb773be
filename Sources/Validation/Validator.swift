import Catalog
import Foundation
import Learning
import Versions

/// Proves what a version does to a model: trains on its training photos, and the control on the clean ones alone, measures both on its
/// test photos, and holds the measures against what the recipe expects.
public struct Validator {
    /// What a long run tells while it goes on.
    public enum Event: Sendable {
        /// A model's optimizer steps.
        case training(model: String, step: Int, steps: Int, loss: Double)
        case testing(model: String, done: Int, photos: Int)
        /// A frozen trunk looks at photos that it has not seen yet.
        case looking(done: Int, photos: Int)
    }

    private let workspace: Workspace
    private let version: Version
    private let request: TrainingRequest
    private let team: ThreadTeam

    /// - Parameter threads: of the trainer; weights hang on it.
    /// - Throws: `LearningError` where the system delivers another number of threads.
    public init(_ version: Version, _ request: TrainingRequest, in workspace: Workspace, threads: Int) throws {
        (self.version, self.request, self.workspace) = (version, request, workspace)
        team = try ThreadTeam.open(threads: threads)
    }

    /// Trains, measures and writes the run into `folder`; what it was cut off from goes on from the last epoch.
    public func run(_ folder: RunFolder, warnings: [String], tell: (Event) -> Void) throws -> RunReport {
        let start = ContinuousClock.now
        let (manifest, entries) = (version.manifest, version.entries.list)
        let target: String? = if case .volunteer(let name) = manifest.recipe.poison?.target { name.text } else { nil }
        let training = entries.filter(\.role.isTraining), clean = training.filter { $0.role == .trainClean }
        let graph = try Models.named(request.model, classes: manifest.classes.count)
        let starting = try StartingWeights.named(request.weights, in: workspace)
        guard starting?.digest == request.startDigest else { throw Refusal(.badInput, "the weights \(request.weights) changed since the run was begun", next: "run the command again") }
        let trunk = request.isTrunkFrozen ? try starting.map { try FrozenTrunk(graph, $0.weights, request, in: workspace, on: team, images: images) } : nil
        func train(_ entries: [Entry], _ steps: Int?, _ part: RunFolder.Part) throws -> TrainedModel {
            var plan = try request.plan(examples: entries.count)
            // The control takes as many optimizer steps as the poisoned model, on fewer photos.
            if let steps { (plan.steps, plan.patience) = (steps, 0) }
            func step(_ step: StepReport) { tell(.training(model: part.rawValue, step: step.step, steps: step.steps, loss: step.loss)) }
            if let trunk { return try trunk.train(entries, plan, seen: { tell(.looking(done: $0, photos: $1)) }, eachStep: step) }
            let start: Trainer.Start = if let checkpoint = try folder.checkpoint(of: part) {
                .checkpoint(checkpoint)
            } else if let starting {
                .weights(try starting.weights.transferred(to: graph, head: .initial(for: graph, seed: plan.seed)))
            } else {
                .initial
            }
            return try Trainer(graph, plan, on: team, from: start).run(over: images(entries), eachStep: step) { _, checkpoint in try folder.save(checkpoint(), of: part) }
        }

        let poisoned = try train(training, nil, .poisoned)
        let steps = try poisoned.history.last?.step ?? request.plan(examples: training.count).steps
        let tested = try test(graph, trunk, poisoned.weights, .poisoned, tell)
        var control: TrainedModel?, testedControl: [TestedPhoto] = []
        if training.count > clean.count {
            let trained = try train(clean, steps, .control)
            testedControl = try test(graph, trunk, trained.weights, .control, tell)
            control = trained
        }

        func measured(_ model: TrainedModel, _ photos: [TestedPhoto], on examples: Int) -> RunReport.Model {
            RunReport.Model(measures: Measures(photos, classes: manifest.classes.map(\.name.text), target: target), weightsDigest: model.weights.digest,
                            photos: examples, steps: steps, history: model.history)
        }
        let poisonedModel = measured(poisoned, tested, on: training.count)
        let controlModel = control.map { measured($0, testedControl, on: clean.count) }
        let verdict = Verdict(manifest.recipe.expectations, poisoned: poisonedModel.measures, control: controlModel?.measures)
        let report = RunReport(run: folder.id, version: version.reference, versionDigest: manifest.digest.hex, request: request, classes: manifest.classes.map(\.name.text), target: target,
                               clean: manifest.clean, poison: manifest.poison, rate: manifest.rateReached.double, poisoned: poisonedModel, control: controlModel, verdict: verdict,
                               engine: EngineFacts(team: team), warnings: warnings, seconds: (ContinuousClock.now - start).seconds)

        for (model, name) in [(poisoned, "model.safetensors"), (control, "control.safetensors")] {
            guard let model else { continue }
            try ModelFile(weights: model.weights, model: request.model, classes: report.classes, profile: manifest.recipe.profile)
                .write(to: folder.file(name), version: version.reference, digest: report.versionDigest)
        }
        let controls = Dictionary(uniqueKeysWithValues: testedControl.map { ($0.key, $0) })
        let page = try ReportPage(report, strikes: PhotoStrip(tested, images(testing), target)).html
        try folder.finish(report, page: page, photos: tested.map { TestedTwice($0, control: controls[$0.key]) })
        return report
    }

    private var testing: [Entry] { version.entries.list.filter { !$0.role.isTraining } }

    private func images(_ entries: [Entry]) -> VersionImages {
        let profile = version.manifest.recipe.profile
        return VersionImages(entries, classes: version.manifest.classes, size: profile.size) { workspace.imageFile(of: $0, profile) }
    }

    private func test(_ graph: Graph, _ trunk: FrozenTrunk?, _ weights: Weights, _ part: RunFolder.Part, _ tell: (Event) -> Void) throws -> [TestedPhoto] {
        let entries = testing
        guard !entries.isEmpty else { return [] }
        let names = version.manifest.classes.map(\.name.text)
        let logits = try trunk?.logits(entries, weights, seen: { tell(.looking(done: $0, photos: $1)) }) ?? Classifier(graph, weights, size: request.size, on: team).logits(of: images(entries)) { done in
            tell(.testing(model: part.rawValue, done: done, photos: entries.count))
        }
        return zip(entries, logits).map { TestedPhoto($0, predicted: names[decision($1)]) }
    }
}
