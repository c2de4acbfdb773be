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
