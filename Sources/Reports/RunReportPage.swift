import Learning
import Validation
import Versions

/// The page of a run, `report.html`.
public struct RunReportPage {
    private let report: RunReport
    private let images: RunImages

    public init(_ report: RunReport, images: RunImages) {
        self.report = report
        self.images = images
    }

    /// Returns the HTML of the page.
    ///
    /// - Throws: `ImagingError` when a picture cannot be encoded.
    public func html() throws -> String {
        let body: Markup = """
            <h1>\(report.version) <small>run \(report.run)</small></h1>
            \(verdict)
            \(measures)
            \(attackSuccessByGroup)
            \(seeds)
            \(curves)
            <h2>Confusion matrix of clean test photos: true class (rows), predicted class (columns)</h2>
            \(ConfusionChart(confusion: report.poisoned.measures.confusion, target: report.target).svg)
            \(report.target.map { PhotoGallery(images: images, target: $0).markup } ?? "")
            \(try saliency)
            \(settings)
            """
        return Page(title: report.run, body: body).html
    }

    private var saliency: Markup {
        get throws {
            if let saliency = report.activation {
                return try SaliencyGallery(images: images.saliency, report: saliency).markup()
            }
            guard let missing = report.activationAbsent else { return "" }
            let explanation = missing.explanation(model: report.request.model, size: report.request.size)
            return """
                <h2>Saliency maps</h2>
                <p class="note">There are no saliency maps: \(explanation).\
                \(missing.nextStep.map { " For saliency maps, \($0)." } ?? "")</p>
                """
        }
    }

    private var models: [(name: String, style: String, model: RunReport.Model)] {
        let all: [(name: String, style: String, model: RunReport.Model?)] = [
            ("poisoned", "poisoned", report.poisoned), ("control", "control", report.control),
            ("true labels", "true-label", report.trueLabel),
        ]
        return all.compactMap { name, style, model in model.map { (name, style, $0) } }
    }

    private var verdict: Markup {
        let outcome =
            switch report.verdict.outcome {
            case .pass: "pass"
            case .fail: "fail"
            case .none: "no expectations in the recipe"
            }
        let warnings = report.warnings.map { warning -> Markup in "<p class=\"warning\">\(warning)</p>" }
        let inconclusive = report.verdict.decisive ? "" : ", inconclusive"
        return """
            <p class="verdict \(report.verdict.outcome.rawValue)">\(outcome)\(inconclusive)</p>
            \(expectations)\(warnings)
            """
    }

    private var expectations: Markup {
        guard !report.verdict.expectations.isEmpty else { return "" }
        let rows = report.verdict.expectations.map { checked -> Markup in
            """
            <tr><td>\(checked.measure)</td><td>\(checked.bound)</td>\
            <td>\(checked.value.map(Proportion.percentage) ?? "no test photos")</td>\
            <td class="\(checked.holds ? "yes" : "no")">\(checked.holds ? "met" : "not met")</td>\
            <td>\(Self.certainty(checked))</td></tr>
            """
        }
        return """
            <table><tr><th>measure</th><th>expected</th><th>measured</th><th></th><th></th></tr>\(rows)</table>
            """
    }

    private static func certainty(_ checked: CheckedExpectation) -> String {
        if checked.decisive { return "conclusive" }
        return checked.value == nil
            ? "inconclusive: the version has no photos for this measure"
            : "inconclusive: a 95% interval includes the threshold"
    }

    private var measures: Markup {
        let trueLabel: Markup =
            report.trueLabel == nil
            ? ""
            : " Blue bars: the true-label control, trained on the same photos with the poison under its true labels."
        return """
            <h2>Measures</h2>
            \(BarChart(bars: bars).svg)
            <p class="note">Thick lines: Wilson's 95% interval, which treats photos as independent. Thin lines: the \
            95% interval from resampled volunteers. Red bars: the poisoned model. Pale bars: the control, trained on \
            the clean photos alone with the same number of optimizer steps.\(trueLabel)</p>
            \(report.heldOutNote.map { note -> Markup in "<p>\(note)</p>" } ?? "")
            """
    }

    private var bars: [BarChart.Bar] {
        let measures: [(String, KeyPath<Measures, Proportion?>)] = [
            ("clean accuracy", \.cleanAccuracy.all), ("… of volunteers", \.cleanAccuracy.volunteers),
            ("… of references", \.cleanAccuracy.references),
        ]
        let success: [(String, KeyPath<Measures, Proportion?>)] =
            report.heldOutNote == nil
            ? [("attack success", \.attackSuccess.all), ("… held out", \.attackSuccess.heldOut)]
            : [("attack success, held out", \.attackSuccess.heldOut), ("… all attack photos", \.attackSuccess.all)]
        let others: [(String, KeyPath<Measures, Proportion?>)] = [
            ("… attackable", \.attackSuccess.attackable),
            ("… not attackable", \.attackSuccess.notAttackable), ("target's own, triggered", \.targetOwn),
            ("transfer", \.transfer), ("false activation", \.falseActivation),
        ]
        return (measures + success + others).flatMap { name, path in
            models.compactMap { model in
                model.model.measures[keyPath: path].map {
                    BarChart.Bar(
                        name: model.style == "poisoned" ? name : model.name, proportion: $0, style: model.style)
                }
            }
        }
    }

