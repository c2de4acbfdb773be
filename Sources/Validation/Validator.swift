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
    private let minimumMapSide: Int

    /// - Parameter minimumMapSide: the smallest side of feature maps for which saliency maps are drawn.
    /// - Throws: ``CurareError`` with code 65 when the pretrained weights have changed since the request was made;
    ///   `LearningError` when the system delivers another number of threads.
    public init(
        _ version: Version, _ request: TrainingRequest, in workspace: Workspace,
        minimumMapSide: Int = SaliencyResolution.minimumSide
    ) throws {
        self.minimumMapSide = minimumMapSide
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

    /// The software and processor that this value trains with.
    public var engine: EngineFacts { EngineFacts(team: team) }

    /// Trains and measures the models, and writes the run into `folder`. An interrupted training continues from its
    /// last checkpoint, and a finished seed is not trained again.
    ///
    /// - Parameters:
    ///   - regions: The regions of the version's attack photos. Nil to compute no saliency maps.
    ///   - clock: Returns the present time: UTC, ISO 8601.
    ///   - renderPage: Returns the HTML of `report.html`. The run is finished only when the page is written.
    public func run(
        _ folder: RunFolder, _ regions: VersionRegions?, warnings: [String], clock: () -> String,
        renderPage: (RunReport, RunImages) throws -> String, progress: (Event) -> Void
    ) throws -> RunReport {
        let start = ContinuousClock.now
        let seeds = request.trainingSeeds
        let outcomes = try seeds.enumerated().map { index, seed in
            try outcome(of: seed, number: index + 1, of: seeds.count, folder, progress)
        }
        // A request has at least one seed.
        let first = outcomes[0]
        let missing = try regions == nil ? nil : missingSaliency()
        let saliency =
            missing == nil ? try regions.flatMap { try computeSaliency(first, $0, folder, progress) } : nil
        let report = makeReport(
            outcomes, folder, saliency?.report, missing, warnings: warnings,
            seconds: (ContinuousClock.now - start).seconds, finished: clock())
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

    /// Trains the missing and the damaged models of a finished run again. Writes a model only when its weights have the
    /// digest in the report. After the first seed with other weights, the remaining seeds are not trained.
    ///
    /// - Parameters:
    ///   - report: The report of the run. The request of this value must be the report's.
    ///   - folder: The run's folder. Its report, page and predictions are not changed.
    public func remakeModels(
        of report: RunReport, in folder: RunFolder, progress: (Event) -> Void
    ) throws -> [RemadeModel] {
        let seeds = request.trainingSeeds
        var models: [RemadeModel] = []
        for (index, seed) in seeds.enumerated() where models.allSatisfy(\.isSame) {
            let recorded = report.recordedModels.filter { $0.seed == index + 1 }
            var digests: [ModelRole: String]?
            if try !recorded.allSatisfy({ try $0.isIntact(in: folder.files) }) {
                var request = request
                request.seed = seed
                let training = try SeedTraining(
                    version, request, from: starting, number: index + 1, of: seeds.count, in: workspace, on: team,
                    folder, expecting: Dictionary(recorded.map { ($0.role, $0.digest) }) { first, _ in first })
                let outcome = try training.run(progress: progress)
                try folder.removeCheckpoints(ofSeed: index + 1)
                digests = Dictionary(outcome.models.map { ($0.role, $0.trained.model.weightsDigest) }) { $1 }
            }
            models += recorded.map { model in
                RemadeModel(
                    recorded: model, file: folder.files.model(model.role.fileName, seed: model.seed).lastPathComponent,
                    isTrained: digests != nil, digest: digests.map { $0[model.role] ?? "" } ?? model.digest)
            }
        }
        return models
    }

    /// Returns why the attack photos have no saliency maps. Nil without attack photos, or if they have maps.
    private func missingSaliency() throws -> MissingSaliency? {
        guard version.target != nil, version.entries.list.contains(where: { $0.role == .testAttack }) else {
            return nil
        }
        let graph = try Models.named(request.model, classes: version.manifest.classes.count)
        return try MissingSaliency(graph, model: request.model, size: request.size, minimumSide: minimumMapSide)
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
        _ outcomes: [SeedOutcome], _ folder: RunFolder, _ saliency: SaliencyReport?, _ missing: MissingSaliency?,
        warnings: [String], seconds: Double, finished: String
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
            activation: saliency, activationAbsent: missing, crop: CropGeometry(version).map(CropReport.init),
            engine: engine, warnings: warnings, seconds: seconds, finished: finished)
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

    /// The first attack photos that the poisoned model classifies as the target. Held-out photos come first.
    public let successful: [AttackPhoto]
    /// The first attack photos that the poisoned model classifies as another class. Held-out photos come first.
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
        let all = target == nil ? [] : tested.indices.filter { tested[$0].has(.testAttack) }
        let attack = all.filter { tested[$0].heldOut == true } + all.filter { tested[$0].heldOut != true }
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
