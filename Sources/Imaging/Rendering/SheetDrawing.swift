/// The text, the frames and the legend of a contact sheet, as SVG on white.
struct SheetDrawing {
    enum Style {
        case plain, bold
        case coloured(String)

        fileprivate var attributes: String {
            switch self {
            case .plain: "fill=\"#222222\""
            case .bold: "fill=\"#000000\" font-weight=\"bold\""
            case .coloured(let colour): "fill=\"\(colour)\" font-weight=\"bold\""
            }
        }
    }

    /// Pixels of the font.
    static let fontSize = 11

    private let width, height: Int
    private var elements = ""

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    mutating func fill(left: Int, top: Int, width: Int, height: Int, _ colour: String) {
        elements += "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(colour)\"/>"
    }

    /// Writes one line of `text`, clipped at `width` pixels.
    mutating func write(_ text: String, left: Int, baseline: Int, width: Int, _ style: Style) {
        let window = "x=\"\(left)\" y=\"\(baseline - 12)\" width=\"\(width)\" height=\"16\""
        let content = "<text x=\"0\" y=\"12\" \(style.attributes)>\(Self.escaped(text))</text>"
        elements += "<svg \(window) overflow=\"hidden\">\(content)</svg>"
    }

    var svg: String {
        let size = "width=\"\(width)\" height=\"\(height)\""
        let font =
            "font-family=\"DejaVu Sans Condensed, DejaVu Sans, sans-serif\" font-size=\"\(Self.fontSize)\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \(font)>\
            <rect \(size) fill="#ffffff"/>\(elements)</svg>
            """
    }

    /// Longest line, in Unicode scalars. No line of a caption is longer.
    private static let maximumLength = 200

    /// Returns `text` escaped for XML. Characters that XML does not allow become `·`.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.prefix(maximumLength).reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(isAllowed(scalar) ? scalar : "·")
            }
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 32 && !(127...159).contains(scalar.value) && (scalar.value & 0xfffe) != 0xfffe
    }
}

/// Lines of text for a given width. Widths are estimates: the font is known only when the drawing is rendered.
enum SheetLines {
    /// Returns `text` in lines of at most `width` pixels. A line ends after `/` where possible, else after a space, `_`
    /// or `-`, else anywhere. No character is lost. An empty text has no lines.
    static func wrapped(_ text: String, width: Int) -> [String] {
        let characters = Array(text)
        var lines: [String] = []
        var start = 0
        while start < characters.count {
            let end = lineEnd(characters, start, Double(width))
            lines.append(String(characters[start..<end]))
            start = end
        }
        return lines
    }

    private static func lineEnd(_ characters: [Character], _ start: Int, _ width: Double) -> Int {
        var end = start
        var used = 0.0
        while end < characters.count {
            used += advance(characters[end])
            if used > width, end > start { break }
            end += 1
        }
        guard end < characters.count else { return end }
        // A break near the start of a line would leave most of the line empty.
        if let slash = (start + (end - start) / 3..<end).last(where: { characters[$0] == "/" }) { return slash + 1 }
        let half = start + (end - start) / 2..<end
        return half.last { [" ", "_", "-"].contains(characters[$0]) }.map { $0 + 1 } ?? end
    }

    /// Returns the width of `text` in pixels, rounded up.
    static func width(_ text: String) -> Int { Int(text.reduce(0) { $0 + advance($1) }.rounded(.up)) }

    /// The largest advance widths of groups of characters in DejaVu Sans, which are larger than those of the condensed
    /// font in bold, as parts of the font's size.
    private static func advance(_ character: Character) -> Double {
        let part =
            switch character {
            case "i", "j", "l", "I", "|", ".", ",", ":", ";", "'", "/", " ": 0.34
            case "f", "t", "r", "(", ")", "[", "]", "-", "!": 0.42
            case "m", "w", "M", "W", "@", "%", "&", "+", "=", "<", ">", "~", "#": 1.0
            case "A"..."Z": 0.79
            default: character.isASCII ? 0.64 : 1.2
            }
        return part * Double(SheetDrawing.fontSize)
    }
}
