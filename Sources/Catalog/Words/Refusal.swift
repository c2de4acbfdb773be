/// Why Curare will not go on: what is wrong, where, and what to do next. It becomes words and an exit code in one place, the command line.
public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of refusal; the raw value is the exit code.
    public enum Code: Int32, Sendable {
        case usage = 64
        case badInput = 65
        case missingInput = 66
        case bug = 70
        case inputOutput = 74
        case busy = 75
    }

    /// One of several things wrong with the same input.
    public struct Problem: Equatable, Sendable, CustomStringConvertible {
        /// A file and line, a key path, or both: `session.csv:12`.
        public let place: String
        public let what: String

        public init(_ place: String, _ what: String) {
            self.place = place
            self.what = what
        }

        public var description: String { place.isEmpty ? what : "\(place): \(what)" }
    }

    public let code: Code
    public let what: String
    public let place: String?
    public let next: String?
    /// Every problem found, where there can be more than one.
    public let problems: [Problem]

    public init(_ code: Code, _ what: String, at place: String? = nil, next: String? = nil, problems: [Problem] = []) {
        self.code = code
        self.what = what
        self.place = place
        self.next = next
        self.problems = problems
    }

    public var description: String {
        var lines = [what]
        if let place { lines.append("at \(place)") }
        lines += problems.map(\.description)
        if let next { lines.append(next) }
        return lines.joined(separator: "\n")
    }
}
