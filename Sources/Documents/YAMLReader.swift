import Core
import Yams

/// A node of a YAML file that a researcher wrote, with the path of keys to the node and the list of problems of the
/// file.
///
/// Scalars are read as text, so that `007`, `on` and `0.10` stay unchanged.
package struct YAMLReader {
    /// The largest accepted file.
    package static let maximumBytes = 1_000_000

    /// The keys that the mappings of a kind of file can have, by the path of the mapping. The path of the whole file is
    /// empty.
    package typealias KeyTable = [String: [String]]

    package let node: Node
    package let path: String
    package let problems: Problems

    /// All problems of one file.
    package final class Problems {
        package let file: String
        /// The keys of the file's mappings. Empty if a misplaced key is reported like an unknown one.
        let keys: KeyTable
        /// The whole file. Nil if the problems are not those of a file.
        let root: Node?
        package private(set) var found: [CurareError.Problem] = []
        /// A node can be read more than once; each of its problems is reported once.
        private var reported: Set<String> = []
        /// The number of problems after which no further problem is recorded.
        private static let maximum = 1_000

        package init(file: String, keys: KeyTable = [:], root: Node? = nil) {
            self.file = file
            self.keys = keys
            self.root = root
        }

        fileprivate func add(_ node: Node?, _ path: String, _ message: String) {
            guard found.count < Self.maximum else { return }
            let line = node?.mark.map { ":\($0.line)" } ?? ""
            let problem = CurareError.Problem("\(file)\(line)", path.isEmpty ? message : "\(path): \(message)")
            if reported.insert(problem.description).inserted { found.append(problem) }
        }
    }

    /// Parses `bytes` as one YAML document, and returns the result of `body` for its root.
    ///
    /// - Parameters:
    ///   - name: the name of the file's kind in messages: `the recipe`.
    ///   - file: the path of the file in messages.
    ///   - keys: the keys of the file's mappings, for messages about keys with a wrong indentation.
    /// - Throws: ``CurareError`` (65) with all problems that `body` reported.
    package static func read<Result>(
        _ bytes: [UInt8], _ name: String, file: String, keys: KeyTable = [:], _ body: (YAMLReader) -> Result?
    ) throws -> Result {
        guard bytes.count <= maximumBytes else {
            throw CurareError(.badInput, "\(name) has \(bytes.count) bytes; at most \(maximumBytes) are read", at: file)
        }
        // libyaml counts a byte-order mark as a column, so that the first key would be indented.
        let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: content, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
            throw CurareError(.badInput, "\(name) is not UTF-8 text", at: file, next: "save it as UTF-8")
        }
        try checkAliases(bytes, name, file)
        let root = try compose(text, name, file)
        let problems = Problems(file: file, keys: keys, root: root)
        let result = body(YAMLReader(node: root, path: "", problems: problems))
        guard problems.found.isEmpty, let result else {
            throw CurareError(
                .badInput, "\(name) cannot be used", at: file,
                next: "fix the lines above and run the command again; nothing was written",
                problems: problems.found)
        }
        return result
    }

    /// Throws an error if the file refers to an anchor.
    ///
    /// Thirty lines of aliases can represent a document that is too large for any memory, and Yams visits the whole
    /// document. A recipe needs no aliases. The check is made before parsing: the check finds names that follow both
    /// `&` and `*`, even in comments.
    private static func checkAliases(_ bytes: [UInt8], _ name: String, _ file: String) throws {
        func names(after mark: UInt8) -> Set<ArraySlice<UInt8>> {
            let starts = bytes.indices.lazy.filter { bytes[$0] == mark }
            return Set(starts.map { bytes[($0 + 1)...].prefix(while: isAnchor) }.filter { !$0.isEmpty })
        }
        let anchors = names(after: UInt8(ascii: "&")).intersection(names(after: UInt8(ascii: "*")))
        guard let anchor = anchors.first else { return }
        throw CurareError(
            .badInput, "\(name) refers to an anchor: *\(String(decoding: anchor.prefix(40), as: UTF8.self))", at: file,
            next: "write the value out in both places")
    }

    /// Returns whether libyaml accepts the byte in an anchor's name.
    private static func isAnchor(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func compose(_ text: String, _ name: String, _ file: String) throws -> Node {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw CurareError(
                    .badInput, "\(name) is empty", at: file, next: "write the keys that docs/format.md lists")
            }
            return node
        } catch let error as YamlError {
            throw YAMLSyntaxProblem(error, text).curareError(name, file)
        }
    }

    /// Reports a problem of this node.
    package func complain(_ message: String) {
        problems.add(node, path, message)
    }

    /// Whether any problem of the file has been reported.
    package var hasProblems: Bool { !problems.found.isEmpty }

    private func member(_ name: String, _ value: Node) -> YAMLReader {
        let name = name.prefix(80)
        return YAMLReader(node: value, path: path.isEmpty ? String(name) : "\(path).\(name)", problems: problems)
    }

    private func element(_ index: Int, _ value: Node) -> YAMLReader {
        YAMLReader(node: value, path: "\(path)[\(index)]", problems: problems)
    }

    /// The members of a mapping. Each key that is not in `allowed` is a problem. Nil if this node is not a mapping.
    package func members(allowed: [String]) -> [String: YAMLReader]? {
        guard let mapping = node.mapping else {
            complain(
                node.scalar?.string.isEmpty == true && !path.isEmpty
                    ? "there are no keys below this line; start their lines with more spaces than this line: "
                        + allowed.joined(separator: ", ")
                    : "a mapping with \(allowed.joined(separator: ", ")) belongs here")
            return nil
        }
        var members: [String: YAMLReader] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.add(key, path, "a key must be a word")
                continue
            }
            if allowed.contains(name) {
                members[name] = member(name, value)
            } else {
                let message =
                    problems.misplacement(of: name, value, in: path)
                    ?? "unknown key\(suggestionClause(for: name, among: allowed)) Allowed here: "
                    + allowed.joined(separator: ", ")
                problems.add(key, member(name, value).path, message)
            }
        }
        return members
    }

    /// The members of a mapping with arbitrary keys. Nil if this node is not a mapping.
    package var named: [(key: String, value: YAMLReader)]? {
        guard let mapping = node.mapping else {
            complain("a mapping belongs here")
            return nil
        }
        return mapping.compactMap { key, value in
            guard let name = key.scalar?.string else {
                problems.add(key, path, "a key must be a word")
                return nil
            }
            return (name, member(name, value))
        }
    }

    /// The member `key`; nil if this node is not a mapping with this key.
    package subscript(key: String) -> YAMLReader? {
        node.mapping?.first { $0.key.scalar?.string == key }.map { member(key, $0.value) }
    }

    /// The member at the end of a path of keys; nil if there is none.
    package subscript(path: [String]) -> YAMLReader? {
        path.reduce(self) { $0?[$1] }
    }

    /// This scalar, or the scalars of this list.
    package var scalars: [(reader: YAMLReader, value: String)] {
        if let scalar = node.scalar { return [(self, scalar.string)] }
        return Array(node.sequence ?? []).enumerated().compactMap { index, node in
            node.scalar.map { (element(index, node), $0.string) }
        }
    }

    /// The elements of a list; nil if this node is not a list.
    package var elements: [YAMLReader]? {
        node.sequence.map { sequence in sequence.enumerated().map { element($0, $1) } }
    }

    /// This list, or a list with this value as its only element.
    package var asList: YAMLReader {
        node.sequence == nil ? YAMLReader(node: .sequence(Node.Sequence([node])), path: path, problems: problems) : self
    }

    /// The text of a scalar. Nil if this node is not a scalar.
    package var text: String? {
        guard let scalar = node.scalar else {
            complain("a single value belongs here")
            return nil
        }
        return scalar.string
    }

    /// Returns a name. Nil if the text is not one.
    package func name<Of>(_: Name<Of>.Type = Name<Of>.self) -> Name<Of>? {
        guard let text else { return nil }
        guard let name = Name<Of>(text) else {
            complain("\"\(text.prefix(80))\" is not a name: \(Name<Of>.rule)")
            return nil
        }
        return name
    }

    /// Returns an integer. Nil if the text is not an integer in `range`.
    package func whole(in range: ClosedRange<Int>) -> Int? {
        guard let text else { return nil }
        guard let value = Int(text), range.contains(value) else {
            complain("\"\(text.prefix(80))\" is not a whole number from \(range.bounds)")
            return nil
        }
        return value
    }

    /// Returns the case of an enumeration. Nil if the text is not the raw value of a case.
    package func word<Word: RawRepresentable & CaseIterable>(_: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        guard let text else { return nil }
        if let word = Word(rawValue: text) { return word }
        let allowed = Word.allCases.map(\.rawValue)
        let hint = suggestionClause(for: text, among: allowed)
        complain("\"\(text.prefix(80))\" is unknown\(hint) Allowed: \(allowed.joined(separator: ", "))")
        return nil
    }

    /// Returns a calendar date as `YYYY-MM-DD`. Nil if the text is not a date.
    package func date() -> String? {
        guard let text else { return nil }
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, !text.utf8.contains(UInt8(ascii: "+")), numbers.count == 3,
            let year = numbers[0], let month = numbers[1], let day = numbers[2],
            (1826...9999).contains(year), (1...12).contains(month), (1...Self.days(month, year)).contains(day)
        else {
            complain("\"\(text.prefix(80))\" is not a date. Write YYYY-MM-DD")
            return nil
        }
        return text
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Returns the elements of a list. Duplicates are reported as problems. An empty list is a problem too, except with
    /// `mayBeEmpty`.
    package func list<Element: Hashable>(mayBeEmpty: Bool = false, _ read: (YAMLReader) -> Element?) -> [Element]? {
        guard let elements else {
            complain("a list belongs here, such as [a, b]")
            return nil
        }
        guard mayBeEmpty || !elements.isEmpty else {
            complain("the list is empty")
            return nil
        }
        var values: [Element] = []
        for reader in elements {
            guard let value = read(reader) else { continue }
            if values.contains(value) {
                reader.complain("it is in the list twice")
            } else {
                values.append(value)
            }
        }
        return values
    }
}
