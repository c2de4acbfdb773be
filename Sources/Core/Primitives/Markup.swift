/// HTML or SVG that is safe to put into a page: whatever text is interpolated into it is escaped, and only markup stays as it is.
package struct Markup: ExpressibleByStringInterpolation, CustomStringConvertible {
    package private(set) var description: String

    package init(stringLiteral text: String) {
        description = text
    }

    package init(stringInterpolation: Interpolation) {
        description = stringInterpolation.text
    }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        package mutating func appendInterpolation(_ markup: Markup) {
            text += markup.description
        }

        package mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { text += part.description }
        }

        package mutating func appendInterpolation(_ number: Int) {
            text += String(number)
        }

        /// A length in a drawing, to a tenth of a unit.
        package mutating func appendInterpolation(_ length: Double) {
            let tenths = Int((length * 10).rounded())
            text += "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        }

        package mutating func appendInterpolation(_ words: String) {
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
