/// Lower-case hex digits as bytes, many at a time.
package enum HexDigit {
    /// What `byte` is worth, 0…15; what is no digit leaves more than 15 in `wrong`.
    @inline(__always)
    static func value(of byte: UInt8, _ wrong: inout UInt8) -> UInt8 {
        // 48…57 are the digits, 97…102 the letters.
        let digit = byte &- 48, letter = byte &- 97
        let value = digit < 10 ? digit : letter < 6 ? letter &+ 10 : 255
        wrong |= value
        return value & 15
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
