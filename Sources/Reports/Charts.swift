import Core
import Validation

/// A chart of proportions: horizontal bars from 0% to 100%, each with Wilson's interval (thick line) and the interval
/// from resampled volunteers (thin line).
struct BarChart {
    struct Bar {
        let name: String
        let proportion: Proportion
        /// A class of the stylesheet.
        let style: String
    }

    let bars: [Bar]

    private static let left = 230.0
    private static let width = 420.0
    private static let rowHeight = 26.0

    var svg: Markup {
        let height = Double(bars.count) * Self.rowHeight + 26
        let ticks = stride(from: 0, through: 100, by: 20).map { percent -> Markup in
            let x = Self.x(Double(percent) / 100)
            return """
                <line class="grid" x1="\(x)" y1="0" x2="\(x)" y2="\(height - 20)"/>\
                <text class="tick" x="\(x)" y="\(height - 6)" text-anchor="middle">\(percent)%</text>
                """
        }
        return """
            <svg viewBox="0 0 860 \(height)" role="img" aria-label="Measures with intervals">
            \(ticks)\(bars.enumerated().map { Self.row($1, y: Double($0) * Self.rowHeight) })
            </svg>
            """
    }

    private static func x(_ rate: Double) -> Double { left + rate * width }

    private static func row(_ bar: Bar, y: Double) -> Markup {
        let proportion = bar.proportion
        let middle = y + 11
        return """
            <text x="\(left - 10)" y="\(middle + 4)" text-anchor="end">\(bar.name)</text>
            <rect class="\(bar.style)" x="\(left)" y="\(y + 3)" width="\(max(1, proportion.rate * width))" \
            height="16" rx="2"/>
            \(line(proportion.wilson, style: "thick", y: middle))
            \(proportion.resampled.map { line($0, style: "thin", y: middle) } ?? "")
            <text x="\(left + width + 14)" y="\(middle + 4)">\(proportion.text)</text>
            """
    }

    private static func line(_ interval: Interval, style: String, y: Double) -> Markup {
        "<line class=\"\(style)\" x1=\"\(x(interval.low))\" y1=\"\(y)\" x2=\"\(x(interval.high))\" y2=\"\(y)\"/>"
    }
}

/// A chart of curves over optimizer steps, such as losses. All curves share two axes that start at zero.
struct LineChart {
    struct Curve {
        let name: String
        let values: [(x: Double, y: Double)]
        /// A class of the stylesheet.
        let style: String
    }

    let title: String
    let curves: [Curve]
    /// The upper end of the vertical axis. Nil for a round number above all values.
    var top: Double?

    private static let left = 44.0
    private static let upper = 24.0
    private static let width = 330.0
    private static let height = 190.0

    var svg: Markup {
        let points = curves.flatMap(\.values)
        let right = points.map(\.x).max() ?? 1
        let top = top ?? Self.ceiling(points.map(\.y).max() ?? 1)
        let lower = Self.upper + Self.height
        return """
            <svg viewBox="0 0 390 \(Self.height + 60)" role="img" aria-label="\(title)">
            <text class="title" x="\(Self.left)" y="14">\(title)</text>
            \([0, 0.5, 1].map { Self.gridLine($0, top: top) })
            <text class="tick" x="\(Self.left + Self.width)" y="\(lower + 14)" \
            text-anchor="end">step \(Self.label(right))</text>
            \(curves.enumerated().map { Self.draw($1, number: $0, right: right, top: top) })
            </svg>
            """
    }

    private static func gridLine(_ fraction: Double, top: Double) -> Markup {
        let y = upper + height * (1 - fraction)
        return """
            <line class="grid" x1="\(left)" y1="\(y)" x2="\(left + width)" y2="\(y)"/>\
            <text class="tick" x="\(left - 6)" y="\(y + 4)" text-anchor="end">\(label(fraction * top))</text>
            """
    }

    private static func draw(_ curve: Curve, number: Int, right: Double, top: Double) -> Markup {
        let points = curve.values.map { value -> Markup in
            let x = left + width * value.x / max(right, 1e-9)
            let y = upper + height * (1 - min(value.y, top) / max(top, 1e-9))
            return "\(x),\(y) "
        }
        let x = left + 10 + Double(number) * 110
        let y = upper + height + 24
        return """
            <polyline class="\(curve.style)" points="\(points)"/>
            <line class="\(curve.style)" x1="\(x)" y1="\(y)" x2="\(x + 18)" y2="\(y)"/>\
            <text x="\(x + 24)" y="\(y + 4)">\(curve.name)</text>
            """
    }

    /// Returns the smallest number of the form 1, 2 or 5 × 10^k that is at least `value`.
    static func ceiling(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var scale = 1e-6
        while scale * 10 < value { scale *= 10 }
        return [1, 2, 5, 10].map { $0 * scale }.first { $0 >= value } ?? value
    }

    /// Returns `value` with at most two decimals.
    static func label(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let whole = hundredths / 100
        let rest = hundredths % 100
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// A chart of a confusion matrix: a row for each true class, a column for each predicted class.
struct ConfusionChart {
    let confusion: Measures.Confusion
    /// The target class, whose name is bold.
    let target: String?

    private static let margin = 120.0

    private var cellSize: Double { confusion.classes.count > 24 ? 16 : 26 }

    var svg: Markup {
        let side = Double(confusion.classes.count) * cellSize
        let width = Self.margin + side + 40
        let cells = confusion.counts.enumerated().flatMap { row, counts in
            counts.indices.map { cell(row, $0, counts[$0], of: max(1, counts.reduce(0, +))) }
        }
        return """
            <svg class="matrix" style="max-width:\(width)px" viewBox="0 0 \(width) \(Self.margin + side + 6)" \
            role="img" aria-label="Confusion matrix">\(cells)\(confusion.classes.enumerated().map(label))</svg>
            """
    }

    /// - Parameter total: The number of photos of the row's class.
    private func cell(_ row: Int, _ column: Int, _ count: Int, of total: Int) -> Markup {
        let percent = (100 * count + total / 2) / total
        let x = Self.margin + Double(column) * cellSize
        let y = Self.margin + Double(row) * cellSize
        let square: Markup = """
            <rect class="\(row == column ? "right" : "wrong")" x="\(x)" y="\(y)" width="\(cellSize - 1)" \
            height="\(cellSize - 1)" fill-opacity="\(count == 0 ? 4 : 15 + percent * 85 / 100)%"/>
            """
        guard count > 0 else { return square }
        return """
            \(square)<text class="cell\(percent > 55 ? " light" : "")" x="\(x + cellSize / 2)" \
            y="\(y + cellSize / 2 + 4)" text-anchor="middle">\(count)</text>
            """
    }

    private func label(_ index: Int, _ name: String) -> Markup {
        let middle = Self.margin + (Double(index) + 0.5) * cellSize
        let style = name == target ? "target" : "name"
        return """
            <text class="\(style)" x="\(Self.margin - 6)" y="\(middle + 4)" text-anchor="end">\(name)</text>
            <text class="\(style)" transform="translate(\(middle + 4) \(Self.margin - 6)) rotate(-60)">\(name)</text>
            """
    }
}
