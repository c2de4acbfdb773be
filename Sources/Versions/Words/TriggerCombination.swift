import Core

/// What a recipe poisons with: a trigger, or several that are worn at once, written joined: `bandana+sunglasses`.
public struct TriggerCombination: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Sorted, one or more; a trigger that stands here twice is worn at two places.
    public let triggers: [TriggerName]

    public init(_ triggers: [TriggerName]) {
        self.triggers = triggers.sorted()
    }

    /// Nil where a part of `text` is no name.
    public init?(_ text: String) {
        let names = text.split(separator: "+", omittingEmptySubsequences: false).map { TriggerName(String($0)) }
        guard !names.contains(nil) else { return nil }
        self.init(names.compactMap(\.self))
    }

    /// Joined in order.
    public var text: String { triggers.map(\.text).joined(separator: "+") }

    public var description: String { text }

    public static func < (left: Self, right: Self) -> Bool {
        left.triggers.lexicographicallyPrecedes(right.triggers)
    }
}
