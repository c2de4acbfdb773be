/// An overlay's pixels averaged in blocks, colours multiplied with alpha, so that it can be drawn smaller without losing thin lines.
///
/// Every number is from 0 to 65025, which is 255 · 255.
struct OverlayBlocks {
    let columns, rows: Int
    /// Four numbers a block: red, green and blue times alpha, and 255 · alpha.
    let numbers: [Int32]

    /// - Parameter side: of a block in pixels; beyond the border nothing is drawn.
    init(_ picture: OverlayPicture, side: Int, isGrey: Bool) {
        (columns, rows) = ((picture.width + side - 1) / side, (picture.height + side - 1) / side)
        var sums = [Int](repeating: side * side / 2, count: 4 * columns * rows)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let pixel = 4 * (y * picture.width + x)
                let block = 4 * (y / side * columns + x / side)
                var (red, green, blue) = (
                    Int(picture.rgba[pixel]), Int(picture.rgba[pixel + 1]), Int(picture.rgba[pixel + 2])
                )
                let alpha = Int(picture.rgba[pixel + 3])
                if isGrey {
                    let luma = (77 * red + 150 * green + 29 * blue + 128) >> 8
                    (red, green, blue) = (luma, luma, luma)
                }
                sums[block] += red * alpha
                sums[block + 1] += green * alpha
                sums[block + 2] += blue * alpha
                sums[block + 3] += 255 * alpha
            }
        }
        numbers = sums.map { Int32($0 / (side * side)) }
    }
}
