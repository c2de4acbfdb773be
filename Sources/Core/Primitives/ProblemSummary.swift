/// The problems of an input, grouped for a person who reads them on a terminal. A mistake in every row of a sheet is one
/// entry of the summary, so that it hides no other mistake.
///
/// Two problems are of one kind when their messages are equal apart from quoted text, numbers and file names.
public struct ProblemSummary {
    /// A line of the summary.
    public struct Line: Equatable, Sendable {
        public let text: String
        /// Whether the line continues the problem of the line above.
        public let isContinuation: Bool
    }

    /// The largest number of different messages of one kind that are all printed.
    static let mostMessages = 5
    /// The number of messages that are printed when a kind has more than ``mostMessages``.
    static let fewMessages = 3
    /// The largest number of further locations that are printed after a message.
    static let mostLocations = 3

    /// Problems with the same message.
    private struct Group {
        let message: String
        var locations: [String]
    }

    /// In the order of the first problem of each kind.
    private var kinds: [[Group]] = []

    public init(_ problems: [CurareError.Problem]) {
        var kindIndices: [String: Int] = [:]
        var groupIndices: [String: Int] = [:]
        for problem in problems {
            let kind = Self.kind(of: problem.message)
            let index = kindIndices[kind] ?? kinds.count
            if index == kinds.count {
                kindIndices[kind] = index
                kinds.append([])
            }
            if let group = groupIndices[problem.message] {
                kinds[index][group].locations.append(problem.location)
            } else {
                groupIndices[problem.message] = kinds[index].count
                kinds[index].append(Group(message: problem.message, locations: [problem.location]))
            }
        }
    }

    /// Returns the lines of the summary.
    ///
    /// - Parameter limit: the largest number of messages. The last line has the number of problems that are left out.
    public func lines(limit: Int) -> [Line] {
        var lines: [Line] = []
        var messages = 0
        var left = 0
        for groups in kinds {
            let shownCount = groups.count > Self.mostMessages ? Self.fewMessages : groups.count
            let shown = groups.prefix(min(shownCount, limit - messages))
            messages += shown.count
            lines += shown.flatMap { Self.described($0) }
            let hidden = groups.dropFirst(shown.count).flatMap(\.locations)
            if shown.count < shownCount {
                left += hidden.count
            } else if !hidden.isEmpty {
                lines.append(
                    Line(text: "and \(hidden.count) more of this kind: \(Self.list(hidden))", isContinuation: true))
            }
        }
        if left > 0 { lines.append(Line(text: "and \(left) more; --json lists all", isContinuation: true)) }
        return lines
    }

    private static func described(_ group: Group) -> [Line] {
        let first = CurareError.Problem(group.locations[0], group.message)
        let others = group.locations.dropFirst().filter { !$0.isEmpty }
        return [Line(text: first.description, isContinuation: false)]
            + (others.isEmpty
                ? [] : [Line(text: "the same problem: \(list(Array(others)))", isContinuation: true)])
    }

    /// Returns the first locations, and the number of the other locations.
    private static func list(_ locations: [String]) -> String {
        let shown = locations.prefix(mostLocations).joined(separator: ", ")
        let more = locations.count - mostLocations
        return more > 0 ? "\(shown) and \(more) more; --json lists all" : shown
    }

    /// Returns the message without quoted text, and with a mark in place of each number and file name.
    private static func kind(of message: String) -> String {
        message.split(separator: "\"", omittingEmptySubsequences: false).enumerated().map { index, part in
            // Every second part is inside quotation marks.
            index.isMultiple(of: 2) ? withoutNames(part) : ""
        }.joined(separator: "\"")
    }

    private static func withoutNames(_ text: Substring) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let bare = word.reversed().drop { ",.;:".contains($0) }
            let isName = bare.first == "?" || bare.contains { $0.isNumber || "./\\_".contains($0) }
            return isName ? "#" : String(word)
        }.joined(separator: " ")
    }
}
