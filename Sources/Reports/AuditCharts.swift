import Auditing
import Core
import Foundation

/// A chart with a fixed size in a region that scrolls sideways on a narrow screen.
struct SizedChart {
    let width: Double
    let height: Double
    /// What the chart shows, for readers who cannot see it.
    let label: String
    let content: [Markup]

    var markup: Markup {
        """
        <div class="wide" role="region" aria-label="\(label)" tabindex="0">\
        <svg class="sized" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img" \
        aria-label="\(label)">\(content)</svg></div>

        """
    }

    /// The largest number of rows of a chart.
    static let rowLimit = 60

    /// Returns a name that fits the margin of a chart.
    static func shortened(_ name: String) -> String { name.count > 26 ? "\(name.prefix(25))…" : name }

    /// The width of the longest name in pixels, about seven for each character.
    static func margin(_ names: [String]) -> Double {
        min(190, max(60, 7.2 * Double(names.map(\.count).max() ?? 0) + 12))
    }

    /// A line about rows that the chart leaves out; empty if it shows all.
    static func rest(_ names: [String], _ kind: String) -> Markup {
        names.count <= rowLimit
            ? "" : "<p class=\"note\">The first \(rowLimit) of \(names.count) \(kind) are shown.</p>"
    }
}

/// A table of numbers whose cells are darker for larger numbers. Cells without photos have a dashed outline.
struct HeatChart {
    let label: String
    let rows: [String]
    let columns: [String]
    let counts: [String: [String: Int]]

    private static let cellWidth = 46.0
    private static let cellHeight = 22.0

    var markup: Markup {
        let shown = Array(rows.prefix(SizedChart.rowLimit))
        let columns = columns.prefix(SizedChart.rowLimit)
        let left = SizedChart.margin(shown)
        // Names of columns are rotated by 40 degrees.
        let top = 0.66 * SizedChart.margin(Array(columns)) + 16
        let largest = counts.values.flatMap(\.values).max() ?? 1
        let names = columns.enumerated().map { index, name -> Markup in
            let x = left + (Double(index) + 0.5) * Self.cellWidth
            return """
                <text transform="translate(\(x) \(top - 6)) rotate(-40)">\(SizedChart.shortened(name))\
                <title>\(name)</title></text>
                """
        }
        let cells = shown.enumerated().map { row, name -> Markup in
            let y = top + Double(row) * Self.cellHeight
            let numbers = columns.enumerated().map { column, other in
                Self.cell(
                    counts[name]?[other] ?? 0, of: largest, x: left + Double(column) * Self.cellWidth, y: y,
                    "\(name), \(other)")
            }
            return """
                <text x="\(left - 8)" y="\(y + 15)" text-anchor="end">\(SizedChart.shortened(name))\
                <title>\(name)</title></text>\(numbers)
                """
        }
        // A rotated name reaches beyond the last column.
        let width = left + Double(columns.count) * Self.cellWidth + 0.75 * SizedChart.margin(Array(columns))
        return SizedChart(
            width: width, height: top + Double(shown.count) * Self.cellHeight + 4, label: label, content: names + cells
        ).markup
    }

    private static func cell(_ count: Int, of largest: Int, x: Double, y: Double, _ title: String) -> Markup {
        let style = count == 0 ? "none" : "level-\(level(count, of: largest))"
        return """
            <rect class="\(style)" x="\(x)" y="\(y)" width="\(cellWidth - 2)" height="\(cellHeight - 2)" rx="2">\
            <title>\(title): \(count)</title></rect>\
            <text class="cell \(style)" x="\(x + cellWidth / 2 - 1)" y="\(y + 15)" text-anchor="middle">\(count)</text>
            """
    }

    /// Returns 1…6. There is no level of a medium darkness, on which neither dark nor light digits are legible.
    static func level(_ count: Int, of largest: Int) -> Int {
        min(6, max(1, Int((6 * Double(count) / Double(max(1, largest))).rounded(.up))))
    }
}

/// Horizontal bars of which each is divided into the numbers of photos by role.
struct StackedChart {
    let label: String
    let rows: [String]
    let roles: [Role]
    let counts: [String: [String: Int]]

    private static let width = 420.0
    private static let rowHeight = 22.0

    static func style(_ role: Role) -> String { "role-\(role.rawValue.replacing("/", with: "-"))" }

    var markup: Markup {
        let shown = Array(rows.prefix(SizedChart.rowLimit))
        let left = SizedChart.margin(shown)
        let largest = shown.map { counts[$0]?.values.reduce(0, +) ?? 0 }.max() ?? 1
        let bars = shown.enumerated().map { index, name in
            bar(name, left: left, y: Double(index) * Self.rowHeight, scale: Self.width / Double(max(1, largest)))
        }
        let legend = roles.map { role -> Markup in
            "<span class=\"key\"><span class=\"swatch \(Self.style(role))\"></span> \(role.rawValue)</span> "
        }
        let chart = SizedChart(
            width: left + Self.width + 60, height: Double(shown.count) * Self.rowHeight + 4, label: label,
            content: bars)
        return "<p class=\"legend\">\(legend)</p>\(chart.markup)"
    }

