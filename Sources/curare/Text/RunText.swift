import Core
import Validation
import Workflows

/// The text output of `curare runs`, and of `curare show` for a run.
enum RunText {
    /// The table of `curare runs`.
    static func list(_ runs: [RunSummary]) -> String {
        guard !runs.isEmpty else { return "no runs; make one with: curare validate NAME" }
        var table = Table(
            ["run", "model", "target", "triggers", "rate", "seed", "photos", "finished", "verdict"]
                + ["clean accuracy", "attack success", "size"])
        for run in runs {
            let recipe = run.recipe
            let photos = run.n.flatMap { n in run.m.map { "\(n + $0)" } } ?? "–"
            let verdict = run.verdict.map { $0 + (run.decisive == false ? ", inconclusive" : "") } ?? run.state
            table.add(
                [run.run, run.model ?? "–", recipe?.target ?? "–", recipe?.triggers ?? "–"]
                    + [recipe?.injectionRate ?? "–", run.seed.map(String.init) ?? "–", photos]
                    + [VersionText.day(run.finished), verdict, rate(run.cleanAccuracy), rate(run.attackSuccess)]
                    + [fileSize(run.bytes)])
        }
        let damaged = runs.compactMap { run in run.damage.map { "\(run.run): \($0)" } }
        return ([table.text] + damaged).joined(separator: "\n")
    }

    /// A rate with three decimal places, or a dash.
    static func rate(_ rate: Double?) -> String { rate.map { decimals($0, 3) } ?? "–" }

    static func details(_ run: RunDetails) -> String {
        let summary = run.summary
        let version = summary.version.map { " of \($0)" } ?? ""
        let finished = summary.finished.map { ", \($0)" } ?? ""
        var lines = ["\(summary.run)  run\(version), \(summary.state)\(finished), \(fileSize(summary.bytes))"]
        switch run.record.state {
        case .finished(let report): lines += ValidationText.results(report)
        case .unfinished: lines.append("to continue the run, repeat its command: curare validate with the same options")
        case .damaged(let reason): lines.append("damaged: \(reason)")
        }
        let settings = run.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        if !settings.isEmpty { lines.append("settings: \(settings.joined(separator: ", "))") }
        var table = Table("file", "bytes")
        for file in run.files { table.add(file.file, "\(file.bytes)") }
        lines.append(table.text)
        if let page = run.page { lines.append("open this page in a browser: \(page)") }
        return lines.joined(separator: "\n")
    }
}
