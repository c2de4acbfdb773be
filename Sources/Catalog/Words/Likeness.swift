/// A perceptual hash of 64 bits: photos that look alike differ in few of them.
public struct Likeness: Hashable, Sendable, CustomStringConvertible {
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
}
