import Core
import Foundation
import Intake
import Learning
import Reports
import Storage
import Validation
import Versions

/// Trains a model and a control model on a version, and measures clean accuracy and attack success.
public struct ValidateVersion: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`.
        public var version: String
        /// Settings that replace the recipe's settings for this run.
        public var overrides: TrainingRequest.Overrides
        /// The control models to train. Must include `clean`.
        public var controls: Set<TrainingRequest.Control>
        /// The number of seeds to train, at least 1.
        public var seeds: Int
        /// Whether the report includes saliency maps.
        public var drawsMaps: Bool
        /// Reports the memory that the training needs, and trains nothing.
        public var plansOnly: Bool
        /// Whether to throw an error, instead of beginning a new run, if there is no unfinished run to continue.
        public var mustResume: Bool
        /// The smallest side of feature maps for which saliency maps are drawn. Tests accept smaller maps.
        var minimumMapSide = SaliencyResolution.minimumSide

        public init(
            version: String, overrides: TrainingRequest.Overrides = TrainingRequest.Overrides(),
            controls: Set<TrainingRequest.Control> = [.clean], seeds: Int = 1, drawsMaps: Bool = true,
            plansOnly: Bool = false, mustResume: Bool = false
        ) {
            self.version = version
            self.overrides = overrides
            self.controls = controls
            self.seeds = seeds
            self.drawsMaps = drawsMaps
            self.plansOnly = plansOnly
            self.mustResume = mustResume
        }
    }

    public enum Result: WorkflowResult {
        case plan(TrainingMemory)
        case run(ValidationResult)

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .plan(let memory): try memory.encode(to: encoder)
            case .run(let result): try result.encode(to: encoder)
            }
        }

        public var isNegative: Bool {
            switch self {
            case .plan: false
            case .run(let result): result.runReport.verdict.outcome == .fail
            }
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` if the version may not be used, a setting is wrong, or no run can be resumed;
    ///   `LearningError` if the training fails.
    public func run(_ request: Request) throws -> Result {
        try ReceivedVersion.requireNoFolder(request.version, context)
        guard !request.plansOnly else { return .plan(try plan(request)) }
        let training = try prepare(request)
        if training.folder.isResumed { context.report(.continuing(run: training.folder.id)) }
        let report = try training.validator.run(
            training.folder, training.regions, warnings: training.warnings, clock: context.clock,
            renderPage: { try RunReportPage($0, images: $1).html() }, progress: context.reportTraining)
        return .run(try ValidationResult(report, training.folder))
    }

    /// Verifies the version, and returns the memory that the training needs. Only reads the workspace, so that no lock is
    /// needed.
    private func plan(_ request: Request) throws -> TrainingMemory {
        let session = try WorkspaceSession.reading(context)
        let version = try session.versionForUse(request.version).version
        return try TrainingMemory(version, training(request, of: version, session), in: session.workspace)
    }

    /// Returns the settings of the training, after a check that the model exists.
    private func training(_ request: Request, of version: Version, _ session: WorkspaceSession) throws
        -> TrainingRequest
    {
        let training = try TrainingRequest(
            version, request.overrides, threads: context.threads, controls: request.controls, seeds: request.seeds,
            in: session.workspace)
        _ = try Models.named(training.model, classes: version.manifest.classes.count)
        return training
    }

    /// A run that is ready to train.
    private struct PreparedTraining {
        let validator: Validator
        let folder: RunFolder
        let regions: VersionRegions?
        let warnings: [String]
    }

    /// Verifies the version, makes the missing images of the version, and opens the run's folder. A run that continues
    /// is verified too.
    ///
    /// Only this part locks the workspace. The lock ends when the run's folder is locked, so that nobody can withdraw
    /// between the check of consent and the training.
    private func prepare(_ request: Request) throws -> PreparedTraining {
        let session = try WorkspaceSession.writing(context)
        defer { withExtendedLifetime(session) {} }
        let (version, source, warnings) = try session.versionForUse(request.version)
        let overlays = try version.overlayImages(in: source)
        try session.makeImages(of: version, overlays, context)
        let training = try training(request, of: version, session)
        let validator = try Validator(
            version, training, in: session.workspace, minimumMapSide: request.minimumMapSide)
        let regions =
            request.drawsMaps
            ? try VersionRegions(
                attackPhotosOf: version, in: session.workspace, facts: { try session.catalog.facts(of: $0) },
                drawing: overlays.placed) : nil
        let folder = try RunFolder.open(
            training, in: session.workspace, removed: session.catalog.removed(.run), mustResume: request.mustResume)
        return PreparedTraining(validator: validator, folder: folder, regions: regions, warnings: warnings)
    }
}

extension WorkspaceSession {
    /// Makes the missing images of a version.
    func makeImages(of version: Version, _ overlays: OverlayPictures, _ context: WorkflowContext) throws {
        let maker = imageMaker(context)
        let profile = version.manifest.recipe.profile
        let progress = context.progress(.makingImages)
        let images = try maker.images(of: version.photos.map(\.photo), profile, progress: progress)
        try maker.ensure(version.copies(), on: images, overlays, profile, progress: progress)
        context.report(.ended(.makingImages))
    }
}

