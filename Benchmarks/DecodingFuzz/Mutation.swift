/// Ways in which a file goes wrong, by chance or by somebody's intent.
enum Mutation: String, CaseIterable {
    case flip, bytes, cut, zeroes, remove, repetition, splice, length

    /// Numbers that code forgets to expect.
    private static let traps: [UInt64] = [
        0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x00ff_ffff, 0x7fff_ffff, 0x8000_0000,
        0xffff_fffe, 0xffff_ffff,
    ]

    /// - Parameter other: another real file, to splice from.
    func apply(to bytes: inout [UInt8], other: [UInt8], _ dice: inout Dice) {
        guard !bytes.isEmpty else { return }
        let place = Self.place(in: bytes.count, &dice)
        let end = min(bytes.count, place + 1 + dice.below(min(256, bytes.count)))
        switch self {
        case .flip:
            for _ in 0...dice.below(6) { bytes[Self.place(in: bytes.count, &dice)] ^= 1 << UInt8(dice.below(8)) }
        case .bytes:
            for index in place..<min(end, place + 64) { bytes[index] = UInt8(dice.below(256)) }
        case .cut: bytes.removeSubrange(place...)
        case .zeroes:
            bytes.replaceSubrange(place..<end, with: repeatElement(dice.below(2) == 0 ? 0 : 255, count: end - place))
        case .remove: bytes.removeSubrange(place..<end)
        case .repetition: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        case .splice:
            guard !other.isEmpty else { return }
            let from = dice.below(other.count)
            let piece = Array(other[from..<min(other.count, from + 1 + dice.below(4096))])
            if dice.below(2) == 0 {
                bytes.insert(contentsOf: piece, at: place)
            } else {
                bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
            }
        case .length: Self.rewriteNumber(at: place, in: &bytes, &dice)
        }
    }

    /// Two, four or eight bytes become another number, in either order of bytes.
    private static func rewriteNumber(at place: Int, in bytes: inout [UInt8], _ dice: inout Dice) {
        let size = [1, 2, 2, 4, 4, 4, 8][dice.below(7)]
        let isLittle = dice.below(2) == 0
        let number: UInt64 =
            dice.below(4) == 0
            ? UInt64(max(0, bytes.count + dice.below(9) - 4))
            : dice.below(4) == 0 ? dice.next() : traps[dice.below(traps.count)]
        for index in 0..<size where place + index < bytes.count {
            bytes[place + index] = UInt8(
                truncatingIfNeeded: number >> UInt64(8 * (isLittle ? index : size - 1 - index)))
        }
    }

    /// A third of all harm is done to headers.
    private static func place(in count: Int, _ dice: inout Dice) -> Int {
        dice.below(3) > 0 ? dice.below(count) : dice.below(min(count, 768))
    }
}
