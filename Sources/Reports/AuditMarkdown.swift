import Auditing
import Core

/// The report of an audit as Markdown (CommonMark with tables), for a repository or the supplement of a paper.
public struct AuditMarkdown {
    /// The limits of the text; `curare audit --json` has everything.
    static let photoLimit = 12
    static let rowLimit = 60

    private let report: AuditReport

    public init(_ report: AuditReport) {
        self.report = report
    }

    /// The text, with a line feed at the end.
    public var text: String {
        let parts = [head, findings, composition, gaps, effects, datasheet].filter { !$0.isEmpty }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var head: String {
        """
        # \(Self.escaped(report.title))

        \(Self.escaped(report.made.prefix(10))). Result: \(Self.escaped(report.verdict)).
        """
    }

    private var findings: String {
        guard !report.findings.isEmpty else { return "## Findings\n\nNo findings." }
        let sections = report.findings.map { finding in
            var lines = [
                "### \(finding.severity.rawValue): \(Self.escaped(finding.check.rawValue))", "",
                Self.escaped(finding.detail) + ".",
            ]
            if let acceptance = report.acceptance(of: finding) {
                lines += ["", "**\(Self.escaped(acceptance.text))**"]
            }
            if !finding.photos.isEmpty { lines += ["", Self.photos(finding)] }
            return lines.joined(separator: "\n")
        }
        return (["## Findings"] + sections).joined(separator: "\n\n")
    }

    private static func photos(_ finding: Finding) -> String {
        let shown = finding.photos.prefix(photoLimit).map { photo in
            photo.short + (finding.scores[photo].map { " (\(AuditPage.score($0)))" } ?? "")
        }
        let rest = finding.photos.count - shown.count
        return "Photos: \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")."
    }

    private var composition: String {
        let tables = report.margins.map { property, counts in
            Self.table(
                [property, "photos"], counts.map { [$0.value, "\($0.photos)"] }, total: counts.count)
        }
        let rows = report.composition.table
        let isByRole = !report.composition.roles.isEmpty
        let all = Self.table(
            ["volunteer", "trigger", "location", "session"] + (isByRole ? ["role"] : []) + ["photos"],
            rows.prefix(Self.rowLimit).map { row in
                [row.volunteer ?? "unlabelled", row.trigger ?? "unlabelled", row.location ?? "unlabelled"]
                    + [row.session ?? "all"] + (isByRole ? [row.role ?? ""] : []) + ["\(row.photos)"]
            }, total: rows.count)
        return (["## Composition"] + tables + (rows.isEmpty ? ["No photos."] : [all])).joined(separator: "\n\n")
    }

    private var gaps: String {
        let gaps = report.composition.gaps
        let limit = AuditPage.gapLimit
        let lines = gaps.prefix(limit).map { "- \(Self.escaped($0.detail))" }
        let rest = gaps.count > limit ? ["- and \(gaps.count - limit) more; curare audit --json lists all"] : []
        return "## Gaps\n\n" + (gaps.isEmpty ? "No gaps." : (lines + rest).joined(separator: "\n"))
    }

    private var effects: String {
        guard let matrix = report.effects else { return "" }
        let rows = zip(matrix.rows, matrix.cells).map { name, cells in
            [name] + cells.map { $0.map { "\(AuditPage.score($0.effect)), \(EffectChart.p($0.p))" } ?? "–" }
        }
        return "## Confounders\n\n\(Self.escaped(matrix.measure)) and p-value.\n\n"
            + Self.table(["property"] + matrix.columns, rows, total: rows.count)
    }

    private var datasheet: String {
        let sections = Datasheet(report).sections.map { section in
            let questions = section.questions.map { question in
                let facts = question.facts.map { "\(Self.escaped($0))" }
                let blank = question.blank.map { "> **\(Datasheet.mark):** \(Self.escaped($0))" }
                return (["**\(Self.escaped(question.text))**", facts.joined(separator: "\n"), blank ?? ""])
                    .filter { !$0.isEmpty }.joined(separator: "\n\n")
            }
            return (["### \(section.title)"] + questions).joined(separator: "\n\n")
        }
        let source = "Questions after Gebru et al., *Datasheets for Datasets*, CACM 64 (12), 2021."
        return (["## Datasheet", source] + sections).joined(separator: "\n\n")
    }

    /// - Parameter total: the number of rows without the limit.
    private static func table(_ header: [String], _ rows: [[String]], total: Int) -> String {
        let shown = rows.prefix(rowLimit)
        let lines = [header, header.map { _ in "---" }] + shown.map { $0.map(escaped) }
        let text = lines.enumerated().map { index, cells in
            "| \((index == 0 ? cells.map(escaped) : cells).joined(separator: " | ")) |"
        }
        let rest = total - shown.count
        return (text + (rest > 0 ? ["", "and \(rest) more; curare audit --json lists all"] : [])).joined(
            separator: "\n")
    }

    /// Returns `text` with a backslash before each character that has a meaning in Markdown. Hidden characters, line
    /// feeds too, are escaped visibly.
    static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        for (index, scalar) in text.printable().unicodeScalars.enumerated() {
            let isListMark = index == 0 && "+-=".unicodeScalars.contains(scalar)
            if isListMark || "\\`*_[]<>|#&~$!".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
