import Yams

/// Recipes that are made of others: what is left out comes from elsewhere, and values are put in place of values. Nodes keep their lines.
extension YAMLReader {
    /// This mapping with the members of `other` that it lacks; a mapping that stands in both is filled likewise, unless it is named in `whole`.
    package func filled(from other: YAMLReader, whole: Set<String>) -> YAMLReader {
        guard let own = node.mapping, let others = other.node.mapping else { return self }
        return YAMLReader(node: Self.filled(own, from: others, whole), path: path, problems: problems)
    }

    private static func filled(_ own: Node.Mapping, from others: Node.Mapping, _ whole: Set<String>) -> Node {
        let names = own.map { $0.key.scalar?.string }
        let kept = own.map { key, value -> (Node, Node) in
            guard let name = key.scalar?.string, !whole.contains(name), let inner = value.mapping,
                let innerOthers = member(name, of: others)?.mapping
            else { return (key, value) }
            return (key, filled(inner, from: innerOthers, whole))
        }
        return .mapping(
            Node.Mapping(kept + others.filter { !names.contains($0.key.scalar?.string) }.map { ($0.key, $0.value) }))
    }

    private static func member(_ name: String, of mapping: Node.Mapping?) -> Node? {
        mapping?.first { $0.key.scalar?.string == name }?.value
    }

    /// This mapping with `value` under the keys of `path`, one inside the other; mappings that are not there are made.
    package func replacing(_ path: [String], with value: Node) -> YAMLReader {
        YAMLReader(node: Self.replacing(node, path[...], with: value), path: self.path, problems: problems)
    }

    private static func replacing(_ node: Node?, _ path: ArraySlice<String>, with value: Node) -> Node {
        guard let name = path.first else { return value }
        let replaced = replacing(member(name, of: node?.mapping), path.dropFirst(), with: value)
        let others = (node?.mapping ?? Node.Mapping([])).filter { $0.key.scalar?.string != name }
        return .mapping(Node.Mapping(others.map { ($0.key, $0.value) } + [(Node(name), replaced)]))
    }

    /// This mapping without `key`.
    package func removing(_ key: String) -> YAMLReader {
        guard let members = node.mapping else { return self }
        return YAMLReader(
            node: .mapping(Node.Mapping(members.filter { $0.key.scalar?.string != key }.map { ($0.key, $0.value) })),
            path: path, problems: problems)
    }

    /// The elements of a list, each with its place; nil where this is none.
    package var elements: [YAMLReader]? {
        node.sequence.map { sequence in
            sequence.enumerated().map { YAMLReader(node: $1, path: "\(path)[\($0)]", problems: problems) }
        }
    }

    /// A list of this single value; a list stays itself.
    package var asList: YAMLReader {
        node.sequence == nil ? YAMLReader(node: .sequence(Node.Sequence([node])), path: path, problems: problems) : self
    }

    /// Whether anything was complained of so far, here or elsewhere in the file.
    package var hasProblems: Bool { !problems.found.isEmpty }
}
