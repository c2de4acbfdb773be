import Core

/// Canonical JSON lines, written straight into bytes: a piece of a version's entries at a time, whatever the number of entries.
struct LineWriter: ~Copyable {
    private var bytes: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init() {
        bytes = .allocate(byteCount: 1 << 20, alignment: 8)
    }

    deinit {
        bytes.deallocate()
    }

    /// What was written since the last ``clear()``.
    var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[0..<count]) }

    mutating func clear() {
        count = 0
    }

    /// Makes room for `more` bytes.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > bytes.count { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * bytes.count + more, alignment: 8)
        larger.copyMemory(from: written)
        bytes.deallocate()
        bytes = larger
    }

    @inline(__always)
    mutating func put(_ text: StaticString) {
        put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// UTF-8 that needs no escapes, such as a name, as it stands.
    @inline(__always)
    mutating func put(_ text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        (bytes.baseAddress! + count).copyMemory(from: start, byteCount: text.count)
        count += text.count
    }

    /// UTF-8 that needs no escapes. It has a label since a literal would be taken for one otherwise, which costs twice as much.
    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    mutating func put<Of>(_ digest: SHA256Digest<Of>) {
        reserve(64)
        digest.writeHex(to: bytes.baseAddress! + count)
        count += 64
    }

    mutating func put(_ perceptualHash: PerceptualHash) {
        reserve(16)
        HexDigits.write(perceptualHash.bits, to: bytes.baseAddress! + count)
        count += 16
    }

    mutating func put(_ number: Int) {
        guard number >= 0 else { return put(text: String(number)) }
        reserve(20)
        var length = 1
        var rest = number
        while rest > 9 {
            rest /= 10
            length += 1
        }
        rest = number
        for place in stride(from: length - 1, through: 0, by: -1) {
            bytes[count + place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += length
    }

    /// Four numbers as an array.
    mutating func put(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) {
        put("[")
        put(first)
        put(",")
        put(second)
        put(",")
        put(third)
        put(",")
        put(fourth)
        put("]")
    }

    mutating func put(_ value: Bool?) {
        switch value {
        case true?: put("true")
        case false?: put("false")
        case nil: put("null")
        }
    }
}
