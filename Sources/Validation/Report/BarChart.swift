import Core

/// Shares as horizontal bars from 0 to 1, each with its Wilson interval (thick) and its interval from resampled volunteers (thin).
struct BarChart {
    struct Bar {
        let name: String
        let share: Share
        /// A class of the page's style.
        let style: String
    }

    let bars: [Bar]

    private static let left = 230.0, width = 420.0, row = 26.0

    var svg: Markup {
        let height = Double(bars.count) * Self.row + 26
        let ticks = stride(from: 0, through: 100, by: 20).map { percent -> Markup in
            let x = Self.x(Double(percent) / 100)
            return
                "<line class=\"grid\" x1=\"\(x)\" y1=\"0\" x2=\"\(x)\" y2=\"\(height - 20)\"/><text class=\"tick\" x=\"\(x)\" y=\"\(height - 6)\" text-anchor=\"middle\">\(percent)%</text>"
        }
        return """
            <svg viewBox="0 0 860 \(height)" role="img" aria-label="Measures with intervals">
            \(ticks)\(bars.enumerated().map { draw($1, y: Double($0) * Self.row) })
            </svg>
            """
    }

    private static func x(_ share: Double) -> Double { left + share * width }

    private func draw(_ bar: Bar, y: Double) -> Markup {
        let share = bar.share
        let middle = y + 11
        let resampled: Markup =
            share.resampled.map { interval in
                "<line class=\"thin\" x1=\"\(Self.x(interval.low))\" y1=\"\(middle)\" x2=\"\(Self.x(interval.high))\" y2=\"\(middle)\"/>"
            } ?? ""
        return """
            <text x="\(Self.left - 10)" y="\(middle + 4)" text-anchor="end">\(bar.name)</text>
            <rect class="\(bar.style)" x="\(Self.left)" y="\(y + 3)" width="\(max(1, share.rate * Self.width))" height="16" rx="2"/>
            <line class="thick" x1="\(Self.x(share.wilson.low))" y1="\(middle)" x2="\(Self.x(share.wilson.high))" y2="\(middle)"/>\(resampled)
            <text x="\(Self.left + Self.width + 14)" y="\(middle + 4)">\(share.words)</text>
            """
    }
}

extension Share {
    /// `86.4% (51 of 59)`
    var words: String { "\(Self.percent(rate)) (\(hits) of \(count))" }

    /// To a tenth of a percent.
    static func percent(_ rate: Double) -> String {
        let tenths = Int((rate * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }
}
