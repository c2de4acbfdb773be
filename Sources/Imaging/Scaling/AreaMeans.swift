/// Exact averages over areas, in whole numbers: a part of a picture reduced to `columns` × `rows` cells, where a pixel counts in each cell by the area that both share.
///
/// Defined for every size, also where cells and pixels do not meet, and where there are fewer pixels than cells.
enum AreaMeans {
    /// - Parameters:
    ///   - samples: `bands` bytes a pixel, row by row, of a picture `width` pixels wide.
    ///   - part: what is reduced; it lies inside the picture.
    ///   - columns: as `rows`, at most 65 535.
    ///   - unit: what one step of a sample is in the means. A cell's mean is ⌊(unit · Σ sample · area + ⌊w·h/2⌋) / (w·h)⌋ for a part of w × h, with areas in
    ///     1/(columns · rows) of a pixel, so that each cell holds w × h of them.
    /// - Returns: `bands` means a cell, row by row.
    static func of(_ samples: [UInt8], bands: Int, width: Int, _ part: PixelBox, columns: Int, rows: Int, unit: Int)
        -> [Int]
    {
        let across = overlaps(part.width, columns)
        let area = part.width * part.height
        var means: [Int] = []
        means.reserveCapacity(bands * columns * rows)
        // The pixels of one row of cells, summed up column by column.
        var line = [UInt32](repeating: 0, count: bands * part.width)
        var row = 0
        func finish() {
            for sum in gathered(line, across, bands: bands, columns: columns) {
                means.append((unit * sum + area / 2) / area)
            }
        }
        for overlap in overlaps(part.height, rows) {
            if overlap.cell != row {
                finish()
                for column in line.indices { line[column] = 0 }
                row = overlap.cell
            }
            add(
                samples, from: bands * ((part.top + overlap.pixel) * width + part.left), times: overlap.length,
                to: &line)
        }
        finish()
        return means
    }

    /// Adds a row of pixels to `line`.
    private static func add(_ samples: [UInt8], from first: Int, times length: UInt16, to line: inout [UInt32]) {
        precondition(first + line.count <= samples.count)
        // Two numbers that are known to fit into 16 bits are multiplied eight at once.
        let length = UInt32(length)
        samples.withUnsafeBufferPointer { samples in
            line.withUnsafeMutableBufferPointer { line in
                for column in 0..<line.count { line[column] &+= UInt32(samples[first &+ column]) &* length }
            }
        }
    }

    /// The sums of the cells whose pixels' columns are summed up in `line`.
    private static func gathered(_ line: [UInt32], _ across: [Overlap], bands: Int, columns: Int) -> [Int] {
        [Int](unsafeUninitializedCapacity: bands * columns) { cells, filled in
            cells.initialize(repeating: 0)
            line.withUnsafeBufferPointer { line in
                across.withUnsafeBufferPointer { across in
                    for overlap in across {
                        let (cell, pixel, length) = (bands &* overlap.cell, bands &* overlap.pixel, Int(overlap.length))
                        for band in 0..<bands { cells[cell &+ band] &+= Int(line[pixel &+ band]) &* length }
                    }
                }
            }
            filled = bands * columns
        }
    }

    /// How far a pixel and a cell overlap along one side, in 1/cells of a pixel.
    private struct Overlap {
        let pixel, cell: Int
        let length: UInt16
    }

    /// Pixel p lies from cells·p to cells·(p + 1), cell c from c·pixels to (c + 1)·pixels. Neither goes back.
    private static func overlaps(_ pixels: Int, _ cells: Int) -> [Overlap] {
        var overlaps: [Overlap] = []
        for pixel in 0..<pixels {
            var place = cells * pixel
            while place < cells * (pixel + 1) {
                let cell = place / pixels
                let end = min(cells * (pixel + 1), (cell + 1) * pixels)
                overlaps.append(Overlap(pixel: pixel, cell: cell, length: UInt16(end - place)))
                place = end
            }
        }
        return overlaps
    }
}

extension GreyPicture {
    /// ``AreaMeans`` of the whole picture.
    func means(columns: Int, rows: Int, unit: Int) -> [Int] {
        AreaMeans.of(
            luma, bands: 1, width: width, PixelBox(left: 0, top: 0, width: width, height: height), columns: columns,
            rows: rows, unit: unit)
    }
}
