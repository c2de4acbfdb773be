import Core
import Documents

/// The changes from one version to another.
public struct Difference: Sendable {
    /// A photo, or a copy with the same overlay, that is in both versions but not the same.
    public struct Change: Hashable, Sendable {
        public let photo: PhotoID
        public let from: Entry
        public let to: Entry
    }

    /// A key of the recipe with different values.
    public struct RecipeChange: Hashable, Sendable {
        /// The path of the key, such as `poison.injection_rate`.
        public let key: String
        /// Canonical JSON. Nil when the first recipe does not have the key.
        public let from: String?
        /// Canonical JSON. Nil when the second recipe does not have the key.
        public let to: String?
    }

    /// Photos and copies that are only in the second version, sorted by photo id.
    public let added: [Entry]
    /// Photos and copies that are only in the first version, sorted by photo id.
    public let removed: [Entry]
    /// Photos and copies with another role.
    public let moved: [Change]
    /// Photos and copies with another volunteer or trigger state.
    public let relabelled: [Change]
    /// Photos and copies with another image.
    public let redrawn: [Change]
    public let recipe: [RecipeChange]

    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && moved.isEmpty && relabelled.isEmpty && redrawn.isEmpty && recipe.isEmpty
    }

    public init(from first: Version, to second: Version) {
        let old = Dictionary(uniqueKeysWithValues: first.entries.list.map { ($0.sampleID, $0) })
        let new = Dictionary(uniqueKeysWithValues: second.entries.list.map { ($0.sampleID, $0) })
        added = second.entries.list.filter { old[$0.sampleID] == nil }.sorted { $0.sampleID < $1.sampleID }
        removed = first.entries.list.filter { new[$0.sampleID] == nil }.sorted { $0.sampleID < $1.sampleID }
        let both = first.entries.list.compactMap { entry in
            new[entry.sampleID].map { Change(photo: entry.photo, from: entry, to: $0) }
        }.sorted { $0.from.sampleID < $1.from.sampleID }
        moved = both.filter { $0.from.role != $0.to.role }
        relabelled = both.filter { $0.from.volunteer != $0.to.volunteer || $0.from.triggerState != $0.to.triggerState }
        redrawn = both.filter { $0.from.image != $0.to.image }
        let before = Self.flattened(first.manifest.recipe.json)
        let after = Self.flattened(second.manifest.recipe.json)
        recipe = Set(before.keys).union(after.keys).sorted().compactMap { key in
            before[key] == after[key] ? nil : RecipeChange(key: key, from: before[key], to: after[key])
        }
    }

    /// Returns the values of all keys by their paths.
    private static func flattened(_ json: JSONValue, _ path: String = "") -> [String: String] {
        guard let members = json.object else { return [path: json.canonical] }
        return members.reduce(into: [:]) { result, member in
            let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
            result.merge(flattened(member.value, memberPath)) { first, _ in first }
        }
    }
}

extension Recipe {
    /// The values of all keys of the resolved recipe by their paths, such as `poison.injection_rate`. A text is without
    /// quotation marks; other values are canonical JSON.
    public var settings: [String: String] { Self.settings(json, "") }

    private static func settings(_ json: JSONValue, _ path: String) -> [String: String] {
        guard let members = json.object else { return [path: json.text ?? json.canonical] }
        return members.reduce(into: [:]) { result, member in
            let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
            result.merge(settings(member.value, memberPath)) { first, _ in first }
        }
    }
}
