import Core

/// A parser for the JSON that Curare writes: only integers, no duplicate members, and at most 32 levels of nesting.
package struct JSONReader {
    private var bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    /// Parses one JSON value.
    ///
    /// - Throws: ``CurareError`` (65) with the index of the first invalid byte.
    package static func read(_ text: some Sequence<UInt8>) throws -> JSONValue {
        try Array(text).withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes: bytes)
            let value = try reader.value(depth: 0)
            reader.skipSpace()
            guard reader.index == bytes.count else { throw reader.parseError("there is text after the end") }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < 32 else { throw parseError("the nesting is too deep") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth))
        case UInt8(ascii: "["): return .array(try elements(depth))
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(_ depth: Int) throws -> [String: JSONValue] {
        index += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(":") else { throw parseError("a colon is missing") }
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                throw parseError("the member \(key) appears twice")
            }
            skipSpace()
        } while take(",")
        guard take("}") else { throw parseError("an object does not end") }
        return members
    }

    private mutating func elements(_ depth: Int) throws -> [JSONValue] {
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw parseError("an array does not end") }
        return elements
    }

    private mutating func string() throws -> String {
        guard take("\"") else { throw parseError("a string is missing") }
        let start = index
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        guard var text = String(validating: bytes[start..<index], as: UTF8.self) else {
            throw parseError("a string is not UTF-8")
        }
        while !take("\"") {
            if take("\\") {
                text.unicodeScalars.append(try escape())
            } else {
                let start = index
                while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                    index += 1
                }
                guard index > start, let more = String(validating: bytes[start..<index], as: UTF8.self) else {
                    throw parseError("a string does not end")
                }
                text += more
            }
        }
        return text
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard let byte = peek else { throw parseError("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"):
            let end = min(index + 4, bytes.count)
            guard let value = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value), end - index == 4
            else { throw parseError("an escape is not a character") }
            index = end
            return scalar
        default: throw parseError("an escape is unknown")
        }
    }

    private mutating func number() throws -> Int {
        let start = index
        while let byte = peek, (48...57).contains(byte) || byte == UInt8(ascii: "-") { index += 1 }
        guard let value = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else {
            throw parseError("a whole number is missing")
        }
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[index..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw parseError("a value is unknown") }
        index = end
        return value
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    private func parseError(_ message: String) -> CurareError {
        CurareError(.badInput, "this is not JSON that Curare wrote: \(message), at byte \(index)")
    }
}
