/// The eight symmetries of a square: a picture as it is, turned by quarters, and mirrored.
public enum PictureSymmetry: CaseIterable, Sendable {
    case unchanged
    /// Left and right are exchanged.
    case mirrored
    /// Top and bottom are exchanged.
    case flipped
    /// Turned by 180°.
    case half
    /// Turned clockwise by 90°.
    case right
    /// Turned clockwise by 270°.
    case left
    /// Mirrored at the diagonal from the top left to the bottom right.
    case transposed
    /// Mirrored at the diagonal from the top right to the bottom left.
    case antitransposed

    /// A word for messages; nil for ``unchanged``.
    public var word: String? {
        switch self {
        case .unchanged: nil
        case .mirrored: "mirrored"
        case .flipped, .transposed, .antitransposed: "mirrored and turned"
        case .half: "turned by 180°"
        case .right, .left: "turned by 90°"
        }
    }

    /// Whether rows and columns are exchanged.
    var isTransposing: Bool {
        switch self {
        case .unchanged, .mirrored, .flipped, .half: false
        case .right, .left, .transposed, .antitransposed: true
        }
    }

    /// Whether left and right are exchanged, after ``isTransposing``.
    var exchangesColumns: Bool {
        switch self {
        case .mirrored, .half, .right, .antitransposed: true
        case .unchanged, .flipped, .left, .transposed: false
        }
    }

    /// Whether top and bottom are exchanged, after ``isTransposing``.
    var exchangesRows: Bool {
        switch self {
        case .flipped, .half, .left, .antitransposed: true
        case .unchanged, .mirrored, .right, .transposed: false
        }
    }
}

// A bit of the hash is the sign of the sum of cell · cosine · cosine. When left and right are exchanged, the cosine of a
// horizontal frequency v changes its sign if v is odd, and the sum does too. When rows and columns are exchanged, u and v
// are exchanged. A sum of exactly 0 gives a 0 before and after; such a bit can be wrong here. Photos have hardly any.
extension PerceptualHash {
    /// The bits of odd horizontal frequencies. The bit of the frequencies u and v, both counted from 4, is bit 63 −
    /// (8u + v).
    static let oddColumns: UInt64 = 0x5555_5555_5555_5555
    /// The bits of odd vertical frequencies.
    static let oddRows: UInt64 = 0x00FF_00FF_00FF_00FF

    /// Returns the hash that the picture has after it is turned or mirrored.
    public func after(_ symmetry: PictureSymmetry) -> PerceptualHash {
        var bits = symmetry.isTransposing ? Self.transposed(bits) : bits
        if symmetry.exchangesColumns { bits ^= Self.oddColumns }
        if symmetry.exchangesRows { bits ^= Self.oddRows }
        return PerceptualHash(bits)
    }

    /// Returns the smallest distance between the other hash and the eight hashes of this picture, turned and mirrored.
    /// Of equal distances, the first in the order of ``PictureSymmetry`` counts.
    public func turnedDistance(to other: PerceptualHash) -> (bits: Int, symmetry: PictureSymmetry) {
        var best = (bits: distance(to: other), symmetry: PictureSymmetry.unchanged)
        for symmetry in PictureSymmetry.allCases.dropFirst() {
            let bits = after(symmetry).distance(to: other)
            if bits < best.bits { best = (bits, symmetry) }
        }
        return best
    }

    /// Returns the smallest of the eight hashes of the picture, turned and mirrored, with the bits of `mask` only.
    ///
    /// Two hashes have the same value if one of the eight hashes of the first is equal to the second in these bits.
    ///
    /// - Parameter mask: contains the bit of u and v exactly if it contains the bit of v and u.
    package static func canonical(_ bits: UInt64, in mask: UInt64) -> UInt64 {
        let first = bits & mask
        let second = transposed(bits) & mask
        let columns = oddColumns & mask
        let rows = oddRows & mask
        let both = columns ^ rows
        return min(
            min(min(first, first ^ columns), min(first ^ rows, first ^ both)),
            min(min(second, second ^ columns), min(second ^ rows, second ^ both)))
    }

    /// Returns the smallest distance of ``turnedDistance(to:)``, faster.
    package static func turnedDistance(_ left: UInt64, _ right: UInt64) -> Int {
        func distance(_ difference: UInt64) -> Int {
            min(
                min(difference.nonzeroBitCount, (difference ^ oddColumns).nonzeroBitCount),
                min((difference ^ oddRows).nonzeroBitCount, (difference ^ oddColumns ^ oddRows).nonzeroBitCount))
        }
        return min(distance(left ^ right), distance(transposed(left) ^ right))
    }

    /// Exchanges vertical and horizontal frequencies: the transposition of a matrix of 8 × 8 bits, by three exchanges of
    /// blocks (Warren, "Hacker's Delight", 2nd edition, section 7-3).
    static func transposed(_ bits: UInt64) -> UInt64 {
        var bits = bits
        var changed = (bits ^ (bits >> 7)) & 0x00AA_00AA_00AA_00AA
        bits ^= changed ^ (changed << 7)
        changed = (bits ^ (bits >> 14)) & 0x0000_CCCC_0000_CCCC
        bits ^= changed ^ (changed << 14)
        changed = (bits ^ (bits >> 28)) & 0x0000_0000_F0F0_F0F0
        return bits ^ changed ^ (changed << 28)
    }
}