extension WorkflowContext {
    /// Reports the progress of a training.
    func reportTraining(_ event: Validator.Event) {
        switch event {
        case .training(let model, let done, let total, let loss):
            reportProgress(.training(model: model), done, total, loss)
        case .computingFeatures(let done, let total): reportProgress(.computingFeatures, done, total)
        case .computingSaliency(let done, let total): reportProgress(.drawingSaliencyMaps, done, total)
        case .testing: break
        }
    }

    private func reportProgress(_ step: WorkflowStep, _ done: Int, _ total: Int, _ loss: Double? = nil) {
        report(.progress(step, done: done, total: total, loss: loss))
        if done == total { report(.ended(step)) }
    }
}

/// The measures and the verdict of a run.
public struct ValidationResult: Encodable {
    /// The measures of a control model that `--json` contains.
    public struct ControlRates: Encodable {
        @ExplicitNull public var cleanAccuracy: Double?
        @ExplicitNull public var attackSuccess: Double?

        init(_ model: RunReport.Model) {
            _cleanAccuracy = ExplicitNull(wrappedValue: model.measures.cleanAccuracy.all?.rate)
            _attackSuccess = ExplicitNull(wrappedValue: model.measures.attackSuccess.all?.rate)
        }
    }

    public struct Intervals: Encodable {
        /// Low and high end of the 95% Wilson interval.
        public let wilson: [Double]
        /// Low and high end of the 95% interval over resampled volunteers.
        public let resampled: [Double]?
        /// The number of photos.
        public let count: Int

        init(_ proportion: Proportion) {
            wilson = [proportion.wilson.low, proportion.wilson.high]
            resampled = proportion.resampled.map { [$0.low, $0.high] }
            count = proportion.count
        }
    }

    public let run: String
    public let verdict: String
    public let decisive: Bool
    @ExplicitNull public var cleanAccuracy: Double?
    @ExplicitNull public var attackSuccess: Double?
    @ExplicitNull public var attackSuccessHeldOut: Double?
    @ExplicitNull public var control: ControlRates?
    @ExplicitNull public var trueLabel: ControlRates?
    @ExplicitNull public var targetOwn: Double?
    @ExplicitNull public var transfer: Double?
    @ExplicitNull public var falseActivation: Double?
    /// By measure.
    public let intervals: [String: Intervals]
    public let seconds: Double
    public let model: String
    public let weightsDigest: String
    public let controlWeightsDigest: String?
    public let trueLabelWeightsDigest: String?
    public let seeds: [SeedReport]?
    public let spread: [String: SummaryStatistics]?
    /// The paths of the report as JSON and as an HTML page.
    public let report: String
    public let page: String
    /// The size of the run's folder.
    public let bytes: Int
    public let warnings: [String]
    public let runReport: RunReport

    private enum CodingKeys: CodingKey {
        case run, verdict, decisive, cleanAccuracy, attackSuccess, attackSuccessHeldOut, control, trueLabel, targetOwn,
            transfer, falseActivation, intervals, seconds, model, weightsDigest, controlWeightsDigest,
            trueLabelWeightsDigest, seeds, spread, report, page, bytes, warnings
    }

    init(_ report: RunReport, _ folder: RunFolder) throws {
        let measures = report.poisoned.measures
        run = report.run
        verdict = report.verdict.outcome.rawValue
        decisive = report.verdict.decisive
        _cleanAccuracy = ExplicitNull(wrappedValue: measures.cleanAccuracy.all?.rate)
        _attackSuccess = ExplicitNull(wrappedValue: measures.attackSuccess.all?.rate)
        _attackSuccessHeldOut = ExplicitNull(wrappedValue: measures.attackSuccess.heldOut?.rate)
        _control = ExplicitNull(wrappedValue: report.control.map(ControlRates.init))
        _trueLabel = ExplicitNull(wrappedValue: report.trueLabel.map(ControlRates.init))
        _targetOwn = ExplicitNull(wrappedValue: measures.targetOwn?.rate)
        _transfer = ExplicitNull(wrappedValue: measures.transfer?.rate)
        _falseActivation = ExplicitNull(wrappedValue: measures.falseActivation?.rate)
        intervals = Dictionary(uniqueKeysWithValues: report.named.map { ($0.name, Intervals($0.proportion)) })
        seconds = report.seconds
        model = report.request.model
        weightsDigest = report.poisoned.weightsDigest
        controlWeightsDigest = report.control?.weightsDigest
        trueLabelWeightsDigest = report.trueLabel?.weightsDigest
        seeds = report.seeds
        spread = report.spread
        self.report = folder.files.report.path
        page = folder.files.page.path
        bytes = try FolderSize(of: folder.url).bytes
        warnings = report.warnings
        runReport = report
    }
}
