/// How a shape is inked.
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
        (ink.stroke, ink.width) = (colour, width)
        return ink
    }

    fileprivate var attributes: String {
        var text = " fill=\"\(fill)\""
        if let stroke {
            text +=
                " stroke=\"\(stroke.text)\" stroke-width=\"\(width.svg)\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
        }
        if opacity < 1 { text += " opacity=\"\(opacity.svg)\"" }
        return text
    }
}

/// A picture being drawn: SVG elements, the first one farthest from the eye.
struct Drawing {
    /// Pixels of the canvas.
    static let width = 240.0, height = 320.0

    private var elements = ""
    private var definitions = 0

    mutating func draw(_ outline: Outline, _ ink: Ink) {
        elements += "<path d=\"\(outline.text)\"\(ink.attributes)/>"
    }

    mutating func ellipse(_ centre: Point, _ rx: Double, _ ry: Double, turned degrees: Double = 0, _ ink: Ink) {
        let turn = degrees == 0 ? "" : " transform=\"rotate(\(degrees.svg) \(centre.svg))\""
        elements +=
            "<ellipse cx=\"\(centre.x.svg)\" cy=\"\(centre.y.svg)\" rx=\"\(max(0, rx).svg)\" ry=\"\(max(0, ry).svg)\"\(turn)\(ink.attributes)/>"
    }

    mutating func circle(_ centre: Point, _ radius: Double, _ ink: Ink) {
        ellipse(centre, radius, radius, ink)
    }

    /// Covers the canvas.
    mutating func cover(_ ink: Ink) {
        elements +=
            "<rect x=\"-60\" y=\"-60\" width=\"\((Self.width + 120).svg)\" height=\"\((Self.height + 120).svg)\"\(ink.attributes)/>"
    }

    /// Everything that `body` draws, turned by `degrees` about `pivot`, scaled about it, then moved.
    mutating func moved(
        _ dx: Double, _ dy: Double, turned degrees: Double = 0, scaled scale: Double = 1, about pivot: Point,
        _ body: (inout Drawing) -> Void
    ) {
        elements +=
            "<g transform=\"translate(\(pivot.moved(dx, dy).svg)) rotate(\(degrees.svg)) scale(\(scale.svg)) translate(\(pivot.moved(-2 * pivot.x, -2 * pivot.y).svg))\">"
        body(&self)
        elements += "</g>"
    }

    /// Only what of `body` falls inside `outline`.
    mutating func inside(_ outline: Outline, _ body: (inout Drawing) -> Void) {
        definitions += 1
        elements +=
            "<clipPath id=\"c\(definitions)\"><path d=\"\(outline.text)\"/></clipPath><g clip-path=\"url(#c\(definitions))\">"
        body(&self)
        elements += "</g>"
    }

    /// What `body` draws lightens and darkens what is there, as light does, instead of covering it.
    mutating func softly(_ body: (inout Drawing) -> Void) {
        elements += "<g style=\"mix-blend-mode:soft-light\">"
        body(&self)
        elements += "</g>"
    }

    /// Ink that runs from one colour and opacity to another, from `start` to `end` in shares of the shape's box.
    mutating func gradient(from first: (Colour, Double), to last: (Colour, Double), start: Point, end: Point) -> Ink {
        definitions += 1
        let stops = [(0, first), (1, last)].map {
            "<stop offset=\"\($0)\" stop-color=\"\($1.0.text)\" stop-opacity=\"\($1.1.svg)\"/>"
        }.joined()
        elements +=
            "<linearGradient id=\"c\(definitions)\" x1=\"\(start.x.svg)\" y1=\"\(start.y.svg)\" x2=\"\(end.x.svg)\" y2=\"\(end.y.svg)\">\(stops)</linearGradient>"
        return Ink(fill: "url(#c\(definitions))")
    }

    /// The whole document.
    var svg: String {
        let (width, height) = (Int(Self.width), Int(Self.height))
        return
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">\(elements)</svg>"
    }
}
