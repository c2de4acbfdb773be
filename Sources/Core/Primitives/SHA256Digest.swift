/// A SHA-256, as 32 bytes in four words; the type parameter says of what.
public struct SHA256Digest<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self = bytes.withUnsafeBytes { SHA256Digest(bigEndian: $0) }
    }

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

    /// The digest of bytes in memory.
    public static func sha256(of bytes: some Sequence<UInt8>) -> SHA256Digest {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of bytes in memory.
    public static func sha256(of bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Nil unless `hex` is exactly 64 lower-case hex digits.
    public init?(hex: String) {
        var hex = hex
        guard let parsed = hex.withUTF8({ Self(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// Nil unless `digits` are exactly 64 lower-case hex digits in ASCII.
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

    /// Puts the 64 digits of ``hex`` at `place`.
    package func writeHex(to place: UnsafeMutableRawPointer) {
        HexDigits.write(words.0, to: place)
        HexDigits.write(words.1, to: place + 16)
        HexDigits.write(words.2, to: place + 32)
        HexDigits.write(words.3, to: place + 48)
    }

    /// The first eight bytes: where it stands among others, as far as these say.
    package var leading: UInt64 { words.0 }

    package var firstByte: UInt8 { UInt8(words.0 >> 56) }

    /// The first twelve digits: enough to name a photo to a person.
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

/// SHA-256 of an original file's bytes.
public typealias PhotoID = SHA256Digest<Photo>
/// SHA-256 of an image's decoded pixels: width and height as two 32-bit big-endian numbers, then the RGB bytes.
public typealias ImageDigest = SHA256Digest<Image>
/// SHA-256 of a file that Curare wrote, or of a text that the format defines.
public typealias FileDigest = SHA256Digest<File>

public enum File {}
