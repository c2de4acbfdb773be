import Core

/// A kind of damage to a file.
enum Mutation: String, CaseIterable {
    case flip, bytes, cut, zeroes, remove, repetition, splice, length

    /// Numbers that code often handles incorrectly.
    private static let criticalNumbers: [UInt64] = [
        0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x00ff_ffff, 0x7fff_ffff, 0x8000_0000,
        0xffff_fffe, 0xffff_ffff,
    ]

    /// Damages `bytes`.
    ///
    /// - Parameter other: another file, from which a part may be inserted.
    func apply(to bytes: inout [UInt8], other: [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let position = Self.position(in: bytes.count, &random)
        let end = min(bytes.count, position + 1 + random.below(min(256, bytes.count)))
        switch self {
        case .flip:
            for _ in 0...random.below(6) {
                bytes[Self.position(in: bytes.count, &random)] ^= 1 << UInt8(random.below(8))
            }
        case .bytes:
            for index in position..<min(end, position + 64) { bytes[index] = UInt8(random.below(256)) }
        case .cut: bytes.removeSubrange(position...)
        case .zeroes:
            bytes.replaceSubrange(
                position..<end, with: repeatElement(random.below(2) == 0 ? 0 : 255, count: end - position))
        case .remove: bytes.removeSubrange(position..<end)
        case .repetition: bytes.insert(contentsOf: Array(bytes[position..<end]), at: position)
        case .splice:
            guard !other.isEmpty else { return }
            let from = random.below(other.count)
            let piece = Array(other[from..<min(other.count, from + 1 + random.below(4096))])
            if random.below(2) == 0 {
                bytes.insert(contentsOf: piece, at: position)
            } else {
                bytes.replaceSubrange(position..<min(bytes.count, position + piece.count), with: piece)
            }
        case .length: Self.rewriteNumber(at: position, in: &bytes, &random)
        }
    }

    /// Overwrites one, two, four or eight bytes with another number, in either byte order.
    private static func rewriteNumber(at position: Int, in bytes: inout [UInt8], _ random: inout SplitMix64) {
        let size = [1, 2, 2, 4, 4, 4, 8][random.below(7)]
        let isLittle = random.below(2) == 0
        let number: UInt64 =
            random.below(4) == 0
            ? UInt64(max(0, bytes.count + random.below(9) - 4))
            : random.below(4) == 0 ? random.next() : criticalNumbers[random.below(criticalNumbers.count)]
        for index in 0..<size where position + index < bytes.count {
            bytes[position + index] = UInt8(
                truncatingIfNeeded: number >> UInt64(8 * (isLittle ? index : size - 1 - index)))
        }
    }

    /// Returns a random position. A third of the positions are in the header.
    private static func position(in count: Int, _ random: inout SplitMix64) -> Int {
        random.below(3) > 0 ? random.below(count) : random.below(min(count, 768))
    }
}

extension SplitMix64 {
    /// Returns a number from 0 up to but not including `bound`; 0 if `bound` is at most 1.
    mutating func below(_ bound: Int) -> Int { bound > 1 ? next(below: bound) : 0 }
}