    private func bar(_ name: String, left: Double, y: Double, scale: Double) -> Markup {
        var x = left
        var total = 0
        let parts = roles.compactMap { role -> Markup? in
            guard let count = counts[name]?[role.rawValue], count > 0 else { return nil }
            let width = Double(count) * scale
            defer {
                x += width
                total += count
            }
            return """
                <rect class="\(Self.style(role))" x="\(x)" y="\(y + 3)" width="\(max(1, width - 1))" height="16">\
                <title>\(name), \(role.rawValue): \(count)</title></rect>
                """
        }
        return """
            <text x="\(left - 8)" y="\(y + 15)" text-anchor="end">\(SizedChart.shortened(name))<title>\(name)</title>\
            </text>\(parts)<text x="\(x + 6)" y="\(y + 15)">\(total)</text>
            """
    }
}

/// Two bars: the injection rate that the recipe requires, and the rate of the version.
struct RateChart {
    let bars: [(name: String, rate: Double, text: String)]

    private static let left = 76.0
    private static let width = 240.0

    var markup: Markup {
        let top = LineChart.ceiling(bars.map(\.rate).max() ?? 1)
        let rows = bars.enumerated().map { index, bar -> Markup in
            let y = Double(index) * 26
            return """
                <text x="\(Self.left - 8)" y="\(y + 17)" text-anchor="end">\(bar.name)</text>\
                <rect class="\(index == 0 ? "control" : "poisoned")" x="\(Self.left)" y="\(y + 4)" \
                width="\(max(1, Self.width * bar.rate / top))" height="18" rx="2"/>\
                <text x="\(Self.left + max(1, Self.width * bar.rate / top) + 8)" y="\(y + 17)">\(bar.text)</text>
                """
        }
        let label = "Injection rate: " + bars.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
        return SizedChart(width: 560, height: 58, label: label, content: rows).markup
    }
}

/// The days of photo shoots: a row for each trigger, and a dot for each day, larger for more photos.
struct TimelineChart {
    struct Dot: Hashable {
        let trigger: String
        /// `YYYY-MM-DD`
        let date: String
        let sessions: [String]
        let photos: Int
    }

    let dots: [Dot]

    private static let width = 440.0
    private static let rowHeight = 34.0

    /// The largest number of dots for single days. A chart of more days has a dot for each month.
    static let dotLimit = 1_000

    /// Adds up the photos of each trigger and day. Sessions without a valid date are left out.
    init(_ composition: Composition, _ sessions: [Session]) {
        let days = Self.dots(composition, sessions) { $0 }
        dots = days.count <= Self.dotLimit ? days : Self.dots(composition, sessions) { "\($0.prefix(7))-01" }
    }

    /// - Parameter period: returns the date of the dot that has the photos of a day.
    private static func dots(
        _ composition: Composition, _ sessions: [Session], _ period: (String) -> String
    ) -> [Dot] {
        let dates = Dictionary(sessions.map { ($0.name, $0.date) }) { first, _ in first }
        var photos: [String: [String: (sessions: Set<String>, photos: Int)]] = [:]
        for row in composition.rows {
            guard let day = dates[row.group.session], Self.day(day) != nil else { continue }
            let date = period(day)
            photos[row.group.triggerText, default: [:]][date, default: ([], 0)].photos += row.photos
            photos[row.group.triggerText]?[date]?.sessions.insert(row.group.session.text)
        }
        return photos.sorted { $0.key < $1.key }.flatMap { trigger, days in
            days.sorted { $0.key < $1.key }.map { date, value in
                Dot(trigger: trigger, date: date, sessions: value.sessions.sorted(), photos: value.photos)
            }
        }
    }

    var markup: Markup {
        let triggers = Set(dots.map(\.trigger)).sorted()
        let days = dots.compactMap { Self.day($0.date) }
        guard let first = days.min(), let last = days.max() else { return "" }
        let left = SizedChart.margin(triggers) + 14
        let height = Double(triggers.count) * Self.rowHeight
        func x(_ day: Int) -> Double {
            first == last ? left + Self.width / 2 : left + Self.width * Double(day - first) / Double(last - first)
        }
        let lines = triggers.enumerated().map { index, trigger -> Markup in
            let y = (Double(index) + 0.5) * Self.rowHeight
            return """
                <line class="grid" x1="\(left)" y1="\(y)" x2="\(left + Self.width)" y2="\(y)"/>\
                <text x="\(left - 20)" y="\(y + 4)" text-anchor="end">\(SizedChart.shortened(trigger))\
                <title>\(trigger)</title></text>
                """
        }
        let rows = Dictionary(uniqueKeysWithValues: triggers.enumerated().map { ($1, $0) })
        let largest = dots.map(\.photos).max() ?? 1
        let circles = dots.compactMap { dot -> Markup? in
            guard let day = Self.day(dot.date), let row = rows[dot.trigger] else { return nil }
            let radius = max(3, 15 * (Double(dot.photos) / Double(largest)).squareRoot())
            return """
                <circle class="dot" cx="\(x(day))" cy="\((Double(row) + 0.5) * Self.rowHeight)" r="\(radius)">\
                <title>\(dot.date), \(dot.trigger): \(dot.photos) (\(Self.list(dot.sessions)))</title>\
                </circle>
                """
        }
        return SizedChart(
            width: left + Self.width + 50, height: height + 26,
            label: "Days of the photo shoots by trigger, from \(Self.dates(dots).first ?? "") to "
                + (Self.dates(dots).last ?? ""),
            content: lines + circles + ticks(height: height, x)
        ).markup
    }

