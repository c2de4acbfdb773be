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
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // libyaml finds these problems at a later line than the line to correct.
            let isFoundLater = ["could not find expected ':'", "found unexpected end of stream"].contains(problem)
            let start = isFoundLater ? context?.mark ?? mark : mark
            if problem == Self.unexpectedColon, let key = KeyWithTooFewSpaces(above: start.line, in: text) {
                position = (key.line, key.column)
                reason = "the line has too few spaces"
                nextStep =
                    "if the key belongs to \(key.owner.prefix(40).printable()), start its line with \(key.indentation)"
                return
            }
            position = (start.line, start.column)
            let isAfterQuotationMark =
                problem == "did not find expected key" && Self.isAfterQuotationMark(mark, in: text)
            (reason, nextStep) =
                isAfterQuotationMark
                ? ("there is text after a closing quotation mark", "put the whole value in quotation marks")
                : Self.words(problem, context, Self.scalar(at: mark, in: text))
        case .reader(let problem, _, let value, _):
            let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value))
            position = scalar.flatMap { Self.position(of: $0, in: text) }
            let character = scalar.map { ": \(String(Character($0)).printable())" } ?? ""
            reason = String(problem.prefix(Self.maximumReason)) + character
            nextStep = "remove the character"
        case .duplicatedKeysInMapping(let keys, let context):
            position = Self.position(ofSecond: keys.first ?? "", after: context.mark, in: text)
            let names = keys.prefix(3).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
            reason = "a key appears twice: \(names)"
            nextStep = "delete one of them"
        default:
            position = nil
            reason = String("\(error)".prefix(Self.maximumReason))
            nextStep = "write each line as key: value"
        }
    }

    private static let maximumReason = 120
    /// The message of libyaml about a colon that does not follow a key.
    private static let unexpectedColon = "mapping values are not allowed in this context"

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
    /// - Parameters:
    ///   - context: what libyaml was reading, and where this starts.
    ///   - scalar: the character at the position of the problem.
    private static func words(_ problem: String, _ context: YamlError.Context?, _ scalar: Unicode.Scalar?) -> (
        reason: String, nextStep: String
    ) {
        if scalar == "\t" || problem.contains("tab character") {
            return ("the line is indented with a tab", "indent with spaces")
        }
        switch problem {
        case "found character that cannot start any token":
            let character = scalar.map { "\"\(String(Character($0)).printable())\"" } ?? "this character"
            return ("a value cannot start with \(character)", "put the value in quotation marks")
        case unexpectedColon:
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
            let bracket = context.map { "the bracket of line \($0.mark.line)" } ?? "a bracket"
            return ("\(bracket) is not closed, or a comma is missing", "close the bracket, or write the comma")
        case "did not find expected node content":
            return (
                "there is a bracket or a comma where a value must be",
                "write the value, or put a text that contains brackets or commas in quotation marks"
            )
        case "block sequence entries are not allowed in this context":
            return (
                "there is a list item where none can be", "write each item of a list on its own line, below the key"
            )
        case "mapping keys are not allowed in this context":
            return (
                "there is a question mark where no key can be",
                "put a value that starts with a question mark in quotation marks"
            )
        case "did not find expected <document start>":
            return ("there is text after the end of the document", "remove this text, or write it as key: value")
        case "but found another document":
            return ("there is a second document after a line ---", "remove the line and what follows it")
        case "found unexpected document indicator":
            return ("there is a line --- or ... in a text in quotation marks", "close the quotation mark")
        case "did not find expected alphabetic or numeric character", "found undefined alias":
            return ("a value starts with & or *", "put the value in quotation marks")
        case "did not find expected comment or line break" where context?.text.contains("block scalar") == true:
            return (
                "there is text after | or >",
                "put a value that starts with | or > in quotation marks, or start the text on the next line"
            )
        case "found an indentation indicator equal to 0":
            return ("there is a 0 after | or >", "remove the 0")
        case "found unexpected end of stream":
            return ("a quotation mark is not closed", "close the quotation mark")
        case "found unknown escape character", "did not find expected hexdecimal number",
            "found invalid Unicode character escape code":
            return (
                "a text in double quotation marks contains a backslash", "use single quotation marks for this text"
            )
        default: return otherWords(problem, context)
        }
    }

    /// Returns the reason and the next step for the messages about tags and directives. Nobody writes them on purpose.
    private static func otherWords(_ problem: String, _ context: YamlError.Context?) -> (
        reason: String, nextStep: String
    ) {
        let context = context?.text ?? ""
        if context.contains("directive") || problem.contains("directive") || problem.contains("YAML document") {
            return ("a line starts with %", "remove the line, or put a value that starts with % in quotation marks")
        }
        if context.contains("tag") || problem.contains("tag") {
            return ("a value starts with !", "put the value in quotation marks")
        }
        return (String(problem.prefix(maximumReason)), "correct the line")
    }

    /// Returns the position of the second of two equal keys of a mapping.
    ///
    /// - Parameter first: the position of the first key. It is returned when the second key is not found. Nil is returned
    ///   when the first key has no position.
    private static func position(ofSecond key: String, after first: Mark, in text: String) -> (line: Int, column: Int)?
    {
        guard first.line > 0 else { return nil }
        let spellings = [key, "\"\(key)\"", "'\(key)'"].map { Array($0.unicodeScalars) }
        var candidates = KeyCandidates(first)
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if candidates.isKeyExpected(at: scalar) {
                let rest = scalars[index...]
                let isKey = spellings.contains { spelling in
                    rest.starts(with: spelling)
                        && rest.dropFirst(spelling.count).first { $0 != " " && $0 != "\t" } == ":"
                }
                if isKey { return (candidates.line, candidates.column) }
            }
            candidates.advance(over: scalar)
        }
        return (first.line, first.column)
    }

    private static func scalar(at mark: Mark, in text: String) -> Unicode.Scalar? {
        line(of: mark, in: text).dropFirst(mark.column - 1).first
    }

    /// Returns whether the last scalar before `mark`, in the same line and without spaces, is a quotation mark.
    private static func isAfterQuotationMark(_ mark: Mark, in text: String) -> Bool {
        let last = line(of: mark, in: text).prefix(max(0, mark.column - 1)).last { $0 != " " && $0 != "\t" }
        return last == "\"" || last == "'"
    }

    /// Returns the line of `mark`; empty if the text has no such line.
    private static func line(of mark: Mark, in text: String) -> Substring.UnicodeScalarView {
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
        return lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : Substring.UnicodeScalarView()
    }

    private static func position(of scalar: Unicode.Scalar, in text: String) -> (line: Int, column: Int)? {
        guard let index = text.unicodeScalars.firstIndex(of: scalar) else { return nil }
        let before = text.unicodeScalars[..<index]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return (line, column)
    }
}

