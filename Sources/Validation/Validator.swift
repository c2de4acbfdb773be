import Core
import Foundation
import Imaging
import Learning
import Storage
import Versions

/// The validation of a version: trains models on the version and on its controls, measures them on the test photos,
/// compares the measures with the recipe's expectations, and computes saliency maps.
public struct Validator {
    /// The progress events of a run.
    public enum Event: Sendable {
        /// An optimizer step of a model.
        case training(model: String, step: Int, steps: Int, loss: Double)
        case testing(model: String, done: Int, photos: Int)
        /// Frozen layers compute the features of photos that are not in the cache.
        case computingFeatures(done: Int, photos: Int)
        case computingSaliency(done: Int, maps: Int)
    }

    private let workspace: Workspace
    private let version: Version
    private let request: TrainingRequest
    private let starting: StartingWeights?
    private let team: ThreadTeam

    /// - Throws: ``CurareError`` with code 65 when the pretrained weights have changed since the request was made;
    ///   `LearningError` when the system delivers another number of threads.
    public init(_ version: Version, _ request: TrainingRequest, in workspace: Workspace) throws {
        self.version = version
        self.request = request
        self.workspace = workspace
        starting = try StartingWeights.named(request.weights, in: workspace)
        guard starting?.digest == request.startDigest else {
            throw CurareError(
                .badInput, "the weights \(request.weights) have changed since the run was requested",
                next: "run the command again")
        }
        team = try ThreadTeam.open(threads: request.threads)
    }

    /// Trains and measures the models, and writes the run into `folder`. An interrupted training continues from its
    /// last checkpoint, and a finished seed is not trained again.
    ///
    /// - Parameters:
    ///   - regions: The regions of the version's attack photos. Nil to compute no saliency maps.
    ///   - renderPage: Returns the HTML of `report.html`. The run is finished only when the page is written.
    public func run(
        _ folder: RunFolder, _ regions: VersionRegions?, warnings: [String],
        renderPage: (RunReport, RunImages) throws -> String, progress: (Event) -> Void
    ) throws -> RunReport {
        let start = ContinuousClock.now
        let seeds = request.trainingSeeds
        let outcomes = try seeds.enumerated().map { index, seed in
            try outcome(of: seed, number: index + 1, of: seeds.count, folder, progress)
        }
        // A request has at least one seed.
        let first = outcomes[0]
        let saliency = try regions.flatMap { try computeSaliency(first, $0, folder, progress) }
        let report = makeReport(
            outcomes, folder, saliency?.report, warnings: warnings, seconds: (ContinuousClock.now - start).seconds)
        let images = try RunImages(
            first.poisoned.tested, version.images(version.testEntries, in: workspace), target: version.target,
            saliency: saliency?.images ?? [])
        try folder.finish(report, page: renderPage(report, images), predictions: first.predictions)
        return report
    }

    private func outcome(
        of seed: Int, number: Int, of count: Int, _ folder: RunFolder, _ progress: (Event) -> Void
    ) throws -> SeedOutcome {
        if let finished = try folder.outcome(of: number), finished.seed == seed { return finished }
        var request = request
        request.seed = seed
        let training = try SeedTraining(
            version, request, from: starting, number: number, of: count, in: workspace, on: team, folder)
        let outcome = try training.run(progress: progress)
        try folder.save(outcome, of: number)
        return outcome
    }

    private func computeSaliency(
        _ outcome: SeedOutcome, _ regions: VersionRegions, _ folder: RunFolder, _ progress: (Event) -> Void
    ) throws -> AttackSaliency? {
        let models = outcome.models.map { ($0.role, folder.files.model($0.role.fileName, seed: 1)) }
        let graph = try Models.named(request.model, classes: version.manifest.classes.count)
        return try AttackSaliency(version, models, graph, regions, in: workspace, on: team) {
            progress(.computingSaliency(done: $0, maps: $1))
        }
    }

    private func makeReport(
        _ outcomes: [SeedOutcome], _ folder: RunFolder, _ saliency: SaliencyReport?, warnings: [String], seconds: Double
    ) -> RunReport {
        let manifest = version.manifest
        let expectations = manifest.recipe.expectations
        let first = outcomes[0]
        let seeds = outcomes.count > 1 ? outcomes.map { SeedReport($0, expectations) } : nil
        return RunReport(
            format: RunReport.currentFormat, run: folder.id, version: version.reference,
            versionDigest: manifest.digest.hex, request: request, classes: manifest.classes.map(\.name.text),
            target: version.target, clean: manifest.clean, poison: manifest.poison, rate: manifest.rateReached.double,
            poisoned: first.poisoned.model, control: first.control?.model, trueLabel: first.trueLabel?.model,
            verdict: first.verdict(expectations), seeds: seeds, spread: seeds.map(SummaryStatistics.all),
            activation: saliency, crop: CropGeometry(version).map(CropReport.init), engine: EngineFacts(team: team),
            warnings: warnings, seconds: seconds)
    }
}

/// The images of a run's page. `report.json` does not contain these images.
public struct RunImages {
    /// An attack photo, with the class that the poisoned model predicts.
    public struct AttackPhoto {
        public let tested: TestedPhoto
        /// The image as a PNG file.
        public let png: [UInt8]
    }

    /// The limit of ``successful`` and of ``failed``.
    static let limit = 18

    /// The first attack photos that the poisoned model classifies as the target.
    public let successful: [AttackPhoto]
    /// The first attack photos that the poisoned model classifies as another class.
    public let failed: [AttackPhoto]
    public let saliency: [SaliencyImages]
}

extension RunImages {
    /// Reads the attack photos to show.
    ///
    /// - Parameters:
    ///   - tested: In the order of `images`.
    ///   - target: The target class. Nil to show no attack photos.
    init(_ tested: [TestedPhoto], _ images: VersionImages, target: String?, saliency: [SaliencyImages]) throws {
        let attack = target == nil ? [] : tested.indices.filter { tested[$0].has(.testAttack) }
        func photos(_ indices: [Int]) throws -> [AttackPhoto] {
            try indices.prefix(Self.limit).map {
                AttackPhoto(tested: tested[$0], png: try images.picture(at: $0).png())
            }
        }
        self.init(
            successful: try photos(attack.filter { tested[$0].predicted == target }),
            failed: try photos(attack.filter { tested[$0].predicted != target }), saliency: saliency)
    }
}
