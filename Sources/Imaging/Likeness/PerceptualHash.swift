/// Sixty-four bits that near-duplicates nearly share: the signs of 8 × 8 frequencies of a picture's 32 × 32 grey cells.
///
/// Signs of middle frequencies, and not the lowest ones against their median as pHash has it (Zauner, "Implementation and Benchmarking of Perceptual
/// Image Hash Functions", 2010): the lowest are the same in all stills of one sitting. `docs/groups.md` has what was measured.
/// In whole numbers throughout; `docs/format.md` defines it to the bit, under the name `dct-sign-1`.
public struct PerceptualHash: Hashable, Sendable {
    /// The first of the eight frequencies in both directions, in half waves a side.
    static let lowest = 4

    /// The bit of vertical frequency u and horizontal frequency v, both from 0 to 7 above the lowest, is bit 63 − (8u + v).
    public let bits: UInt64

    public init(_ picture: Picture) {
        self.init(GreyPicture(picture))
    }

    init(_ grey: GreyPicture) {
        self.init(GreyGrid(grey), from: Self.lowest)
    }

    /// A bit is set where its frequency's sum of cell · cosine · cosine is above 0.
    init(_ grid: GreyGrid, from lowest: Int) {
        let side = GreyGrid.side
        var bits: UInt64 = 0
        for vertical in lowest..<lowest + 8 {
            let columns = (0..<side).map { column in
                (0..<side).reduce(0) { $0 + Self.cosine(vertical, $1) * grid.cells[side * $1 + column] }
            }
            for horizontal in lowest..<lowest + 8 {
                let sum = (0..<side).reduce(0) { $0 + Self.cosine(horizontal, $1) * columns[$1] }
                bits = bits << 1 | (sum > 0 ? 1 : 0)
            }
        }
        self.bits = bits
    }

    /// 4096 · cos(π · frequency · (2 · place + 1) / 64), rounded to the nearest whole number.
    static func cosine(_ frequency: Int, _ place: Int) -> Int {
        let angle = frequency * (2 * place + 1) % 128
        let folded = min(angle, 128 - angle)
        return folded <= 32 ? cosines[folded] : -cosines[64 - folded]
    }

    /// 4096 · cos(π · k / 64) for k from 0 to 32, rounded: written out, so that they hang on no mathematical library.
    private static let cosines = [
        4096, 4091, 4076, 4052, 4017, 3973, 3920, 3857, 3784, 3703, 3612, 3513, 3406, 3290, 3166, 3035, 2896,
        2751, 2598, 2440, 2276, 2106, 1931, 1751, 1567, 1380, 1189, 995, 799, 601, 401, 201, 0,
    ]
}
