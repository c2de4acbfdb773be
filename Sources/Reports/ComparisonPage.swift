import Validation

/// The page of a comparison of runs: the table, and a chart of each measure.
public struct ComparisonPage {
    private let comparison: RunComparison

    public init(_ comparison: RunComparison) {
        self.comparison = comparison
    }

    /// The HTML of the page.
    public var html: String {
        let count = comparison.rows.count
        let title = "Comparison of \(count) run\(count == 1 ? "" : "s")"
        let notes = comparison.notes.map { note -> Markup in "<p class=\"note\">\(note)</p>" }
        let body: Markup = """
            <h1>\(title)</h1>
            <div class="wide">\(table)</div>
            \(notes)
            \(chart("Clean accuracy", style: "poisoned", \.cleanAccuracy))
            \(chart("Attack success", style: "poisoned", \.attackSuccess))
            \(chart("Attack success of the control", style: "control", \.controlAttackSuccess))
            <p class="note">Thick lines: Wilson's 95% interval, which treats photos as independent. Thin lines: the \
            95% interval from resampled volunteers.</p>
            """
        return Page(title: title, body: body).html
    }

    private var table: Markup {
        let table = ComparisonTable(comparison)
        let header = table.header.map { cell -> Markup in "<th>\(cell)</th>" }
        let rows = table.rows.map { cells -> Markup in
            "<tr>\(cells.map { cell -> Markup in "<td>\(cell)</td>" })</tr>"
        }
        return "<table><tr>\(header)</tr>\(rows)</table>"
    }

    /// Returns the chart of a measure; empty if no run has the measure.
    private func chart(_ title: String, style: String, _ measure: KeyPath<RunComparison.Row, Proportion?>) -> Markup {
        let bars = comparison.rows.compactMap { row in
            row[keyPath: measure].map {
                BarChart.Bar(name: row.report.run, proportion: $0, style: style)
            }
        }
        return bars.isEmpty ? "" : "<h2>\(title)</h2>\(BarChart(bars: bars).svg)"
    }
}
