import Core
import Yams

/// Why a text is not YAML, in words for the person who wrote the text. The messages of libyaml use the terms of its
/// grammar, and the messages of Yams contain the text itself.
struct YAMLSyntaxProblem {
    /// The line and the column of the problem, from 1. Nil if the problem has no position.
    private let position: (line: Int, column: Int)?
    private let reason: String
    private let nextStep: String

    init(_ error: YamlError, _ text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            position = (mark.line, mark.column)
            (reason, nextStep) = Self.words(problem, Self.scalar(at: mark, in: text))
        case .reader(let problem, _, let value, _):
            let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value))
            position = scalar.flatMap { Self.position(of: $0, in: text) }
            let character = scalar.map { ": \(String(Character($0)).printable())" } ?? ""
            reason = String(problem.prefix(Self.maximumReason)) + character
            nextStep = "remove the character"
        case .duplicatedKeysInMapping(let keys, let context):
            position = context.mark.line > 0 ? (context.mark.line, context.mark.column) : nil
            let names = keys.prefix(3).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
            reason = "a key appears twice: \(names)"
            nextStep = "delete one of the two lines"
        default:
            position = nil
            reason = String("\(error)".prefix(Self.maximumReason))
            nextStep = "write each line as key: value"
        }
    }

    private static let maximumReason = 120

    /// Returns the error for a file.
    ///
    /// - Parameters:
    ///   - name: the name of the file's kind: `the recipe`.
    ///   - file: the path of the file.
    func curareError(_ name: String, _ file: String) -> CurareError {
        let place = position.map { "line \($0.line), column \($0.column): " } ?? ""
        return CurareError(
            .badInput, "\(name) is not YAML: \(place)\(reason)", at: file + (position.map { ":\($0.line)" } ?? ""),
            next: "\(nextStep), and run the command again; nothing was written")
    }

    /// Returns the reason and the next step for a message of libyaml.
    ///
    /// - Parameter scalar: the character at the position of the problem.
    private static func words(_ problem: String, _ scalar: Unicode.Scalar?) -> (reason: String, nextStep: String) {
        if scalar == "\t" || problem.contains("tab character") {
            return ("the line is indented with a tab", "indent with spaces")
        }
        switch problem {
        case "found character that cannot start any token":
            let character = scalar.map { "\"\(String(Character($0)).printable())\"" } ?? "this character"
            return ("a value cannot start with \(character)", "put the value in quotation marks")
        case "mapping values are not allowed in this context":
            return (
                "there is a colon where no key can be",
                "put a value that contains a colon in quotation marks, and write each key on its own line without "
                    + "further indentation"
            )
        case "could not find expected ':'":
            return ("a line has no colon after its key", "write each line as key: value")
        case "did not find expected key", "did not find expected '-' indicator":
            return (
                "the line does not continue the lines above",
                "indent all keys of one level equally, and close quotation marks and brackets"
            )
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            return ("a bracket is not closed, or a comma is missing", "close the bracket")
        case "found unexpected end of stream":
            return ("a quotation mark is not closed", "close the quotation mark")
        case "found unknown escape character":
            return (
                "a text in double quotation marks contains a backslash", "use single quotation marks for this text"
            )
        default:
            return (String(problem.prefix(maximumReason)), "correct the line")
        }
    }

    private static func scalar(at mark: Mark, in text: String) -> Unicode.Scalar? {
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        return lines[mark.line - 1].dropFirst(mark.column - 1).first
    }

    private static func position(of scalar: Unicode.Scalar, in text: String) -> (line: Int, column: Int)? {
        guard let index = text.unicodeScalars.firstIndex(of: scalar) else { return nil }
        let before = text.unicodeScalars[..<index]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return (line, column)
    }
}
