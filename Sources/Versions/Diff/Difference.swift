import Core
import Documents

/// What changed from one version to another.
public struct Difference: Sendable {
    /// A photo in both versions, or a copy with the same overlay, under another role or label.
    public struct Change: Hashable, Sendable {
        public let photo: PhotoID
        public let from, to: Entry
    }

    public struct RecipeChange: Hashable, Sendable {
        /// The key path, such as `poison.injection_rate`.
        public let key: String
        /// Canonical JSON; nil where the key is not there.
        public let from, to: String?
    }

    /// Photos and drawn copies only in the second version, by photo id.
    public let added: [Entry]
    /// Photos and drawn copies only in the first version, by photo id.
    public let removed: [Entry]
    /// Photos whose role changed.
    public let moved: [Change]
    /// Photos whose volunteer or state of triggerState changed.
    public let relabelled: [Change]
    /// Photos whose image changed.
    public let redrawn: [Change]
    public let recipe: [RecipeChange]

    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && moved.isEmpty && relabelled.isEmpty && redrawn.isEmpty && recipe.isEmpty
    }

    public init(from first: Version, to second: Version) {
        let old = Dictionary(uniqueKeysWithValues: first.entries.list.map { ($0.key, $0) })
        let new = Dictionary(uniqueKeysWithValues: second.entries.list.map { ($0.key, $0) })
        added = second.entries.list.filter { old[$0.key] == nil }.sorted { $0.key < $1.key }
        removed = first.entries.list.filter { new[$0.key] == nil }.sorted { $0.key < $1.key }
        let both = first.entries.list.compactMap { entry in
            new[entry.key].map { Change(photo: entry.photo, from: entry, to: $0) }
        }.sorted { $0.from.key < $1.from.key }
        moved = both.filter { $0.from.role != $0.to.role }
        relabelled = both.filter { $0.from.volunteer != $0.to.volunteer || $0.from.triggerState != $0.to.triggerState }
        redrawn = both.filter { $0.from.image != $0.to.image }
        let (before, after) = (Self.flat(first.manifest.recipe.json), Self.flat(second.manifest.recipe.json))
        recipe = Set(before.keys).union(after.keys).sorted().compactMap { key in
            before[key] == after[key] ? nil : RecipeChange(key: key, from: before[key], to: after[key])
        }
    }

    private static func flat(_ json: JSONValue, _ path: String = "") -> [String: String] {
        guard let members = json.object else { return [path: json.canonical] }
        return members.reduce(into: [:]) { result, member in
            result.merge(flat(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")) { first, _ in first }
        }
    }
}
