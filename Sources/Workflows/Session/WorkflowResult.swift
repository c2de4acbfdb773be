import Core
import Foundation

/// The result of a workflow. Its encoding is the contract of the command's `--json`; `curare schema NAME` prints the
/// JSON Schema.
///
/// Properties that are left out of `CodingKeys` serve the text output only.
public protocol WorkflowResult: Encodable {
    /// Whether the task completed with a negative result, such as a failed verdict. The program then exits with 3.
    var isNegative: Bool { get }
    /// Why a part of the task was not possible, although the rest is done. The program then exits with the error's
    /// code.
    var incompleteness: CurareError? { get }
}

extension WorkflowResult {
    public var isNegative: Bool { false }
    public var incompleteness: CurareError? { nil }
}

/// The encoding of all JSON that the program prints: keys in snake case, sorted. Hidden characters are written as JSON
/// escapes, so that a terminal never receives them; a JSON reader gets the values unchanged.
public enum ResultJSON {
    public static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return escapingHidden(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Line feeds separate the lines of the JSON text. The encoder escapes line feeds inside strings.
    private static func escapingHidden(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: { $0.isHidden && $0 != "\n" }) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            if scalar.isHidden, scalar != "\n" {
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// A value whose key is always present in JSON, with `null` where there is no value. For a plain optional without a
/// value, Swift leaves out the key.
@propertyWrapper
public struct ExplicitNull<Value: Encodable>: Encodable {
    public let wrappedValue: Value?

    public init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else {
            try container.encodeNil()
        }
    }
}

/// The JSON object of a command that failed. Hidden characters in its messages are escaped visibly.
public struct ErrorResult: Encodable {
    public struct Details: Encodable {
        /// The exit code.
        public let code: Int32
        /// What failed.
        public let message: String
        /// The file, with the line or key where one is known; or the photo, version or key that the error is about.
        public let file: String?
        /// What the user can do.
        public let next: String?
        public let problems: [SingleProblem]
    }

    public struct SingleProblem: Encodable {
        /// The same value as the error's `file`.
        public let file: String
        public let problem: String
    }

    public let error: Details

    public init(_ error: any ReportableError) {
        self.error = Details(
            code: error.exitCode.rawValue, message: error.message.printable(), file: error.location?.printable(),
            next: error.nextStep?.printable(),
            problems: error.problems.map {
                SingleProblem(file: $0.location.printable(), problem: $0.message.printable())
            })
    }
}
