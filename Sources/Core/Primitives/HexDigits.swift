/// Lower-case hex digits as bytes, many at a time.
package enum HexDigits {
    /// What the 16 digits at `place` are worth; nil where one of them is no lower-case digit.
    @inline(__always)
    package static func word(at place: UnsafeRawPointer) -> UInt64? {
        let first = place.loadUnaligned(as: UInt64.self)
        let last = place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let high = half(of: first)
        let low = half(of: last)
        // Written again, nothing but digits is what it was.
        guard digits(of: high) == first, digits(of: low) == last else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    /// What eight digits are worth, the first at the lowest address; anything where one of them is no digit.
    @inline(__always)
    private static func half(of digits: UInt64) -> UInt32 {
        let digits = digits.bigEndian
        // Letters, which alone have bit 6, count from 1 in their low nibble.
        var nibbles = digits & 0x0F0F_0F0F_0F0F_0F0F &+ (digits >> 6 & 0x0101_0101_0101_0101) &* 9
        nibbles = (nibbles | nibbles >> 4) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: nibbles | nibbles >> 16)
    }

    /// Puts the 16 digits of `word` at `place`.
    @inline(__always)
    package static func write(_ word: UInt64, to place: UnsafeMutableRawPointer) {
        place.storeBytes(of: digits(of: UInt32(truncatingIfNeeded: word >> 32)), as: UInt64.self)
        place.storeBytes(of: digits(of: UInt32(truncatingIfNeeded: word)), toByteOffset: 8, as: UInt64.self)
    }

    /// The eight digits of `half`, the first at the lowest address.
    @inline(__always)
    private static func digits(of half: UInt32) -> UInt64 {
        // A nibble in each byte.
        var spread = UInt64(half)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte whose nibble is a letter.
        let letters = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ letters &* 39).bigEndian
    }
}
