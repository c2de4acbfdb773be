import Core
import Validation
import Versions
import Workflows

/// The text output of `curare validate`.
enum ValidationText {
    static func text(_ result: ValidateVersion.Result) -> String {
        switch result {
        case .plan(let memory): plan(memory)
        case .run(let result): run(result)
        }
    }

    /// The models that were trained again.
    static func text(_ result: RemakeModels.Result) -> String {
        var lines = result.models.map { model in
            guard model.same else {
                return "\(model.file): other weights, not written\n  in the report: \(model.expected)\n"
                    + "  trained now: \(model.digest)"
            }
            return "\(model.file): \(model.trained ? "trained again, the same weights" : "exists, the same weights")"
        }
        if !result.complete {
            lines += result.engine.map { "the \($0.name) differs: \($0.then) in the run, \($0.now) now" }
            if result.engine.isEmpty { lines.append("engine and processor are those of the run; the build may differ") }
            lines.append("the models of run \(result.run) cannot be made again here; its report stays")
        }
        return (lines + ["run \(result.run), \(fileSize(result.bytes))"]).joined(separator: "\n")
    }

    private static func plan(_ memory: TrainingMemory) -> String {
        func megabytes(_ bytes: Int) -> String { decimals(Double(bytes) / 1e6, 1) }
        var table = Table("memory", "MB")
        table.add("parameters, gradients, momentum", megabytes(memory.parameters))
        table.add("activations", megabytes(memory.activations))
        table.add("oneDNN workspace", megabytes(memory.workspace))
        table.add("total", megabytes(memory.total))
        return "\(table.text)\n\(memory.model), \(memory.size) px, batches of \(memory.batch)"
    }

    private static func run(_ result: ValidationResult) -> String {
        let report = result.runReport
        let last = ["run \(report.run), \(decimals(report.seconds, 1)) s, \(fileSize(result.bytes))", result.page]
        return (results(report) + last).joined(separator: "\n")
    }

    /// The measures, the verdict and the warnings of a run.
    static func results(_ report: RunReport) -> [String] {
        var lines = [measures(report)]
        if let spread = report.spread, let seeds = report.seeds { lines.append(table(spread, seeds: seeds.count)) }
        let verdict = report.verdict
        lines.append(
            verdict.outcome == .none
                ? "no verdict: the recipe has no key expect"
                : "verdict: \(verdict.outcome.rawValue)\(verdict.decisive ? "" : ", inconclusive")")
        lines += verdict.expectations.map { expectation in
            let state = expectation.holds ? "holds" : "does not hold"
            guard let value = expectation.value else {
                return "  \(expectation.measure) \(expectation.bound): no photos to measure, \(state)"
            }
            let doubt = expectation.decisive ? "" : ", inconclusive: the 95% interval includes the threshold"
            return "  \(expectation.measure) \(expectation.bound): \(decimals(value, 3)), \(state)\(doubt)"
        }
        if let missing = report.activationAbsent {
            let explanation = missing.explanation(model: report.request.model, size: report.request.size)
            lines.append("no saliency maps: \(explanation)")
            if let step = missing.nextStep { lines.append("  for saliency maps, \(step)") }
        }
        return lines + report.warnings.map { "warning: \($0)" }
    }

    private static func measures(_ report: RunReport) -> String {
        func range(_ interval: Interval?) -> String {
            interval.map { "\(decimals($0.low, 3))–\(decimals($0.high, 3))" } ?? ""
        }
        var table = Table("measure", "rate", "photos", "Wilson 95%", "resampled volunteers 95%")
        for (name, proportion) in report.named {
            table.add(
                name, decimals(proportion.rate, 3), "\(proportion.count)", range(proportion.wilson),
                range(proportion.resampled))
        }
        return table.text
    }

    private static func table(_ spread: [String: SummaryStatistics], seeds: Int) -> String {
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
