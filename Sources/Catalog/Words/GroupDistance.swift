/// In how many bits the likenesses of near-duplicates differ at most: a study's own setting, made with its workspace.
public struct GroupDistance: Hashable, Sendable, CustomStringConvertible {
    /// Beyond 3 bits whole classes of stills become one group; `docs/groups.md` has what was measured.
    public static let range = 0...3
    public static let standard = GroupDistance(unchecked: 2)

    public let bits: Int

    /// Nil outside ``range``.
    public init?(_ bits: Int) {
        guard Self.range.contains(bits) else { return nil }
        self.bits = bits
    }

    private init(unchecked bits: Int) {
        self.bits = bits
    }

    public var description: String { "\(bits)" }
}
