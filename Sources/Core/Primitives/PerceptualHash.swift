/// A perceptual hash of 64 bits: the hashes of similar photos differ in few bits.
public struct PerceptualHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name of the hash definition in `docs/format.md` and in manifests. Another definition must get another name.
    public static let hash = "dct-sign-1"

    public let bits: UInt64

    public init(_ bits: UInt64) {
        self.bits = bits
    }

    /// Creates a hash from its ``hex`` text; nil unless `hex` is exactly 16 lower-case hex digits.
    public init?(hex: String) {
        var hex = hex
        guard let parsed = hex.withUTF8({ Self(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// Creates a hash from ASCII; nil unless `digits` are exactly 16 lower-case hex digits.
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

    /// Returns the number of bits in which the hashes differ: 0…64.
    public func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

/// The largest number of differing bits between the perceptual hashes of near-duplicates. Each workspace has its own
/// value.
public struct GroupDistance: Hashable, Sendable, CustomStringConvertible {
    /// With larger distances, all photos of a person who hardly moves during a shoot can become one group: see
    /// `docs/decisions/0014-near-duplicate-hash.md`.
    public static let range = 0...3
    /// The distance of a new workspace.
    public static let standard = GroupDistance(unchecked: 2)

    public let bits: Int

    /// Creates a distance; nil outside ``range``.
    public init?(_ bits: Int) {
        guard Self.range.contains(bits) else { return nil }
        self.bits = bits
    }

    private init(unchecked bits: Int) {
        self.bits = bits
    }

    public var description: String { "\(bits)" }
}
