/// HTML or SVG text. Interpolated strings are escaped; interpolated markup is inserted without a change.
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

        package mutating func appendInterpolation(_ elements: [Markup]) {
            for element in elements { text += element.description }
        }

        package mutating func appendInterpolation(_ number: Int) {
            text += String(number)
        }

        /// Appends a length of a drawing, rounded to a tenth. The result does not depend on the locale.
        package mutating func appendInterpolation(_ length: Double) {
            let tenths = Int((length * 10).rounded())
            text += "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        }

        /// Appends text with the characters escaped that have a meaning in HTML and XML, inside attributes too.
        package mutating func appendInterpolation(_ plain: String) {
            for scalar in plain.unicodeScalars {
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