/// A walk through a text that finds where another key of the mapping of a first key can start.
private struct KeyCandidates {
    private(set) var line = 1
    private(set) var column = 1
    private let first: Mark
    /// Whether only spaces precede the position in its line.
    private var isLineBlank = true
    /// The last scalar that is not a space or a line end.
    private var last: Unicode.Scalar?
    /// The scalar before the first key. In brackets, it is a bracket or a comma.
    private var beforeFirst: Unicode.Scalar?
    /// The number of brackets that were opened after the first key, minus those that were closed.
    private var depth = 0

    /// - Parameter first: the position of the first key.
    init(_ first: Mark) {
        self.first = first
    }

    private var isAfterFirst: Bool { (line, column) > (first.line, first.column) }

    /// Returns whether a key of the same mapping can start at this position. Keys outside brackets have the same column,
    /// and keys in brackets follow a comma.
    func isKeyExpected(at scalar: Unicode.Scalar) -> Bool {
        guard isAfterFirst, scalar != " " else { return false }
        if isLineBlank, column == first.column { return true }
        let isInBrackets = beforeFirst == "{" || beforeFirst == ","
        return isInBrackets && depth == 0 && last == ","
    }

    mutating func advance(over scalar: Unicode.Scalar) {
        if line == first.line, column == first.column { beforeFirst = last }
        if scalar == "\n" {
            line += 1
            column = 1
            isLineBlank = true
            return
        }
        column += 1
        guard scalar != " ", scalar != "\r" else { return }
        isLineBlank = false
        last = scalar
        guard isAfterFirst else { return }
        if scalar == "{" || scalar == "[" { depth += 1 }
        if scalar == "}" || scalar == "]" { depth -= 1 }
    }
}
