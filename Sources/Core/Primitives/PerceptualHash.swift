/// A perceptual hash of 64 bits: photos that look alike differ in few of them.
public struct PerceptualHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What `docs/format.md` and a manifest call the definition of these bits; another one must get another name.
    public static let hash = "dct-sign-1"

    public let bits: UInt64

    public init(_ bits: UInt64) {
        self.bits = bits
    }

    /// Nil unless `hex` is exactly 16 lower-case hex digits.
    public init?(hex: String) {
        var hex = hex
        guard let parsed = hex.withUTF8({ Self(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// Nil unless `digits` are exactly 16 lower-case hex digits in ASCII.
    package init?(hexDigits digits: UnsafeRawBufferPointer) {
        guard digits.count == 16, let start = digits.baseAddress, let bits = HexDigits.word(at: start) else {
            return nil
        }
        self.bits = bits
    }

    /// 16 lower-case hex digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            HexDigits.write(bits, to: UnsafeMutableRawPointer(buffer.baseAddress!))
            return 16
        }
    }

    public var description: String { hex }

    /// In how many bits the two differ: 0…64.
    public func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
/// In how many bits the perceptualHashes of near-duplicates differ at most: a study's own setting, made with its workspace.
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
