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
        var lines = [measures(report)]
        if let spread = report.spread, let seeds = report.seeds { lines.append(table(spread, seeds: seeds.count)) }
        lines.append("verdict: \(result.verdict)\(result.decisive ? "" : ", inconclusive")")
        lines += report.verdict.expectations.map { expectation in
            let state = expectation.holds ? "holds" : "does not hold"
            guard let value = expectation.value else {
                return "  \(expectation.measure) \(expectation.bound): no photos to measure, \(state)"
            }
            let doubt = expectation.decisive ? "" : ", inconclusive: the 95% interval includes the threshold"
            return "  \(expectation.measure) \(expectation.bound): \(decimals(value, 3)), \(state)\(doubt)"
        }
        lines += report.warnings.map { "warning: \($0)" }
        return (lines + ["run \(report.run), \(decimals(report.seconds, 1)) s", result.page]).joined(separator: "\n")
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
