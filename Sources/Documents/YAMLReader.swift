import Core
import Yams

/// One place in a YAML file that a researcher wrote: a node, the path of keys that leads to it, and the list that problems are written to.
///
/// Scalars are read as the text that stands there, so that `007`, `on` and `0.10` stay what the researcher wrote.
package struct YAMLReader {
    /// A file longer than this is somebody's mistake or attack.
    package static let maximumBytes = 1_000_000

    package let node: Node
    package let path: String
    package let problems: Problems

    /// Every problem found while one file is read.
    package final class Problems {
        package let file: String
        package private(set) var found: [CurareError.Problem] = []
        /// One place may be read more than once, and is complained of once.
        private var said: Set<String> = []

        package init(file: String) {
            self.file = file
        }

        fileprivate func add(_ node: Node?, _ path: String, _ what: String) {
            let line = node?.mark.map { ":\($0.line)" } ?? ""
            let problem = CurareError.Problem("\(file)\(line)", path.isEmpty ? what : "\(path): \(what)")
            if said.insert(problem.description).inserted { found.append(problem) }
        }
    }

    /// Reads `bytes` as one YAML document and hands its root to `body`.
    ///
    /// - Parameters:
    ///   - what: how messages name the file: `the recipe`.
    ///   - file: where messages say that it is.
    /// - Throws: ``CurareError`` (65) with every problem that `body` found.
    package static func read<Result>(_ bytes: [UInt8], _ what: String, file: String, _ body: (YAMLReader) -> Result?)
        throws -> Result
    {
        guard bytes.count <= maximumBytes else {
            throw CurareError(.badInput, "\(what) has \(bytes.count) bytes; at most \(maximumBytes) are read", at: file)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
            throw CurareError(.badInput, "\(what) is not UTF-8 text", at: file, next: "save it as UTF-8")
        }
        try refuseAliases(bytes, what, file)
        let problems = Problems(file: file)
        let result = body(YAMLReader(node: try compose(text, what, file), path: "", problems: problems))
        guard problems.found.isEmpty, let result else {
            throw CurareError(
                .badInput, "\(what) cannot be used", at: file,
                next: "mend the lines above and run the command again; nothing was written",
                problems: problems.found)
        }
        return result
    }

    /// Thirty lines of aliases can say a document larger than the world, which Yams would visit whole to compare a mapping's keys.
    /// What a researcher writes needs none: a name behind `&` that stands behind `*` too, be it in a comment, is refused before it is composed.
    private static func refuseAliases(_ bytes: [UInt8], _ what: String, _ file: String) throws {
        func names(after mark: UInt8) -> Set<ArraySlice<UInt8>> {
            Set(
                bytes.indices.lazy.filter { bytes[$0] == mark }.map { bytes[($0 + 1)...].prefix(while: isAnchor) }
                    .filter { !$0.isEmpty })
        }
        guard let name = names(after: UInt8(ascii: "&")).intersection(names(after: UInt8(ascii: "*"))).first else {
            return
        }
        throw CurareError(
            .badInput, "\(what) refers to an anchor: *\(String(decoding: name.prefix(40), as: UTF8.self))", at: file,
            next: "write the value out in both places")
    }

    /// The bytes that libyaml takes for an anchor's name.
    private static func isAnchor(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func compose(_ text: String, _ what: String, _ file: String) throws -> Node {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw CurareError(.badInput, "\(what) is empty", at: file)
            }
            return node
        } catch let error as YamlError {
            throw CurareError(
                .badInput, "\(what) is not YAML: \(error)".split(separator: "\n").prefix(3).joined(separator: " "),
                at: file)
        }
    }

    package func complain(_ what: String) {
        problems.add(node, path, what)
    }

    /// The members of a mapping whose keys are all among `allowed`; every other key is a problem.
    package func members(allowed: [String]) -> [String: YAMLReader]? {
        guard let mapping = node.mapping else {
            complain("a mapping with \(allowed.joined(separator: ", ")) belongs here")
            return nil
        }
        var members: [String: YAMLReader] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.add(key, path, "a key must be a word")
                continue
            }
            let inner = path.isEmpty ? name : "\(path).\(name)"
            if allowed.contains(name) {
                members[name] = YAMLReader(node: value, path: inner, problems: problems)
            } else {
                problems.add(
                    key, inner,
                    "unknown key\(Self.hint(name, allowed)) Allowed here: \(allowed.joined(separator: ", "))")
            }
        }
        return members
    }

    /// The members of a mapping whose keys are names of the file's own; nil where this is none.
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
            return (name, YAMLReader(node: value, path: path.isEmpty ? name : "\(path).\(name)", problems: problems))
        }
    }

    /// The value under `key`, where this is a mapping that has it.
    package subscript(key: String) -> YAMLReader? {
        node.mapping?.first { $0.key.scalar?.string == key }.map {
            YAMLReader(node: $0.value, path: path.isEmpty ? key : "\(path).\(key)", problems: problems)
        }
    }

    /// The value at the end of a path of keys, where there is one.
    package subscript(path: [String]) -> YAMLReader? {
        path.reduce(self) { $0?[$1] }
    }

    /// This scalar, or the scalars of this list.
    package var scalars: [(reader: YAMLReader, value: String)] {
        if let scalar = node.scalar { return [(self, scalar.string)] }
        return Array(node.sequence ?? []).enumerated().compactMap { index, node in
            node.scalar.map { (YAMLReader(node: node, path: "\(path)[\(index)]", problems: problems), $0.string) }
        }
    }

    /// The scalar's own text.
    package var text: String? {
        guard let scalar = node.scalar else {
            complain("a single value belongs here")
            return nil
        }
        return scalar.string
    }

    package func name<Of>(_: Name<Of>.Type = Name<Of>.self) -> Name<Of>? {
        guard let text else { return nil }
        guard let name = Name<Of>(text) else {
            complain("\"\(text.prefix(80))\" is no name: \(Name<Of>.rule)")
            return nil
        }
        return name
    }

    package func whole(in range: ClosedRange<Int>) -> Int? {
        guard let text else { return nil }
        guard let value = Int(text), range.contains(value) else {
            complain("\"\(text.prefix(80))\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    package func word<Word: RawRepresentable & CaseIterable>(_: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        guard let text else { return nil }
        if let word = Word(rawValue: text) { return word }
        let allowed = Word.allCases.map(\.rawValue)
        complain(
            "\"\(text.prefix(80))\" is unknown\(Self.hint(text, allowed)) Allowed: \(allowed.joined(separator: ", "))")
        return nil
    }

    private static func hint(_ word: String, _ allowed: [String]) -> String {
        closestMatch(to: word, among: allowed).map { "; did you mean \($0)?" } ?? "."
    }

    /// The elements of a list; doubles are a problem, and so is an empty list unless `mayBeEmpty`.
    package func list<Element: Hashable>(mayBeEmpty: Bool = false, _ element: (YAMLReader) -> Element?) -> [Element]? {
        guard let sequence = node.sequence else {
            complain("a list belongs here, such as [a, b]")
            return nil
        }
        guard mayBeEmpty || !sequence.isEmpty else {
            complain("the list is empty")
            return nil
        }
        var elements: [Element] = []
        for (index, node) in sequence.enumerated() {
            let reader = YAMLReader(node: node, path: "\(path)[\(index)]", problems: problems)
            guard let value = element(reader) else { continue }
            if elements.contains(value) {
                reader.complain("it stands in the list twice")
            } else {
                elements.append(value)
            }
        }
        return elements
    }
}
