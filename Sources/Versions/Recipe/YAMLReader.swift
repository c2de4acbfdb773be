import Catalog
import Yams

/// One place in a recipe: a YAML node, the path of keys that leads to it, and the list that problems are written to.
///
/// Scalars are read as the text that stands there, so that `007`, `on` and `0.10` stay what the researcher wrote.
struct YAMLReader {
    let node: Node
    let path: String
    let problems: Problems

    /// Every problem found while one recipe is read.
    final class Problems {
        let file: String
        private(set) var found: [Refusal.Problem] = []

        init(file: String) {
            self.file = file
        }

        func add(_ node: Node?, _ path: String, _ what: String) {
            let line = node?.mark.map { ":\($0.line)" } ?? ""
            found.append(Refusal.Problem("\(file)\(line)", path.isEmpty ? what : "\(path): \(what)"))
        }
    }

    func complain(_ what: String) {
        problems.add(node, path, what)
    }

    /// The members of a mapping whose keys are all among `allowed`; every other key is a problem.
    func members(allowed: [String]) -> [String: YAMLReader]? {
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
                problems.add(key, inner, "unknown key\(Self.hint(name, allowed)) Allowed here: \(allowed.joined(separator: ", "))")
            }
        }
        return members
    }

    /// The scalar's own text.
    var text: String? {
        guard let scalar = node.scalar else {
            complain("a single value belongs here")
            return nil
        }
        return scalar.string
    }

    func name<Of>(_: Name<Of>.Type = Name<Of>.self) -> Name<Of>? {
        guard let text else { return nil }
        guard let name = Name<Of>(text) else {
            complain("\"\(text.prefix(80))\" is no name: \(Name<Of>.rule)")
            return nil
        }
        return name
    }

    func whole(in range: ClosedRange<Int>) -> Int? {
        guard let text else { return nil }
        guard let value = Int(text), range.contains(value) else {
            complain("\"\(text.prefix(80))\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func decimal(_ range: String, where holds: (ExactDecimal) -> Bool) -> ExactDecimal? {
        guard let text else { return nil }
        guard let value = ExactDecimal(text), holds(value) else {
            complain("\"\(text.prefix(80))\" is not a decimal number \(range), such as 0.25")
            return nil
        }
        return value
    }

    func word<Word: RawRepresentable & CaseIterable>(_: Word.Type = Word.self) -> Word? where Word.RawValue == String {
        guard let text else { return nil }
        if let word = Word(rawValue: text) { return word }
        let allowed = Word.allCases.map(\.rawValue)
        complain("\"\(text.prefix(80))\" is unknown\(Self.hint(text, allowed)) Allowed: \(allowed.joined(separator: ", "))")
        return nil
    }

    private static func hint(_ word: String, _ allowed: [String]) -> String {
        nearest(to: word, among: allowed).map { "; did you mean \($0)?" } ?? "."
    }

    /// The elements of a list; doubles are a problem, and so is an empty list unless `mayBeEmpty`.
    func list<Element: Hashable>(mayBeEmpty: Bool = false, _ element: (YAMLReader) -> Element?) -> [Element]? {
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
            if elements.contains(value) { reader.complain("it stands in the list twice") } else { elements.append(value) }
        }
        return elements
    }
}
