import Core
import Validation

/// A comparison of runs as a table: as cells for a reader, as LaTeX, and as CSV. Names come from outside and are escaped
/// in LaTeX and CSV; the cells for a reader are not escaped.
public struct ComparisonTable {
    private let comparison: RunComparison

    public init(_ comparison: RunComparison) {
        self.comparison = comparison
    }

    private var isHeldOut: Bool { comparison.rows.contains { $0.attackPhotos == .heldOut } }

    // MARK: - Cells

    public var header: [String] {
        let photos = isHeldOut ? ", held out" : ""
        let measures = ["clean accuracy", "attack success\(photos)", "control attack success\(photos)"]
        return ["run", "version", "model"] + comparison.keys + ["n", "m"] + measures + ["verdict"]
    }

    /// A row for each run. A measure is its rate and Wilson's 95% interval: `0.952 (0.773–0.992)`.
    public var rows: [[String]] {
        cells { measure in
            let interval = [measure.wilson.low, measure.wilson.high].map(RunComparison.number)
            return "\(RunComparison.number(measure.rate)) (\(interval.joined(separator: "–")))"
        }
    }

    private func cells(_ measure: (Proportion) -> String) -> [[String]] {
        comparison.rows.map { row in
            let report = row.report
            var cells = [report.run, report.version, report.request.model]
            cells += row.settings.map(\.text)
            cells += ["\(report.clean)", "\(report.poison)"]
            cells += [row.cleanAccuracy, row.attackSuccess, row.controlAttackSuccess].map { $0.map(measure) ?? "–" }
            cells.append(row.verdict)
            return cells
        }
    }

    // MARK: - LaTeX

    /// A `tabular` with the rules of the package `booktabs`.
    public var latex: String {
        let numeric = Set(["n", "m"])
        let columns = header.map { numeric.contains($0) ? "r" : "l" }.joined()
        func line(_ cells: [String]) -> String { cells.map(Self.latex).joined(separator: " & ") + " \\\\" }
        let rows = cells { measure in
            let interval = [measure.wilson.low, measure.wilson.high].map(RunComparison.number)
            return "\(RunComparison.number(measure.rate)) [\(interval.joined(separator: ", "))]"
        }
        // A line feed would end the comment.
        let notes = comparison.notes.map { "% \($0.printable())" }
        var lines = ["% Needs \\usepackage{booktabs}. The intervals are Wilson's 95% intervals."] + notes
        lines += ["\\begin{tabular}{\(columns)}", "\\toprule", line(header), "\\midrule"]
        lines += rows.map(line)
        lines += ["\\bottomrule", "\\end{tabular}"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Returns text in which no character has a meaning for TeX. Hidden characters are escaped visibly.
    static func latex(_ text: String) -> String {
        var result = ""
        for scalar in text.printable().unicodeScalars {
            switch scalar {
            case "\\": result += "\\textbackslash{}"
            case "{", "}", "$", "&", "#", "_", "%": result += "\\\(scalar)"
            case "^": result += "\\textasciicircum{}"
            case "~": result += "\\textasciitilde{}"
            case "<": result += "\\textless{}"
            case ">": result += "\\textgreater{}"
            case "|": result += "\\textbar{}"
            case "\"": result += "''"
            case "–": result += "--"
            // A bracket at the start of a row would be an argument of the line break before it.
            case "[": result += "{[}"
            case "]": result += "{]}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    // MARK: - CSV

    private static let measures = ["clean_accuracy", "attack_success", "control_attack_success"]

    /// A CSV file (RFC 4180) with a column for each number. A measure without photos, and a setting without a value, is
    /// empty.
    public var csv: String {
        var header = ["run", "version", "model"] + comparison.keys + ["n", "m"]
        header += Self.measures.flatMap { [$0, "\($0)_low", "\($0)_high", "\($0)_photos"] }
        header += ["attack_photos", "verdict", "decisive"]
        let rows = comparison.rows.map { row -> [String] in
            let report = row.report
            var cells = [report.run, report.version, report.request.model]
            cells += row.settings.map { if case .value(let text) = $0 { text } else { "" } }
            cells += ["\(report.clean)", "\(report.poison)"]
            for measure in [row.cleanAccuracy, row.attackSuccess, row.controlAttackSuccess] {
                guard let measure else {
                    cells += ["", "", "", ""]
                    continue
                }
                cells += ["\(measure.rate)", "\(measure.wilson.low)", "\(measure.wilson.high)", "\(measure.count)"]
            }
            cells += [row.attackPhotos.rawValue, report.verdict.outcome.rawValue, "\(report.verdict.decisive)"]
            return cells
        }
        return ([header] + rows).map { $0.map(Self.csv).joined(separator: ",") + "\n" }.joined()
    }

    /// Returns a cell of a CSV file, which no spreadsheet reads as a formula.
    static func csv(_ text: String) -> String {
        let cell = text.spreadsheetCell
        guard cell.contains(where: { $0 == "," || $0 == "\"" }) else { return cell }
        return "\"\(cell.replacing("\"", with: "\"\""))\""
    }
}
