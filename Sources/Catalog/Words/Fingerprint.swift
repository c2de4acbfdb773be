/// A SHA-256, as 32 bytes in four words; the type parameter says of what.
public struct Fingerprint<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        var count = 0
        for byte in bytes {
            guard count < 32 else { return nil }
            words[count / 8] = words[count / 8] << 8 | UInt64(byte)
            count += 1
        }
        guard count == 32 else { return nil }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// Nil unless `hex` is exactly 64 lower-case hex digits.
    public init?(hex: String) {
        var hex = hex
        let parsed: (UInt64, UInt64, UInt64, UInt64)? = hex.withUTF8 { digits in
            guard digits.count == 64 else { return nil }
            var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
            guard Self.parse(digits[0..<16], into: &words.0), Self.parse(digits[16..<32], into: &words.1),
                  Self.parse(digits[32..<48], into: &words.2), Self.parse(digits[48..<64], into: &words.3)
            else { return nil }
            return words
        }
        guard let parsed else { return nil }
        words = parsed
    }

    private static func parse(_ digits: Slice<UnsafeBufferPointer<UInt8>>, into word: inout UInt64) -> Bool {
        for digit in digits {
            switch digit {
            case 48...57: word = word << 4 | UInt64(digit - 48)
            case 97...102: word = word << 4 | UInt64(digit - 87)
            default: return false
            }
        }
        return true
    }

    /// 64 lower-case hex digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            var index = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    buffer[index] = digit < 10 ? 48 + digit : 87 + digit
                    index += 1
                }
            }
            return 64
        }
    }

    /// The first twelve digits: enough to name a photo to a person.
    public var short: String { String(hex.prefix(12)) }

    public var description: String { hex }

    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }
    public static func < (left: Self, right: Self) -> Bool { left.words < right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

/// SHA-256 of an original file's bytes.
public typealias PhotoID = Fingerprint<Photo>
/// SHA-256 of an image's decoded pixels: width and height as two 32-bit big-endian numbers, then the RGB bytes.
public typealias ImageDigest = Fingerprint<Image>
/// SHA-256 of a file that Curare wrote, or of a text that the format defines.
public typealias FileDigest = Fingerprint<File>

public enum File {}
