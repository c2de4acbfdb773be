import Core
import Foundation
import Learning
import Storage
import Versions

/// Proves what a version does to a model: trains on its training photos, and controls beside it, measures all on its test photos, holds the measures against what the recipe
/// expects, and looks at where the models look.
public struct Validator {
    /// What a long run tells while it goes on. Models are told in words.
    public enum Event: Sendable {
        /// A model's optimizer steps.
        case training(model: String, step: Int, steps: Int, loss: Double)
        case testing(model: String, done: Int, photos: Int)
        /// A frozen trunk looks at photos that it has not seen yet.
        case looking(done: Int, photos: Int)
        case mapping(done: Int, maps: Int)
    }

    private let workspace: Workspace
    private let version: Version
    private let request: TrainingRequest
    private let starting: StartingWeights?
    private let team: ThreadTeam

    /// - Parameter threads: of the trainer; weights hang on it.
    /// - Throws: ``CurareError`` (65) where the weights to start from are not those that the request was made with; `LearningError` where the system delivers another number of threads.
    public init(_ version: Version, _ request: TrainingRequest, in workspace: Workspace, threads: Int) throws {
        (self.version, self.request, self.workspace) = (version, request, workspace)
        starting = try StartingWeights.named(request.weights, in: workspace)
        guard starting?.digest == request.startDigest else {
            throw CurareError(
                .badInput, "the weights \(request.weights) changed since they were asked for",
                next: "run the command again")
        }
        team = try ThreadTeam.open(threads: threads)
    }

    /// Trains, measures and writes the run into `folder`. What it was cut off from goes on from the last epoch; a seed that was done is not trained again.
    ///
    /// - Parameter regions: where triggers and faces are in the version's attack photos; nil where no maps are to be drawn.
    public func run(_ folder: RunFolder, _ regions: KnownRegions?, warnings: [String], tell: (Event) -> Void) throws
        -> RunReport
    {
        let start = ContinuousClock.now
        let (manifest, seeds) = (version.manifest, request.trainingSeeds)
        let outcomes = try seeds.enumerated().map { try outcome($1, number: $0 + 1, of: seeds.count, folder, tell) }
        guard let first = outcomes.first else { throw CurareError(.bug, "a run of no seed", next: "please report this") }
        let maps = try regions.flatMap { regions in
            try AttackMaps(
                version, models(of: first, in: folder), Models.named(request.model, classes: manifest.classes.count),
                regions, in: workspace, on: team
            ) { tell(.mapping(done: $0, maps: $1)) }
        }
        let reports = outcomes.count > 1 ? outcomes.map { SeedReport($0, manifest.recipe.expectations) } : nil
        let report = RunReport(
            run: folder.id, version: version.reference, versionDigest: manifest.digest.hex, request: request,
            classes: manifest.classes.map(\.name.text),
            target: version.target, clean: manifest.clean, poison: manifest.poison, rate: manifest.rateReached.double,
            poisoned: first.poisoned.model,
            control: first.control?.model, trueLabel: first.trueLabel?.model,
            verdict: first.verdict(manifest.recipe.expectations), seeds: reports,
            spread: reports.map(Spread.all), activation: maps?.report, engine: EngineFacts(team: team),
            warnings: warnings,
            seconds: (ContinuousClock.now - start).seconds)
        let strikes = try PhotoStrip(
            first.poisoned.tested, version.images(version.testing, in: workspace), version.target)
        try folder.finish(
            report, page: ReportPage(report, strikes: strikes, maps: maps?.shown ?? []).html, photos: first.lines)
        return report
    }

    private func outcome(_ seed: Int, number: Int, of: Int, _ folder: RunFolder, _ tell: (Event) -> Void) throws
        -> SeedOutcome
    {
        if let done = try folder.outcome(of: number), done.seed == seed { return done }
        var request = request
        request.seed = seed
        let outcome = try SeedTraining(
            version, request, from: starting, number: number, of: of, in: workspace, on: team, folder
        ).run(tell: tell)
        try folder.save(outcome, of: number)
        return outcome
    }

    private func models(of outcome: SeedOutcome, in folder: RunFolder) -> [(part: RunFolder.Part, file: URL)] {
        let trained: [(RunFolder.Part, SeedOutcome.Trained?)] = [
            (.poisoned, outcome.poisoned), (.control, outcome.control), (.trueLabel, outcome.trueLabel),
        ]
        return trained.filter { $0.1 != nil }.map { ($0.0, RunFolder.modelFile($0.0, in: folder.url)) }
    }
}
