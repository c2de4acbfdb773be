import Yams

/// Messages about keys that are valid in another mapping of the file. The usual cause is a wrong indentation.
extension YAMLReader.Problems {
    /// Returns the message about the key `name` in the mapping at `path`, if another mapping of the file has this key. Nil
    /// if the key is unknown everywhere.
    func misplacement(of name: String, _ value: Node, in path: String) -> String? {
        let all = keys.filter { $0.key != path && $0.value.contains(name) }.keys
        // A key of a mapping inside this one can have too few spaces, but its line is not known.
        guard path.isEmpty || !all.contains(where: { $0.hasPrefix(path + ".") }) else { return nil }
        let owners = all.filter { !$0.contains(".") }.sorted()
        // Some keys of the file are also keys of an inner mapping, such as train. The former have mappings as values.
        let isMapping = value.mapping != nil
        guard let owner = owners.first(where: { $0.isEmpty == isMapping }) ?? owners.first else { return nil }
        let place = path.isEmpty ? "" : ", and not to \(path)"
        guard !owner.isEmpty else {
            return "the key belongs to the top of the file\(place); start its line without spaces"
        }
        let step =
            switch mapping(at: owner) {
            case (_, _?, true): "write it between the braces of \(owner)"
            case (_, let mapping?, false): "write it below \(owner), and start its line with \(Self.spaces(mapping))"
            case (true, nil, _): "write it below the line \(owner):, and start its line with 2 spaces"
            case (false, nil, _): "write the line \(owner): above it, and start its line with 2 spaces"
            }
        return "the key belongs to \(owner)\(place); \(step)"
    }

    /// Returns whether the file has the key `name` at its top, the mapping that is the key's value, and whether the mapping
    /// begins on the key's line, in braces.
    private func mapping(at name: String) -> (exists: Bool, mapping: Node.Mapping?, isInBraces: Bool) {
        let pair = root?.mapping?.first { $0.key.scalar?.string == name }
        let mapping = pair?.value.mapping
        return (pair != nil, mapping, mapping?.mark != nil && mapping?.mark?.line == pair?.key.mark?.line)
    }

    /// Returns the indentation of the keys of a mapping, such as `2 spaces`.
    private static func spaces(_ mapping: Node.Mapping) -> String {
        // A column starts at 1.
        let count = mapping.first?.key.mark.map { $0.column - 1 } ?? 2
        return count == 1 ? "1 space" : "\(count) spaces"
    }
}

/// A key with too few spaces below a key without a value, such as `target: ada` below `poison:`. libyaml reports the next
/// line, which has more spaces.
struct KeyWithTooFewSpaces {
    let line: Int
    let column: Int
    /// The key without a value.
    let owner: String
    /// The indentation of the next line.
    let indentation: String

    /// Nil if the line above `line` is no such key.
    init?(above line: Int, in text: String) {
        let all = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        guard all.indices.contains(line - 1) else { return nil }
        let above = all[..<(line - 1)].enumerated().filter { !$0.element.isBlankOrComment }
        guard let key = above.last, let owner = above.dropLast().last?.element else { return nil }
        let spaces = all[line - 1].spaceCount
        guard key.element.spaceCount < spaces, owner.spaceCount == key.element.spaceCount,
            key.element.contains(": "), let end = owner.lastIndex(where: { $0 != " " }), owner[end] == ":"
        else { return nil }
        self.line = key.offset + 1
        column = key.element.spaceCount + 1
        self.owner = String(owner[..<end].drop { $0 == " " })
        indentation = spaces == 1 ? "1 space" : "\(spaces) spaces"
    }
}

extension Substring {
    fileprivate var spaceCount: Int { prefix { $0 == " " }.count }

    fileprivate var isBlankOrComment: Bool {
        guard let first = first(where: { $0 != " " }) else { return true }
        return first == "#"
    }
}
