/// The fill and the outline of a shape.
struct Ink {
    var fill: String = "none"
    var stroke: Colour?
    var width = 1.0
    var opacity = 1.0

    static func fill(_ colour: Colour, _ opacity: Double = 1) -> Ink { Ink(fill: colour.text, opacity: opacity) }

    static func line(_ colour: Colour, _ width: Double, _ opacity: Double = 1) -> Ink {
        Ink(stroke: colour, width: width, opacity: opacity)
    }

    func outlined(_ colour: Colour, _ width: Double) -> Ink {
        var ink = self
        ink.stroke = colour
        ink.width = width
        return ink
    }

    fileprivate var attributes: String {
        var text = " fill=\"\(fill)\""
        if let stroke {
            text += " stroke=\"\(stroke.text)\" stroke-width=\"\(width.svg)\""
            text += " stroke-linecap=\"round\" stroke-linejoin=\"round\""
        }
        if opacity < 1 { text += " opacity=\"\(opacity.svg)\"" }
        return text
    }
}

/// A drawing of SVG elements. Later elements cover earlier elements.
struct Drawing {
    /// Size of the canvas in pixels.
    static let width = 240.0
    static let height = 320.0

    private var elements = ""
    private var definitions = 0

    mutating func draw(_ outline: Outline, _ ink: Ink) {
        elements += "<path d=\"\(outline.text)\"\(ink.attributes)/>"
    }

    mutating func ellipse(
        _ centre: Point, _ radiusX: Double, _ radiusY: Double, rotated degrees: Double = 0, _ ink: Ink
    ) {
        let rotation = degrees == 0 ? "" : " transform=\"rotate(\(degrees.svg) \(centre.svg))\""
        let position = "cx=\"\(centre.x.svg)\" cy=\"\(centre.y.svg)\""
        let radii = "rx=\"\(max(0, radiusX).svg)\" ry=\"\(max(0, radiusY).svg)\""
        elements += "<ellipse \(position) \(radii)\(rotation)\(ink.attributes)/>"
    }

    mutating func circle(_ centre: Point, _ radius: Double, _ ink: Ink) {
        ellipse(centre, radius, radius, ink)
    }

    /// Covers the whole canvas.
    mutating func cover(_ ink: Ink) {
        let size = "width=\"\((Self.width + 120).svg)\" height=\"\((Self.height + 120).svg)\""
        elements += "<rect x=\"-60\" y=\"-60\" \(size)\(ink.attributes)/>"
    }

    /// Rotates the elements of `body` by `degrees` around `pivot`, scales them around `pivot`, then moves them.
    mutating func moved(
        _ dx: Double, _ dy: Double, rotated degrees: Double = 0, scaled scale: Double = 1, about pivot: Point,
        _ body: (inout Drawing) -> Void
    ) {
        let rotation = "rotate(\(degrees.svg)) scale(\(scale.svg))"
        let origin = pivot.moved(-2 * pivot.x, -2 * pivot.y).svg
        elements += "<g transform=\"translate(\(pivot.moved(dx, dy).svg)) \(rotation) translate(\(origin))\">"
        body(&self)
        elements += "</g>"
    }

    /// Clips the elements of `body` to `outline`.
    mutating func clipped(to outline: Outline, _ body: (inout Drawing) -> Void) {
        definitions += 1
        elements += "<clipPath id=\"c\(definitions)\"><path d=\"\(outline.text)\"/></clipPath>"
        elements += "<g clip-path=\"url(#c\(definitions))\">"
        body(&self)
        elements += "</g>"
    }

    /// Blends the elements of `body` with the drawing in the mode soft light, which lightens and darkens colours.
    mutating func softLight(_ body: (inout Drawing) -> Void) {
        elements += "<g style=\"mix-blend-mode:soft-light\">"
        body(&self)
        elements += "</g>"
    }

    /// Returns ink with a linear gradient from one colour and opacity to another. `start` and `end` are in fractions of
    /// the shape's bounding box.
    mutating func gradient(from first: (Colour, Double), to last: (Colour, Double), start: Point, end: Point) -> Ink {
        definitions += 1
        let stops = [(0, first), (1, last)].map {
            "<stop offset=\"\($0)\" stop-color=\"\($1.0.text)\" stop-opacity=\"\($1.1.svg)\"/>"
        }.joined()
        let line = "x1=\"\(start.x.svg)\" y1=\"\(start.y.svg)\" x2=\"\(end.x.svg)\" y2=\"\(end.y.svg)\""
        elements += "<linearGradient id=\"c\(definitions)\" \(line)>\(stops)</linearGradient>"
        return Ink(fill: "url(#c\(definitions))")
    }

    /// The complete SVG document.
    var svg: String {
        let (width, height) = (Int(Self.width), Int(Self.height))
        let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size)>\(elements)</svg>"
    }
}

/// An sRGB colour with channels from 0 to 255.
struct Colour: Hashable, Sendable {
    let red, green, blue: Double

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// - Parameter hex: `0xrrggbb`.
    init(_ hex: Int) {
        self.init(red: Double((hex >> 16) & 255), green: Double((hex >> 8) & 255), blue: Double(hex & 255))
    }

    static let black = Colour(0x000000)
    static let white = Colour(0xffffff)

    /// Returns a mixture with another colour. A share of 0 gives this colour, 1 the other colour.
    func mixed(with other: Colour, _ share: Double) -> Colour {
        Colour(
            red: red + (other.red - red) * share, green: green + (other.green - green) * share,
            blue: blue + (other.blue - blue) * share)
    }

    func darker(_ share: Double) -> Colour { mixed(with: Colour(0x1a0c10), share) }

    func lighter(_ share: Double) -> Colour { mixed(with: .white, share) }

    /// The colour as `#rrggbb`.
    var text: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce(into: "#") { text, part in
            let byte = Int(min(255, max(0, part.rounded())))
            text.append(digits[byte >> 4])
            text.append(digits[byte & 15])
        }
    }
}

/// A point on the canvas in pixels: x to the right, y downward.
struct Point: Hashable, Sendable {
    var x, y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    func moved(_ dx: Double, _ dy: Double) -> Point { Point(x + dx, y + dy) }
}

/// An outline as the attribute `d` of an SVG path.
struct Outline {
    let text: String

    /// Connects the points with straight lines.
    init(straight points: [Point], closed: Bool = true) {
        text = "M" + points.map(\.svg).joined(separator: "L") + (closed ? "Z" : "")
    }

    /// Connects the points with a smooth curve: a Catmull–Rom spline, written as cubic Bézier curves.
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
    /// The number with two decimals in every locale. The rounding removes differences between the sine functions of C
    /// libraries.
    var svg: String {
        let hundredths = Int((self * 100).rounded())
        let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
