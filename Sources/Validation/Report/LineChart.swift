import Core

/// Curves over optimizer steps, such as losses; all share one pair of axes that begin at zero.
struct LineChart {
    struct Curve {
        let name: String
        let values: [(x: Double, y: Double)]
        /// A class of the page's style.
        let style: String
    }

    let title: String
    let curves: [Curve]
    /// The highest value drawn; nil takes the data's.
    var top: Double?

    private static let left = 44.0, width = 330.0, height = 190.0

    var svg: Markup {
        let points = curves.flatMap(\.values)
        let right = points.map(\.x).max() ?? 1
        let top = top ?? Self.ceiling(points.map(\.y).max() ?? 1)
        let lines = [0, 0.5, 1].map { share -> Markup in
            let y = 24 + Self.height * (1 - share)
            return
                "<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(y)\" x2=\"\(Self.left + Self.width)\" y2=\"\(y)\"/><text class=\"tick\" x=\"\(Self.left - 6)\" y=\"\(y + 4)\" text-anchor=\"end\">\(Self.label(share * top))</text>"
        }
        let drawn = curves.enumerated().map { index, curve -> Markup in
            let path = curve.values.map {
                "\(Self.tenth(Self.left + Self.width * $0.x / max(right, 1e-9))),\(Self.tenth(24 + Self.height * (1 - min($0.y, top) / max(top, 1e-9))))"
            }.joined(separator: " ")
            let x = Self.left + 10 + Double(index) * 110
            return """
                <polyline class="\(curve.style)" points="\(path)"/>
                <line class="\(curve.style)" x1="\(x)" y1="\(Self.height + 48)" x2="\(x + 18)" y2="\(Self.height + 48)"/><text x="\(x + 24)" y="\(Self.height + 52)">\(curve.name)</text>
                """
        }
        return """
            <svg viewBox="0 0 390 \(Self.height + 60)" role="img" aria-label="\(title)">
            <text class="title" x="\(Self.left)" y="14">\(title)</text>\(lines)
            <text class="tick" x="\(Self.left + Self.width)" y="\(Self.height + 38)" text-anchor="end">step \(Self.label(right))</text>\(drawn)
            </svg>
            """
    }

    /// The next number of the form 1, 2 or 5 × 10^k that is not below `value`.
    static func ceiling(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var scale = 1e-6
        while scale * 10 < value { scale *= 10 }
        return [1, 2, 5, 10].map { $0 * scale }.first { $0 >= value } ?? value
    }

    private static func label(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100)" }
        let digits = hundredths % 100
        return digits % 10 == 0
            ? "\(hundredths / 100).\(digits / 10)" : "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
    }

    private static func tenth(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