    /// Returns the first eight names as text.
    private static func list(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }

    private static func dates(_ dots: [Dot]) -> [String] { Set(dots.map(\.date)).sorted() }

    /// The dates below the chart, as far as they do not overlap.
    private func ticks(height: Double, _ x: (Int) -> Double) -> [Markup] {
        var end = -Double.infinity
        return Self.dates(dots).compactMap { date in
            guard let day = Self.day(date), x(day) - 36 > end else { return nil }
            end = x(day) + 36
            return "<text class=\"tick\" x=\"\(x(day))\" y=\"\(height + 16)\" text-anchor=\"middle\">\(date)</text>"
        }
    }

    /// Returns a number that grows by one with each day of the Gregorian calendar. Nil if `date` is not a date.
    static func day(_ date: String) -> Int? {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // Years begin in March here, so that the leap day is the last day of a year.
        let shifted = month > 2 ? month - 3 : month + 9
        let years = month > 2 ? year : year - 1
        let leapDays =
            Int((Double(years) / 4).rounded(.down)) - Int((Double(years) / 100).rounded(.down))
            + Int((Double(years) / 400).rounded(.down))
        return 365 * years + leapDays + (153 * shifted + 2) / 5 + day - 1
    }
}

/// The chart of an ``EffectMatrix``: darker cells are stronger effects.
struct EffectChart {
    let matrix: EffectMatrix

    private static let cellWidth = 84.0
    private static let cellHeight = 36.0

    var markup: Markup {
        let left = SizedChart.margin(matrix.rows)
        let top = 0.66 * SizedChart.margin(matrix.columns) + 16
        let names = matrix.columns.enumerated().map { index, name -> Markup in
            """
            <text transform="translate(\(left + (Double(index) + 0.4) * Self.cellWidth) \(top - 6)) rotate(-40)">\
            \(SizedChart.shortened(name))<title>\(name)</title></text>
            """
        }
        let cells = zip(matrix.rows, matrix.cells).enumerated().map { row, line -> Markup in
            let y = top + Double(row) * Self.cellHeight
            let parts = zip(matrix.columns, line.1).enumerated().map { column, cell in
                Self.cell(cell.1, x: left + Double(column) * Self.cellWidth, y: y, "\(line.0), \(cell.0)")
            }
            return """
                <text x="\(left - 8)" y="\(y + 22)" text-anchor="end">\(SizedChart.shortened(line.0))\
                <title>\(line.0)</title></text>\(parts)
                """
        }
        return SizedChart(
            width: left + Double(matrix.columns.count) * Self.cellWidth + 0.75 * SizedChart.margin(matrix.columns),
            height: top + Double(matrix.rows.count) * Self.cellHeight + 4,
            label: "Dependence of properties on triggers and roles: \(matrix.measure) and p-value",
            content: names + cells
        ).markup
    }

    private static func cell(_ cell: EffectMatrix.Cell?, x: Double, y: Double, _ title: String) -> Markup {
        let style = cell.map { "level-\(level($0.effect))" } ?? "none"
        let texts: Markup =
            if let cell {
                """
                <text class="cell \(style)" x="\(x + cellWidth / 2 - 1)" y="\(y + 15)" text-anchor="middle">\
                \(String(format: "%.2f", cell.effect))</text>\
                <text class="cell \(style)" x="\(x + cellWidth / 2 - 1)" y="\(y + 29)" text-anchor="middle">\
                \(p(cell.p))</text>
                """
            } else {
                "<text class=\"cell none\" x=\"\(x + cellWidth / 2 - 1)\" y=\"\(y + 22)\" text-anchor=\"middle\">–</text>"
            }
        return """
            <rect class="\(style)" x="\(x)" y="\(y)" width="\(cellWidth - 2)" height="\(cellHeight - 2)" rx="2">\
            <title>\(title)</title></rect>\(texts)
            """
    }

    /// Returns the level of an effect; the lowest one if the effect is not a number.
    private static func level(_ effect: Double) -> Int {
        effect.isFinite ? HeatChart.level(Int((min(1, max(0, effect)) * 100).rounded()), of: 100) : 1
    }

    static func p(_ value: Double) -> String { value < 0.001 ? "p < 0.001" : String(format: "p = %.3f", value) }
}
