import Yams

/// Combination of documents: a recipe that extends another recipe, and a grid that replaces values. Nodes keep their
/// line numbers.
extension YAMLReader {
    /// Returns this mapping with the missing members taken from `other`.
    ///
    /// - Parameter whole: the keys whose mappings are not merged. Other mappings that exist in both are merged
    ///   recursively.
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
        let added = others.filter { !names.contains($0.key.scalar?.string) }.map { ($0.key, $0.value) }
        return .mapping(Node.Mapping(kept + added))
    }

    private static func member(_ name: String, of mapping: Node.Mapping?) -> Node? {
        mapping?.first { $0.key.scalar?.string == name }?.value
    }

    /// Returns this mapping with `value` at the end of a path of keys. Missing mappings are created.
    package func replacing(_ path: [String], with value: Node) -> YAMLReader {
        YAMLReader(node: Self.replacing(node, path[...], with: value), path: self.path, problems: problems)
    }

    private static func replacing(_ node: Node?, _ path: ArraySlice<String>, with value: Node) -> Node {
        guard let name = path.first else { return value }
        let replaced = replacing(member(name, of: node?.mapping), path.dropFirst(), with: value)
        let others = (node?.mapping ?? Node.Mapping([])).filter { $0.key.scalar?.string != name }
        return .mapping(Node.Mapping(others.map { ($0.key, $0.value) } + [(Node(name), replaced)]))
    }

    /// Returns this mapping without `key`.
    package func removing(_ key: String) -> YAMLReader {
        guard let members = node.mapping else { return self }
        let kept = members.filter { $0.key.scalar?.string != key }.map { ($0.key, $0.value) }
        return YAMLReader(node: .mapping(Node.Mapping(kept)), path: path, problems: problems)
    }
}
