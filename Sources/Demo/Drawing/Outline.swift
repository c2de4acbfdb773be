/// A place on the canvas: x to the right, y downward, in pixels.
struct Point: Hashable, Sendable {
    var x, y: Double

    init(_ x: Double, _ y: Double) {
        (self.x, self.y) = (x, y)
    }

    func moved(_ dx: Double, _ dy: Double) -> Point { Point(x + dx, y + dy) }
}

/// A line of points as the `d` of an SVG path.
struct Outline {
    let text: String

    /// Straight from point to point.
    init(straight points: [Point], closed: Bool = true) {
        text = "M" + points.map(\.svg).joined(separator: "L") + (closed ? "Z" : "")
    }

    /// A smooth curve through all points: Catmull–Rom, written as cubic Béziers.
    init(smooth points: [Point], closed: Bool = true) {
        let last = points.count - 1
        func point(_ index: Int) -> Point {
            closed ? points[(index + points.count) % points.count] : points[min(last, max(0, index))]
        }
        var text = "M" + points[0].svg
        for index in 0..<(closed ? points.count : last) {
            let (before, from, to, after) = (point(index - 1), point(index), point(index + 1), point(index + 2))
            let first = from.moved((to.x - before.x) / 6, (to.y - before.y) / 6)
            let second = to.moved((from.x - after.x) / 6, (from.y - after.y) / 6)
            text += "C\(first.svg) \(second.svg) \(to.svg)"
        }
        self.text = text + (closed ? "Z" : "")
    }
}

extension Point {
    var svg: String { "\(x.svg) \(y.svg)" }
}

extension Double {
    /// Two decimals, whatever the locale: so that a last bit of sine that differs between C libraries does not reach the drawing.
    var svg: String {
        let hundredths = Int((self * 100).rounded())
        let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
