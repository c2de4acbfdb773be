import CCrypto

/// A SHA-256 digest. The type parameter names the kind of content that was hashed.
public struct SHA256Digest<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 32 bytes as four big-endian words.
    @usableFromInline let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter bytes: exactly 32 bytes.
    init(bigEndian bytes: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes of the digest.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    /// Returns the digest of bytes in memory.
    public static func sha256(of bytes: some Sequence<UInt8>) -> SHA256Digest {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Returns the digest of bytes in memory.
    public static func sha256(of bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Creates a digest from its ``hex`` text; nil unless `hex` is exactly 64 lower-case hex digits.
    public init?(hex: String) {
        var hex = hex
        guard let parsed = hex.withUTF8({ Self(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// Creates a digest from ASCII; nil unless `digits` are exactly 64 lower-case hex digits.
    package init?(hexDigits digits: UnsafeRawBufferPointer) {
        guard digits.count == 64, let start = digits.baseAddress, let first = HexDigits.word(at: start),
            let second = HexDigits.word(at: start + 16),
            let third = HexDigits.word(at: start + 32), let fourth = HexDigits.word(at: start + 48)
        else { return nil }
        words = (first, second, third, fourth)
    }

    /// 64 lower-case hex digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            writeHex(to: UnsafeMutableRawPointer(buffer.baseAddress!))
            return 64
        }
    }

    /// Writes the 64 digits of ``hex`` to `destination`.
    package func writeHex(to destination: UnsafeMutableRawPointer) {
        HexDigits.write(words.0, to: destination)
        HexDigits.write(words.1, to: destination + 16)
        HexDigits.write(words.2, to: destination + 32)
        HexDigits.write(words.3, to: destination + 48)
    }

    /// The first eight bytes as a big-endian number, which is the most significant part of the sort order.
    package var leading: UInt64 { words.0 }

    package var firstByte: UInt8 { UInt8(words.0 >> 56) }

    /// The first twelve hex digits, which identify a photo in messages.
    public var short: String { String(hex.prefix(12)) }

    public var description: String { hex }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.words.0 == right.words.0 ? left.words < right.words : left.words.0 < right.words.0
    }

    @inlinable public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

/// The SHA-256 of the bytes of an original file.
public typealias PhotoID = SHA256Digest<Photo>
/// The SHA-256 of an image's pixels: width and height as two 32-bit big-endian numbers, then the RGB bytes.
public typealias ImageDigest = SHA256Digest<Image>
/// The SHA-256 of a file that Curare wrote, or of a text that `docs/format.md` defines.
public typealias FileDigest = SHA256Digest<File>

/// The kind of content that is named by a ``FileDigest``.
public enum File {}

/// An SHA-256 computation over bytes that arrive in pieces (FIPS 180-4), by libcrypto.
///
/// libcrypto uses the processor's SHA instructions where the processor has them. A copy continues independently of the
/// original.
public struct SHA256Hasher {
    private var context = curare_sha256_begin()

    /// Creates a computation over no bytes.
    public init() {}

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        curare_sha256_update(&context, start, bytes.count)
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isAppended: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isAppended == nil {
            Array(bytes).withUnsafeBytes { update($0) }
        }
    }

    /// Returns the digest of all bytes so far. The computation itself is not changed.
    public func finalize<Of>() -> SHA256Digest<Of> {
        var copy = context
        return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            curare_sha256_finish(&copy, digest.baseAddress!.assumingMemoryBound(to: UInt8.self))
            return SHA256Digest(bigEndian: UnsafeRawBufferPointer(digest))
        }
    }
}

/// Conversion between numbers and lower-case hex digits in ASCII, eight digits at a time.
///
/// A scan of the catalog and a version's entries convert several digests for each photo: `make bench-scale` measures
/// the conversion.
package enum HexDigits {
    /// Returns the value of the 16 digits at `source`; nil if one of the bytes is not a lower-case hex digit.
    @inline(__always)
    package static func word(at source: UnsafeRawPointer) -> UInt64? {
        let first = source.loadUnaligned(as: UInt64.self)
        let last = source.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let high = half(of: first)
        let low = half(of: last)
        // Only valid digits are the same after conversion to a number and back.
        guard digits(of: high) == first, digits(of: low) == last else { return nil }
        return (UInt64(high) << 32) | UInt64(low)
    }

    /// Returns the value of eight digits, the first at the lowest address. The result is arbitrary if a byte is not a
    /// digit.
    @inline(__always)
    private static func half(of digits: UInt64) -> UInt32 {
        let digits = digits.bigEndian
        // Only letters have bit 6 set. The low nibble of a letter counts from 1, so 9 is added.
        var nibbles = (digits & 0x0F0F_0F0F_0F0F_0F0F) &+ ((digits >> 6) & 0x0101_0101_0101_0101) &* 9
        nibbles = (nibbles | (nibbles >> 4)) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | (nibbles >> 8)) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: nibbles | (nibbles >> 16))
    }

    /// Writes the 16 digits of `word` to `destination`.
    @inline(__always)
    package static func write(_ word: UInt64, to destination: UnsafeMutableRawPointer) {
        destination.storeBytes(of: digits(of: UInt32(truncatingIfNeeded: word >> 32)), as: UInt64.self)
        destination.storeBytes(
            of: digits(of: UInt32(truncatingIfNeeded: word)), toByteOffset: 8, as: UInt64.self)
    }

    /// Returns the eight digits of `half`, the first at the lowest address.
    @inline(__always)
    private static func digits(of half: UInt32) -> UInt64 {
        // One nibble in each byte.
        var spread = UInt64(half)
        spread = (spread | (spread << 16)) & 0x0000_FFFF_0000_FFFF
        spread = (spread | (spread << 8)) & 0x00FF_00FF_00FF_00FF
        spread = (spread | (spread << 4)) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte whose nibble is written as a letter.
        let letters = ((spread &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ letters &* 39).bigEndian
    }
}