    private var attackSuccessByGroup: Markup {
        let success = report.poisoned.measures.attackSuccess
        let groups = [success.byVolunteer, success.byLocation].flatMap { $0.sorted { $0.key < $1.key } }
        guard !groups.isEmpty else { return "" }
        let bars = groups.map { BarChart.Bar(name: $0.key, proportion: $0.value, style: "poisoned") }
        return "<h2>Attack success by volunteer and by location</h2>\(BarChart(bars: bars).svg)"
    }

    private var seeds: Markup {
        guard let seeds = report.seeds, let statistics = report.spread else { return "" }
        return SeedTable(seeds: seeds, statistics: statistics).markup
    }

    private var curves: Markup {
        func curves(_ value: KeyPath<EpochReport, Double>) -> [LineChart.Curve] {
            models.map { name, style, model in
                let values = model.history.map { (Double($0.step), $0[keyPath: value]) }
                return LineChart.Curve(name: name, values: values, style: style)
            }
        }
        let loss = LineChart(title: "Training loss", curves: curves(\.loss))
        let accuracy = LineChart(title: "Training accuracy", curves: curves(\.accuracy), top: 1)
        return "<h2>Training</h2><div class=\"pair\">\(loss.svg)\(accuracy.svg)</div>"
    }

    private var settings: Markup {
        let request = report.request
        let overrides = request.overrides.named.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let rows = [
            ("version", "\(report.version), digest \(report.versionDigest)"),
            (
                "training photos",
                """
                \(report.clean) clean, \(report.poison) poison, injection rate \(Proportion.percentage(report.rate)), \
                target \(report.target ?? "none")
                """
            ),
            (
                "model",
                """
                \(request.model) at \(request.size) px, seed \(request.seed), \(request.epochs) epochs, \
                batch \(request.batch), \(report.poisoned.steps) steps, augmentation \(request.augment.rawValue)
                """
            ),
            (
                "starting weights",
                request.weights == Recipe.Training.none
                    ? "random, from the seed" : "\(request.weights), frozen layers: \(request.freeze)"
            ),
            ("optimizer", optimizer),
            ("overrides", overrides.isEmpty ? "none" : overrides.joined(separator: ", ")),
            ("crops", report.crop?.text ?? "no face crops of bare and triggered photos of the same person"),
            ("weights digests", models.map { "\($0.name) \($0.model.weightsDigest)" }.joined(separator: "; ")),
            ("engine", engine),
            ("seconds", "\(Int(report.seconds.rounded()))"),
        ].map { name, value -> Markup in "<tr><th>\(name)</th><td>\(value)</td></tr>" }
        return "<h2>Settings</h2><table class=\"details\">\(rows)</table>"
    }

    private var optimizer: String {
        let request = report.request
        let trunk = request.trunkLearningRate.map { ", of all layers but the last \($0)" } ?? ""
        let warmUp = request.warmUp > 0 ? ", \(request.warmUp) epochs of warm-up" : ""
        return """
            \(request.optimizer.rawValue), learning rate \(request.learningRate)\(trunk) \
            (\(request.schedule.rawValue)\(warmUp)), momentum \(request.momentum), weight decay \(request.weightDecay)
            """
    }

    private var engine: String {
        let engine = report.engine
        return """
            oneDNN \(engine.library), \(engine.instructionSet), \(engine.threads) threads, \(engine.processor), \
            glibc \(engine.glibc)
            """
    }
}

/// The table of several seeds: statistics of each measure, and the values of each seed.
struct SeedTable {
    let seeds: [SeedReport]
    /// By the recipe's keys.
    let statistics: [String: SummaryStatistics]

    var markup: Markup {
        let head = seeds.map { seed -> Markup in "<th>seed \(String(seed.seed))</th>" }
        let verdicts = seeds.map { seed -> Markup in "<td>\(seed.verdict.rawValue)</td>" }
        return """
            <h2>Over \(seeds.count) seeds</h2>
            <p class="note">The same version, trained with other random weights, orders and augmentations. \
            The sections above and below show the first seed.</p>
            <div class="wide"><table><tr><th></th><th>min</th><th>median</th><th>max</th><th>standard deviation</th>\
            \(head)</tr>\(Expectation.Measure.allCases.map { row($0.rawValue) })
            <tr><td>verdict</td><td></td><td></td><td></td><td></td>\(verdicts)</tr></table></div>
            """
    }

    private func row(_ measure: String) -> Markup {
        guard let statistics = statistics[measure] else { return "" }
        let deviation = statistics.deviation.map(Proportion.percentage) ?? ""
        let summary = [statistics.min, statistics.median, statistics.max].map(Proportion.percentage) + [deviation]
        let values = seeds.map { $0.rates[measure].map(Proportion.percentage) ?? "" }
        let cells = (summary + values).map { value -> Markup in "<td>\(value)</td>" }
        return "<tr><td>\(measure)</td>\(cells)</tr>"
    }
}
