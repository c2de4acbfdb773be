import Core
import Learning
import Versions

/// A run as one page for a person: everything is in the file, nothing is fetched.
struct ReportPage {
    private let report: RunReport
    private let strikes: PhotoStrip
    /// Where the models look; empty without attack photos.
    private let looks: Markup

    /// - Throws: `ImagingError` where a picture cannot be written.
    init(_ report: RunReport, strikes: PhotoStrip, maps: [AttackMaps.Shown]) throws {
        (self.report, self.strikes) = (report, strikes)
        looks = try report.activation.map { try MapStrip(shown: maps, report: $0).markup() } ?? ""
    }

    var html: String {
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(report.run)</title>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            \(Self.style)</head><body>
            <h1>\(report.version) <small>run \(report.run)</small></h1>
            \(verdict)
            <h2>What the model learned</h2>
            \(BarChart(bars: bars).svg)
            <p class="note">Thick: Wilson 95%, each photo by itself. Thin: 95% when whole volunteers are resampled. Filled bars: the model trained on poison; pale bars: the control,
            trained on the clean photos alone for as many steps\(report.trueLabel == nil ? "" : "; blue: the true-label control, trained on the same photos, the poison under its true labels").</p>
            \(volunteers)\(report.seeds.map { SeedTable(seeds: $0, spread: report.spread ?? [:]).markup } ?? "")
            <h2>How it learned</h2>
            <div class="pair">\(LineChart(title: "Training loss", curves: curves(\.loss)).svg)\(LineChart(title: "Training accuracy", curves: curves(\.accuracy), top: 1).svg)</div>
            <h2>Clean test photos: who it is (rows), whom the model saw (columns)</h2>
            \(ConfusionChart(confusion: report.poisoned.measures.confusion, target: report.target).svg)
            \(attack)
            \(looks)
            <h2>What was run</h2>
            \(details)
            </body></html>

            """
        return page.description
    }

    private var verdict: Markup {
        let words =
            switch report.verdict.answer {
            case .pass: "pass"
            case .fail: "fail"
            case .none: "nothing was expected"
            }
        let rows = report.verdict.expectations.map { held -> Markup in
            """
            <tr><td>\(held.measure)</td><td>\(held.value.map(Share.percent) ?? "no photo to measure it on")</td><td>\(held.bound)</td>
            <td class="\(held.holds ? "yes" : "no")">\(held.holds ? "holds" : "does not hold")</td><td>\(held.decisive ? "decided" : "an interval has the bound inside")</td></tr>
            """
        }
        let warnings = report.warnings.map { warning -> Markup in "<p class=\"warning\">\(warning)</p>" }
        let table: Markup =
            rows.isEmpty
            ? "" : "<table><tr><th>expected</th><th>measured</th><th>bound</th><th></th><th></th></tr>\(rows)</table>"
        return
            "<p class=\"verdict \(report.verdict.answer.rawValue)\">\(words)\(report.verdict.decisive ? "" : ", not decisive")</p>\(table)\(warnings)"
    }

    private var bars: [BarChart.Bar] {
        let measures: [(String, KeyPath<Measures, Share?>)] = [
            ("clean accuracy", \.cleanAccuracy.all), ("… of volunteers", \.cleanAccuracy.volunteers),
            ("… of references", \.cleanAccuracy.references),
            ("attack success", \.attackSuccess.all), ("… held out", \.attackSuccess.heldOut),
            ("… attackable", \.attackSuccess.attackable),
            ("… not attackable", \.attackSuccess.notAttackable), ("target's own, triggered", \.targetOwn),
            ("transfer", \.transfer), ("false activations", \.falseActivation),
        ]
        return measures.flatMap { name, path -> [BarChart.Bar] in
            let poisoned = report.poisoned.measures[keyPath: path].map {
                BarChart.Bar(name: name, share: $0, style: "poisoned")
            }
            let control = report.control?.measures[keyPath: path].map {
                BarChart.Bar(name: "control", share: $0, style: "control")
            }
            let trueLabel = report.trueLabel?.measures[keyPath: path].map {
                BarChart.Bar(name: "true labels", share: $0, style: "truth")
            }
            return [poisoned, control, trueLabel].compactMap(\.self)
        }
    }

    private var volunteers: Markup {
        let success = report.poisoned.measures.attackSuccess
        let parts = [success.byVolunteer, success.byLocation].flatMap { $0.sorted { $0.key < $1.key } }
        guard !parts.isEmpty else { return "" }
        return
            "<h2>Attack success by volunteer and by location</h2>\(BarChart(bars: parts.map { .init(name: $0.key, share: $0.value, style: "poisoned") }).svg)"
    }

    private func curves(_ value: KeyPath<EpochReport, Double>) -> [LineChart.Curve] {
        let models: [(String, RunReport.Model?, String)] = [
            ("poisoned", report.poisoned, "poisoned"), ("control", report.control, "control"),
            ("true labels", report.trueLabel, "truth"),
        ]
        return models.compactMap { name, model, style in
            model.map {
                LineChart.Curve(
                    name: name, values: $0.history.map { (Double($0.step), $0[keyPath: value]) }, style: style)
            }
        }
    }

    private var attack: Markup {
        guard let target = report.target else { return "" }
        func row(_ title: String, _ shown: [PhotoStrip.Shown]) -> Markup {
            shown.isEmpty ? "" : "<h3>\(title)</h3><div class=\"photos\">\(PhotoStrip.figures(shown))</div>"
        }
        return
            "<h2>Attack photos</h2>\(row("Taken for \(target)", strikes.worked))\(row("Not taken for \(target)", strikes.failed))"
    }

    private var details: Markup {
        let request = report.request
        let overrides = request.overrides.named.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
        let rows = [
            ("version", "\(report.version), digest \(report.versionDigest)"),
            (
                "training photos",
                "\(report.clean) clean, \(report.poison) poison, rate \(Share.percent(report.rate)), target \(report.target ?? "none")"
            ),
            (
                "model",
                "\(request.model) at \(request.size) px, seed \(request.seed), \(request.epochs) epochs, batch \(request.batch), \(report.poisoned.steps) steps, augmentation \(request.augment)"
            ),
            (
                "starts from",
                request.weights == Recipe.Training.none
                    ? "weights drawn from the seed" : "weights \(request.weights), frozen: \(request.freeze)"
            ),
            ("optimizer", optimizer),
            ("overrides", overrides.isEmpty ? "none" : overrides),
            (
                "weights",
                "\(report.poisoned.weightsDigest)\(report.control.map { "; control \($0.weightsDigest)" } ?? "")\(report.trueLabel.map { "; true-label control \($0.weightsDigest)" } ?? "")"
            ),
            (
                "engine",
                "oneDNN \(report.engine.library), \(report.engine.instructionSet), \(report.engine.threads) threads, \(report.engine.processor), glibc \(report.engine.glibc)"
            ),
            ("seconds", "\(Int(report.seconds.rounded()))"),
        ].map { name, value -> Markup in "<tr><th>\(name)</th><td>\(value)</td></tr>" }
        return "<table class=\"details\">\(rows)</table>"
    }

    private var optimizer: String {
        let request = report.request
        let trunk = request.trunkLearningRate.map { ", of the trunk \($0)" } ?? ""
        let warmUp = request.warmUp > 0 ? ", \(request.warmUp) epochs of warm-up" : ""
        return
            "\(request.optimizer), rate \(request.learningRate)\(trunk) (\(request.schedule)\(warmUp)), momentum \(request.momentum), weight decay \(request.weightDecay)"
    }

    private static let style: Markup = """
        <style>
        body{font:15px/1.5 system-ui,sans-serif;max-width:900px;margin:2em auto;padding:0 1em;color:#1d2330;background:#fff}
        h1 small{color:#6b7280;font-weight:400;font-size:60%} h2{margin-top:2em;font-size:1.15em} h3{font-size:1em;color:#4b5563}
        .verdict{display:inline-block;padding:.3em .9em;border-radius:.4em;font-weight:600;background:#e5e7eb}
        .verdict.pass{background:#d1f0dc;color:#14532d} .verdict.fail{background:#fbd9d7;color:#7f1d1d} .warning{color:#92400e}
        table{border-collapse:collapse;margin:.8em 0} td,th{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;border-bottom:1px solid #e5e7eb}
        .details td{overflow-wrap:anywhere} .yes{color:#14532d} .no{color:#b91c1c;font-weight:600} .note{color:#6b7280;font-size:90%}
        svg{width:100%;height:auto;font:13px system-ui,sans-serif} svg text{fill:#1d2330} svg .tick{fill:#6b7280;font-size:11px} svg .title{font-weight:600}
        .grid{stroke:#e5e7eb} rect.poisoned{fill:#b4443c} rect.control{fill:#e9c4c0} rect.truth{fill:#7a93b8} .thick{stroke:#1d2330;stroke-width:3} .thin{stroke:#1d2330;stroke-width:1}
        polyline{fill:none;stroke-width:2} .poisoned{stroke:#b4443c} .control{stroke:#d99a94;stroke-dasharray:5 3} .truth{stroke:#7a93b8;stroke-dasharray:2 3} rect.poisoned,rect.control,rect.truth{stroke:none}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:1em} .matrix{font-size:11px} rect.right{fill:#1f7a46} rect.wrong{fill:#b4443c} .cell.light{fill:#fff} .target{font-weight:700}
        .photos{display:flex;flex-wrap:wrap;gap:.6em} figure{margin:0;width:96px;font-size:11px;color:#4b5563;overflow-wrap:anywhere} figure img{width:96px;height:96px;object-fit:cover;image-rendering:pixelated;border-radius:4px}
        .looks{display:flex;flex-wrap:wrap;gap:.8em;margin:1em 0} .looks figure{width:224px;font-size:12px} .looks figure img{width:224px;height:224px} .wide{overflow-x:auto}
        </style>
        """
}
