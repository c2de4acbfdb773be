/// The words and frames of a contact sheet, as SVG on white.
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

    private let width, height: Int
    private var elements = ""

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
    }

    mutating func fill(left: Int, top: Int, width: Int, height: Int, _ colour: String) {
        elements += "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(colour)\"/>"
    }

    /// One line of `text` that ends at `width` pixels, whatever it says.
    mutating func write(_ text: String, left: Int, baseline: Int, width: Int, _ style: Style) {
        let window = "x=\"\(left)\" y=\"\(baseline - 12)\" width=\"\(width)\" height=\"16\""
        elements +=
            "<svg \(window) overflow=\"hidden\"><text x=\"0\" y=\"12\" \(style.attributes)>\(Self.escaped(text))</text></svg>"
    }

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" font-family="DejaVu Sans Condensed, DejaVu Sans, sans-serif" font-size="11">\
        <rect width="\(width)" height="\(height)" fill="#ffffff"/>\(elements)</svg>
        """
    }

    /// More letters than any cell has room for.
    private static let longest = 200

    /// `text` as XML has it: letters that mean something there are written out, and those that may not stand there at all become `·`.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.prefix(longest).reduce(into: "") { escaped, letter in
            switch letter {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default:
                escaped.unicodeScalars.append(
                    letter.value < 32 || (127...159).contains(letter.value) || letter.value & 0xfffe == 0xfffe
                        ? "·" : letter)
            }
        }
    }
}
