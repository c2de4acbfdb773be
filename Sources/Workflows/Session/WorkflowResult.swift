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

/// The encoding of all JSON that the program prints: keys in snake case, sorted.
public enum ResultJSON {
    public static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
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

/// The JSON object of a command that failed.
public struct ErrorResult: Encodable {
    public struct Details: Encodable {
        /// The exit code.
        public let code: Int32
        public let what: String
        public let place: String?
        public let next: String?
        public let problems: [SingleProblem]
    }

    public struct SingleProblem: Encodable {
        public let place: String
        public let what: String
    }

    public let error: Details

    public init(_ error: any ReportableError) {
        self.error = Details(
            code: error.exitCode.rawValue, what: error.message, place: error.location, next: error.nextStep,
            problems: error.problems.map { SingleProblem(place: $0.location, what: $0.message) })
    }
}
