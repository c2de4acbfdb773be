/// The computation of the 64-bit perceptual hash `dct-sign-1`, in which near-duplicates differ in few bits. Each bit is
/// the sign of one of 8 × 8 frequencies of the picture's 32 × 32 grey cells.
///
/// The hash uses signs of middle frequencies. pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash
/// Functions", 2010) compares the lowest frequencies with their median, but the lowest frequencies are nearly equal in
/// all photos of one session; `Benchmarks/README.md` has the measurements. All arithmetic uses whole numbers;
/// `docs/format.md` defines every bit.
public enum PerceptualHashing {
    /// The lowest of the eight frequencies in both directions, in half waves per side.
    static let lowestFrequency = 4

    /// Returns the hash of a picture. The bit of vertical frequency u and horizontal frequency v, both counted from 0
    /// to 7 above the lowest, is bit 63 − (8u + v).
    public static func bits(of picture: Picture) -> UInt64 {
        bits(of: GreyPicture(picture))
    }

    static func bits(of grey: GreyPicture) -> UInt64 {
        bits(of: GreyGrid(grey), from: lowestFrequency)
    }

    /// A bit is 1 if the sum of cell · cosine · cosine over all cells is above 0.
    static func bits(of grid: GreyGrid, from lowest: Int) -> UInt64 {
        let side = GreyGrid.side
        var bits: UInt64 = 0
        for vertical in lowest..<lowest + 8 {
            let columns = (0..<side).map { column in
                (0..<side).reduce(0) { $0 + cosine(vertical, $1) * grid.cells[side * $1 + column] }
            }
            for horizontal in lowest..<lowest + 8 {
                let sum = (0..<side).reduce(0) { $0 + cosine(horizontal, $1) * columns[$1] }
                bits = (bits << 1) | (sum > 0 ? 1 : 0)
            }
        }
        return bits
    }

    /// Returns 4096 · cos(π · frequency · (2 · cell + 1) / 64), rounded to the nearest whole number.
    static func cosine(_ frequency: Int, _ cell: Int) -> Int {
        let angle = frequency * (2 * cell + 1) % 128
        let folded = min(angle, 128 - angle)
        return folded <= 32 ? cosines[folded] : -cosines[64 - folded]
    }

    /// 4096 · cos(π · k / 64) for k from 0 to 32, rounded. The table makes the hash independent of the mathematical
    /// library.
    private static let cosines = [
        4096, 4091, 4076, 4052, 4017, 3973, 3920, 3857, 3784, 3703, 3612, 3513, 3406, 3290, 3166, 3035, 2896,
        2751, 2598, 2440, 2276, 2106, 1931, 1751, 1567, 1380, 1189, 995, 799, 601, 401, 201, 0,
    ]
}

/// A picture reduced to 32 × 32 grey cells.
struct GreyGrid: Hashable, Sendable {
    /// Cells a side.
    static let side = 32

    /// side × side means of luma in 1/256, row by row: 0…65280.
    let cells: [Int]

    init(_ grey: GreyPicture) {
        cells = grey.means(columns: Self.side, rows: Self.side, unit: 256)
    }
}
