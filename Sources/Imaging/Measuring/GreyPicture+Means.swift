extension GreyPicture {
    /// Exact averages over areas, in whole numbers: the picture reduced to `columns` × `rows` cells, where a pixel counts in each cell by the area that both share.
    ///
    /// Defined for every size, also where cells and pixels do not meet, and where there are fewer pixels than cells.
    ///
    /// - Parameter unit: what one step of luma is in the means. A cell's mean is ⌊(unit · Σ luma · area + ⌊w·h/2⌋) / (w·h)⌋, with areas in 1/(columns · rows)
    ///   of a pixel, so that each cell holds w × h of them.
    func means(columns: Int, rows: Int, unit: Int) -> [Int] {
        let across = Self.overlaps(width, columns), down = Self.overlaps(height, rows)
        var sums = [Int](repeating: 0, count: columns * rows), line = [Int](repeating: 0, count: columns), row = -1
        luma.withUnsafeBufferPointer { luma in
            across.withUnsafeBufferPointer { across in
                for part in down {
                    if part.pixel != row {
                        row = part.pixel
                        for column in 0..<columns { line[column] = 0 }
                        for overlap in across { line[overlap.cell] += Int(luma[row * width + overlap.pixel]) * overlap.length }
                    }
                    for column in 0..<columns { sums[columns * part.cell + column] += line[column] * part.length }
                }
            }
        }
        let area = width * height
        return sums.map { (unit * $0 + area / 2) / area }
    }

    /// How far a pixel and a cell overlap along one side, in 1/cells of a pixel.
    private struct Overlap {
        let pixel, cell, length: Int
    }

    /// Pixel p lies from cells·p to cells·(p + 1), cell c from c·pixels to (c + 1)·pixels.
    private static func overlaps(_ pixels: Int, _ cells: Int) -> [Overlap] {
        var overlaps: [Overlap] = []
        for pixel in 0..<pixels {
            var place = cells * pixel
            while place < cells * (pixel + 1) {
                let cell = place / pixels, end = min(cells * (pixel + 1), (cell + 1) * pixels)
                overlaps.append(Overlap(pixel: pixel, cell: cell, length: end - place))
                place = end
            }
        }
        return overlaps
    }
}
