/// A picture reduced to 32 × 32 cells of grey by exact averages over areas: a pixel counts in each cell by the area that both share.
///
/// Defined for every size, also where cells and pixels do not meet, and where there are fewer pixels than cells.
struct GreyGrid: Hashable, Sendable {
    /// Cells a side.
    static let side = 32

    /// side × side mean lumas in 1/256, row by row: 0…65280.
    let cells: [Int]

    /// A cell's mean is ⌊(256 · Σ luma · area + ⌊w·h/2⌋) / (w·h)⌋, areas in 1/1024 of a pixel, so that each cell holds w × h of them.
    init(_ grey: GreyPicture) {
        let across = Self.overlaps(grey.width), down = Self.overlaps(grey.height)
        var sums = [Int](repeating: 0, count: Self.side * Self.side)
        grey.luma.withUnsafeBufferPointer { luma in
            var line: [Int] = [], row = -1
            for part in down {
                if part.pixel != row {
                    row = part.pixel
                    line = [Int](repeating: 0, count: Self.side)
                    for part in across { line[part.cell] += Int(luma[row * grey.width + part.pixel]) * part.length }
                }
                for column in 0..<Self.side { sums[Self.side * part.cell + column] += line[column] * part.length }
            }
        }
        let area = grey.width * grey.height
        cells = sums.map { (256 * $0 + area / 2) / area }
    }

    /// How far a pixel and a cell overlap along one side, in 1/32 of a pixel.
    private struct Overlap {
        let pixel, cell, length: Int
    }

    /// Pixel p lies from 32p to 32(p + 1), cell c from c·pixels to (c + 1)·pixels.
    private static func overlaps(_ pixels: Int) -> [Overlap] {
        var overlaps: [Overlap] = []
        for pixel in 0..<pixels {
            var place = side * pixel
            while place < side * (pixel + 1) {
                let cell = place / pixels, end = min(side * (pixel + 1), (cell + 1) * pixels)
                overlaps.append(Overlap(pixel: pixel, cell: cell, length: end - place))
                place = end
            }
        }
        return overlaps
    }
}
