/// A picture reduced to 32 × 32 cells of grey.
struct GreyGrid: Hashable, Sendable {
    /// Cells a side.
    static let side = 32

    /// side × side mean lumas in 1/256, row by row: 0…65280.
    let cells: [Int]

    init(_ grey: GreyPicture) {
        cells = grey.means(columns: Self.side, rows: Self.side, unit: 256)
    }
}
