/// A reader of numbers and texts at offsets in a byte array. Every function returns nil beyond the end.
struct ByteReader {
    private let all: [UInt8]
    var count: Int { all.count }

    init(_ bytes: [UInt8]) {
        all = bytes
    }

    func number(_ offset: Int, _ size: Int, isLittle: Bool) -> Int? {
        guard offset >= 0, offset <= all.count - size else { return nil }
        var value = 0
        for index in 0..<size {
            value = (value << 8) | Int(all[isLittle ? offset + size - 1 - index : offset + index])
        }
        return value
    }

    func big32(_ offset: Int) -> Int? { number(offset, 4, isLittle: false) }

    func text(_ offset: Int, _ size: Int) -> String? {
        guard offset >= 0, offset <= all.count - size else { return nil }
        return String(decoding: all[offset..<offset + size], as: UTF8.self)
    }

    /// Returns the bytes at an offset, as far as they exist.
    func bytes(_ offset: Int, _ size: Int) -> ArraySlice<UInt8> {
        guard offset >= 0, size > 0, offset < all.count else { return [] }
        return all[offset..<min(all.count, offset + size)]
    }
}
