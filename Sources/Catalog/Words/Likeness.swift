/// A perceptual hash of 64 bits: photos that look alike differ in few of them.
public struct Likeness: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What `docs/format.md` and a manifest call the definition of these bits; another one must get another name.
    public static let hash = "dct-sign-1"

    public let bits: UInt64

    public init(_ bits: UInt64) {
        self.bits = bits
    }

    /// Nil unless `hex` is exactly 16 lower-case hex digits.
    public init?(hex: String) {
        guard hex.utf8.count == 16, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }), let bits = UInt64(hex, radix: 16) else { return nil }
        self.bits = bits
    }

    /// 16 lower-case hex digits.
    public var hex: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    public var description: String { hex }

    /// In how many bits the two differ: 0…64.
    public func distance(to other: Likeness) -> Int { (bits ^ other.bits).nonzeroBitCount }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
