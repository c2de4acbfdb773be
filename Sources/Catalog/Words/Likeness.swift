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
        var hex = hex
        guard let parsed = hex.withUTF8({ Self(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// Nil unless `digits` are exactly 16 lower-case hex digits in ASCII.
    package init?(hexDigits digits: UnsafeRawBufferPointer) {
        guard digits.count == 16, let start = digits.baseAddress, let bits = HexDigit.word(at: start) else {
            return nil
        }
        self.bits = bits
    }

    /// 16 lower-case hex digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            HexDigit.write(bits, to: UnsafeMutableRawPointer(buffer.baseAddress!))
            return 16
        }
    }

    public var description: String { hex }

    /// In how many bits the two differ: 0…64.
    public func distance(to other: Likeness) -> Int { (bits ^ other.bits).nonzeroBitCount }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
