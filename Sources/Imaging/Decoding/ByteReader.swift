/// Numbers out of bytes; nil wherever they end too early.
struct ByteReader {
    private let bytes: [UInt8]
    var count: Int { bytes.count }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func number(_ offset: Int, _ size: Int, isLittle: Bool) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let part = bytes[offset..<offset + size]
        return isLittle ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }

    func big32(_ offset: Int) -> Int? { number(offset, 4, isLittle: false) }

    func text(_ offset: Int, _ size: Int) -> String? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        return String(decoding: bytes[offset..<offset + size], as: UTF8.self)
    }
}
