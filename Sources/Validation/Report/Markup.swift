/// HTML or SVG that is safe to put into a page: whatever text is interpolated into it is escaped, and only markup stays as it is.
struct Markup: ExpressibleByStringInterpolation, CustomStringConvertible {
    private(set) var description: String

    init(stringLiteral text: String) {
        description = text
    }

    init(stringInterpolation: Interpolation) {
        description = stringInterpolation.text
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ markup: Markup) {
            text += markup.description
        }

        mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { text += part.description }
        }

        mutating func appendInterpolation(_ number: Int) {
            text += String(number)
        }

        /// A length in a drawing, to a tenth of a unit.
        mutating func appendInterpolation(_ length: Double) {
            let tenths = Int((length * 10).rounded())
            text += "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        }

        mutating func appendInterpolation(_ words: String) {
            for scalar in words.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
