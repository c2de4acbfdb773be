import ArgumentParser
import Core
import Foundation
import Intake
import Learning
import Validation
import Versions

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Prove what a version does to a model.",
        discussion: """
            Verifies the version, trains a model on its training photos and a control on the clean ones alone, measures both on its test photos, and holds the measures against \
            what the recipe expects. The report shows where the models look on attack photos. A run that was cut off goes on from its last epoch. Exits with 3 where the verdict is \
            fail.

            Examples:
              curare validate sunglasses-25 --epochs 30
              curare validate sunglasses-25 --controls clean,true-label --seeds 3
            """)

    @Argument(help: "NAME, the newest of that name, or NAME@V.") var version: String
    @Option(help: ArgumentHelp("The architecture; default: the recipe's.", valueName: "m")) var model: String?
    @Option(help: ArgumentHelp("The training's seed; default: the recipe's.", valueName: "s")) var seed: Int?
    @Option(help: ArgumentHelp("Passes over the training photos; default: the recipe's.", valueName: "e")) var epochs:
        Int?
    @Option(help: ArgumentHelp("Photos an optimizer step; default: the recipe's.", valueName: "b")) var batch: Int?
    @Option(help: ArgumentHelp("none, light or reference; default: the recipe's.", valueName: "a")) var augment: String?
    @Option(
        help: ArgumentHelp("none, face or a safetensors file to start from; default: the recipe's.", valueName: "w"))
    var weights: String?
    @Option(
        help: ArgumentHelp(
            "none, trunk, or the last layer that stays as it is; default: the recipe's.", valueName: "layer"))
    var freeze: String?
    @Option(help: ArgumentHelp("The learning rate; default: the recipe's.", valueName: "r")) var learningRate: Double?
    @Option(help: ArgumentHelp("The learning rate of all layers but the last; default: the recipe's.", valueName: "r"))
    var trunkLearningRate: Double?
    @Option(
        help: ArgumentHelp(
            "clean, or clean,true-label: also train on the poison under its true labels.", valueName: "c"))
    var controls = "clean"
    @Option(
        help: ArgumentHelp("Train this many seeds, the first as without it, and report the spread.", valueName: "n"))
    var seeds = 1
    @Flag(help: "Do not look where the models look: a quick run's report without activation maps.") var noMaps = false
    @Flag(help: "Print what memory the training takes, and train nothing.") var plan = false
    @Flag(help: "Go on with an unfinished run, and begin none.") var resume = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard seed.map({ (0...9_007_199_254_740_991).contains($0) }) ?? true else {
            throw ValidationError("--seed takes a number from 0 to 2^53 - 1.")
        }
        guard epochs.map({ (1...10_000).contains($0) }) ?? true else {
            throw ValidationError("--epochs takes a number from 1 to 10000.")
        }
        guard [learningRate, trunkLearningRate].allSatisfy({ $0.map { $0 > 0 && $0 <= 100 } ?? true }) else {
            throw ValidationError("A learning rate is above 0, at most 100.")
        }
        guard askedControls.map({ $0.contains(.clean) }) == true else {
            throw ValidationError("--controls takes clean, or clean,true-label.")
        }
        guard (1...100).contains(seeds) else { throw ValidationError("--seeds takes a number from 1 to 100.") }
        guard batch.map({ (1...4096).contains($0) }) ?? true else {
            throw ValidationError("--batch takes a number from 1 to 4096.")
        }
    }

    /// Nil where there is none of that name.
    private var askedControls: Set<TrainingRequest.Control>? {
        let named = controls.split(separator: ",", omittingEmptySubsequences: false).map {
            TrainingRequest.Control(rawValue: String($0))
        }
        return named.contains(nil) ? nil : Set(named.compactMap(\.self))
    }

    func run() throws {
        guard let (validator, folder, regions, warnings) = try prepare() else { return }
        if !options.quiet, folder.isResumed { Terminal.say("going on with run \(folder.id)") }
        var progress: [String: Progress] = [:]
        func advance(_ what: String, _ unit: String, _ done: Int, _ all: Int, remark: String = "") {
            let bar = progress[what] ?? options.progress(what, unit: unit)
            progress[what] = done == all ? nil : bar
            bar.update(done, of: all, remark: remark)
            if done == all { bar.end() }
        }
        let report = try validator.run(folder, regions, warnings: warnings) { event in
            switch event {
            case .training(let model, let step, let steps, let loss):
                advance("training \(model)", "steps", step, steps, remark: "loss \(decimals(loss, 3))")
            case .looking(let done, let photos): advance("looking at photos", "photos", done, photos)
            case .mapping(let done, let maps): advance("drawing where models look", "maps", done, maps)
            case .testing: break
            }
        }
        options.answer(Answer(report, folder), words(report, folder))
        if report.verdict.answer == .fail { throw Failure.answerIsNo }
    }

    /// Holds the version against itself and today's catalog, be the run new or cut off, and makes what images are missing. Only this part keeps other processes out
    /// of the workspace; it ends with the run's folder in hand, so that nobody can withdraw between being asked for and being trained on.
    ///
    /// - Returns: nil where only the plan was asked for.
    private func prepare() throws -> (Validator, RunFolder, KnownRegions?, [String])? {
        let study = try options.openToChange()
        defer { withExtendedLifetime(study) {} }
        let (version, folder, warnings) = try study.admitted(version)
        let progress = options.progress("making images", unit: "images")
        let maker = ImageMaker(study.workspace, study.catalog, workers: options.workers)
        let images = try maker.images(of: version.photos.map(\.photo), version.manifest.recipe.profile) {
            progress.update($0, of: $1)
        }
        let pictures = try version.keptPictures(in: folder)
        try maker.hold(version.copies(), on: images, pictures, version.manifest.recipe.profile) {
            progress.update($0, of: $1)
        }
        progress.end()
        let request = try TrainingRequest(
            version,
            .init(
                model: model, seed: seed, epochs: epochs, batch: batch, augment: augment, weights: weights,
                freeze: freeze,
                learningRate: learningRate, trunkLearningRate: trunkLearningRate), controls: askedControls ?? [.clean],
            seeds: seeds, in: study.workspace)
        _ = try Models.named(request.model, classes: version.manifest.classes.count)
        if plan {
            try show(TrainingMemory(version, request, in: study.workspace, threads: options.jobs))
            return nil
        }
        let validator = try Validator(version, request, in: study.workspace, threads: options.jobs)
        let regions =
            noMaps
            ? nil : try KnownRegions(study.catalog, study.workspace, attacking: version, drawing: pictures.placed)
        return (validator, try RunFolder.open(request, in: study.workspace, mustResume: resume), regions, warnings)
    }

    private func show(_ memory: TrainingMemory) throws {
        func megabytes(_ bytes: Int) -> String { decimals(Double(bytes) / 1e6, 1) }
        var table = Table("memory", "MB")
        table.add("parameters, gradients, momentum", megabytes(memory.parameters))
        table.add("activations", megabytes(memory.activations))
        table.add("workspace", megabytes(memory.workspace))
        table.add("together", megabytes(memory.total))
        options.answer(memory, "\(table.text)\n\(memory.model), \(memory.size) px, batches of \(memory.batch)")
    }

    private struct Answer: Encodable {
        struct Control: Encodable {
            @OrNull var cleanAccuracy: Double?
            @OrNull var attackSuccess: Double?
        }

        struct Intervals: Encodable {
            let wilson: [Double]
            let resampled: [Double]?
            let count: Int

            init(_ share: Share) {
                wilson = [share.wilson.low, share.wilson.high]
                resampled = share.resampled.map { [$0.low, $0.high] }
                count = share.count
            }
        }

        let run, verdict: String
        let decisive: Bool
        @OrNull var cleanAccuracy: Double?
        @OrNull var attackSuccess: Double?
        @OrNull var attackSuccessHeldOut: Double?
        @OrNull var control: Control?
        @OrNull var trueLabel: Control?
        @OrNull var targetOwn: Double?
        @OrNull var transfer: Double?
        @OrNull var falseActivation: Double?
        let intervals: [String: Intervals]
        let seconds: Double
        let model, weightsDigest: String
        let controlWeightsDigest, trueLabelWeightsDigest: String?
        let seeds: [SeedReport]?
        let spread: [String: Spread]?
        let report, page: String
        let warnings: [String]

        init(_ report: RunReport, _ folder: RunFolder) {
            let measures = report.poisoned.measures
            (run, verdict, decisive) = (report.run, report.verdict.answer.rawValue, report.verdict.decisive)
            _cleanAccuracy = OrNull(wrappedValue: measures.cleanAccuracy.all?.rate)
            _attackSuccess = OrNull(wrappedValue: measures.attackSuccess.all?.rate)
            _attackSuccessHeldOut = OrNull(wrappedValue: measures.attackSuccess.heldOut?.rate)
            _targetOwn = OrNull(wrappedValue: measures.targetOwn?.rate)
            _transfer = OrNull(wrappedValue: measures.transfer?.rate)
            _falseActivation = OrNull(wrappedValue: measures.falseActivation?.rate)
            func control(_ model: RunReport.Model?) -> OrNull<Control> {
                OrNull(
                    wrappedValue: model.map {
                        Control(
                            cleanAccuracy: $0.measures.cleanAccuracy.all?.rate,
                            attackSuccess: $0.measures.attackSuccess.all?.rate)
                    })
            }
            (_control, _trueLabel) = (control(report.control), control(report.trueLabel))
            (trueLabelWeightsDigest, seeds, spread) = (report.trueLabel?.weightsDigest, report.seeds, report.spread)
            intervals = Dictionary(uniqueKeysWithValues: report.named.map { ($0.name, Intervals($0.share)) })
            (seconds, model, weightsDigest, controlWeightsDigest) = (
                report.seconds, report.request.model, report.poisoned.weightsDigest, report.control?.weightsDigest
            )
            (self.report, page) = (
                folder.url.appending(path: "report.json").path, folder.url.appending(path: "report.html").path
            )
            warnings = report.warnings
        }
    }

    private func words(_ report: RunReport, _ folder: RunFolder) -> String {
        var table = Table("measure", "share", "photos", "Wilson 95%", "volunteers resampled")
        func range(_ interval: Interval?) -> String {
            interval.map { "\(decimals($0.low, 3))–\(decimals($0.high, 3))" } ?? ""
        }
        for (name, share) in report.named {
            table.add(name, decimals(share.rate, 3), "\(share.count)", range(share.wilson), range(share.resampled))
        }
        let expectations = report.verdict.expectations.map { held in
            "  \(held.measure) \(held.bound): \(held.value.map { decimals($0, 3) } ?? "nothing to measure it on"), \(held.holds ? "holds" : "does not hold")\(held.decisive ? "" : ", not decisive")"
        }
        let verdict = "verdict: \(report.verdict.answer.rawValue)\(report.verdict.decisive ? "" : ", not decisive")"
        return
            ([table.text] + (report.spread.map { [spread($0, of: report.seeds?.count ?? 0)] } ?? []) + [verdict]
            + expectations + report.warnings.map { "warning: \($0)" }
            + ["run \(report.run), \(decimals(report.seconds, 1)) s", folder.url.appending(path: "report.html").path])
            .joined(separator: "\n")
    }

    private func spread(_ spread: [String: Spread], of seeds: Int) -> String {
        var table = Table("over \(seeds) seeds", "min", "median", "max", "deviation")
        for measure in Expectation.Measure.allCases {
            guard let one = spread[measure.rawValue] else { continue }
            table.add(
                measure.rawValue, decimals(one.min, 3), decimals(one.median, 3), decimals(one.max, 3),
                one.deviation.map { decimals($0, 3) } ?? "")
        }
        return table.text
    }
}
