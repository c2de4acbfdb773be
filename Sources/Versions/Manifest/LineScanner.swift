import Core
import Foundation

/// A line read from left to right.
struct LineScanner {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    /// Goes behind `text` where it stands here.
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count, memcmp(bytes.baseAddress! + index, text.utf8Start, count) == 0 else {
            return false
        }
        index += count
        return true
    }

    /// What stands up to the next quotation mark, without escapes: a name is looked up as it stands, and an escape is in none.
    mutating func text() -> UnsafeRawBufferPointer {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    }

    mutating func digest<Of>() -> SHA256Digest<Of>? {
        guard index + 64 <= bytes.count,
            let digest = SHA256Digest<Of>(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[index..<index + 64]))
        else { return nil }
        index += 64
        return digest
    }

    mutating func perceptualHash() -> PerceptualHash? {
        guard index + 16 <= bytes.count,
            let perceptualHash = PerceptualHash(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[index..<index + 16]))
        else { return nil }
        index += 16
        return perceptualHash
    }

    /// A number of at most nine digits, as canonical JSON writes it.
    mutating func number() -> Int? {
        var value = 0
        var digits = 0
        while index < bytes.count, case let digit = Int(bytes[index]) - 48, (0...9).contains(digit) {
            value = 10 * value + digit
            digits += 1
            index += 1
            if digits > 1, value < 10 || digits > 9 { return nil }
        }
        return digits == 0 ? nil : value
    }

    /// Four numbers with commas between them.
    mutating func four() -> (Int, Int, Int, Int)? {
        guard let first = number(), take(","), let second = number(), take(","), let third = number(), take(","),
            let fourth = number()
        else { return nil }
        return (first, second, third, fourth)
    }

    /// `true`, `false` or `null`; the outer nil is none of them.
    mutating func truth() -> Bool?? {
        if take("null") { return .some(nil) }
        if take("true") { return true }
        return take("false") ? false : nil
    }
}
