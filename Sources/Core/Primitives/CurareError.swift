/// An error that a user can act on: what failed, where, what to do next, and the exit code of the program.
public protocol ReportableError: Error, Sendable, CustomStringConvertible {
    /// What failed, in one sentence.
    var message: String { get }
    /// The file, line or key that the error is about.
    var location: String? { get }
    /// What the user can do.
    var nextStep: String? { get }
    /// The problems of an input that can have several problems, such as session.csv. Empty for all other errors.
    var problems: [CurareError.Problem] { get }
    /// The exit code of the program.
    var exitCode: CurareError.Code { get }
}

extension ReportableError {
    public var location: String? { nil }
    public var problems: [CurareError.Problem] { [] }

    public var description: String {
        var lines = [message]
        if let location { lines.append("at \(location)") }
        lines += problems.map(\.description)
        if let nextStep { lines.append(nextStep) }
        return lines.joined(separator: "\n")
    }
}

/// The error of all modules that have no error type of their own.
public struct CurareError: ReportableError, Equatable {
    /// The kinds of errors. The raw value is the exit code of the program.
    public enum Code: Int32, Sendable {
        case usage = 64
        case badInput = 65
        case missingInput = 66
        case bug = 70
        case inputOutput = 74
        case busy = 75
    }

    /// One of several problems of the same input.
    public struct Problem: Equatable, Sendable, CustomStringConvertible {
        /// A file and line, a path of keys, or both: `session.csv:12`.
        public let location: String
        public let message: String

        public init(_ location: String, _ message: String) {
            self.location = location
            self.message = message
        }

        public var description: String { location.isEmpty ? message : "\(location): \(message)" }
    }

    public let code: Code
    public var exitCode: Code { code }
    public let message: String
    public let location: String?
    public let nextStep: String?
    public let problems: [Problem]

    public init(
        _ code: Code, _ message: String, at location: String? = nil, next nextStep: String? = nil,
        problems: [Problem] = []
    ) {
        self.code = code
        self.message = message
        self.location = location
        self.nextStep = nextStep
        self.problems = problems
    }
}

extension Optional {
    /// Returns the value, or throws `error` if there is none.
    package func orThrow(_ error: @autoclosure () -> some Error) throws -> Wrapped {
        guard let self else { throw error() }
        return self
    }
}
