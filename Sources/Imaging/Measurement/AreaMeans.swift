import Core

/// Exact means over areas in whole numbers. A part of a picture is reduced to `columns` × `rows` cells; the weight of a
/// pixel in a cell is the area that both share.
///
/// The means are defined for every size, also if the borders of cells are inside pixels, and if there are fewer pixels
/// than cells.
enum AreaMeans {
    /// Returns `bands` means for each cell, row by row.
    ///
    /// - Parameters:
    ///   - samples: `bands` bytes a pixel, row by row, of a picture `width` pixels wide.
    ///   - part: the part to reduce; it must be inside the picture.
    ///   - columns: at most 65,535, as `rows`.
    ///   - unit: the factor between samples and means. The mean of a cell is ⌊(unit · Σ sample · area + ⌊w·h/2⌋) /
    ///     (w·h)⌋ for a part of w × h pixels. Areas are in 1/(columns · rows) of a pixel, so that each cell has the
    ///     area w · h.
    static func of(_ samples: [UInt8], bands: Int, width: Int, _ part: Box, columns: Int, rows: Int, unit: Int)
        -> [Int]
    {
        let across = overlaps(part.width, columns)
        let area = part.width * part.height
        var means: [Int] = []
        means.reserveCapacity(bands * columns * rows)
        // The weighted sums of the pixel columns in one row of cells.
        var line = [UInt32](repeating: 0, count: bands * part.width)
        var row = 0
        func finish() {
            for sum in cellSums(line, across, bands: bands, columns: columns) {
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
                samples, from: bands * ((part.y + overlap.pixel) * width + part.x), times: overlap.length,
                to: &line)
        }
        finish()
        return means
    }

    /// Adds a row of pixels with a weight to `line`.
    private static func add(_ samples: [UInt8], from first: Int, times length: UInt16, to line: inout [UInt32]) {
        precondition(first + line.count <= samples.count)
        // Both factors fit into 16 bits, which lets the compiler multiply eight at once.
        let length = UInt32(length)
        samples.withUnsafeBufferPointer { samples in
            line.withUnsafeMutableBufferPointer { line in
                for column in 0..<line.count { line[column] &+= UInt32(samples[first &+ column]) &* length }
            }
        }
    }

    /// Returns the sums of the cells in a row of cells, from the sums of its pixel columns.
    private static func cellSums(_ line: [UInt32], _ across: [Overlap], bands: Int, columns: Int) -> [Int] {
        [Int](unsafeUninitializedCapacity: bands * columns) { cells, filledCount in
            cells.initialize(repeating: 0)
            line.withUnsafeBufferPointer { line in
                across.withUnsafeBufferPointer { across in
                    for overlap in across {
                        let (cell, pixel, length) = (bands &* overlap.cell, bands &* overlap.pixel, Int(overlap.length))
                        for band in 0..<bands { cells[cell &+ band] &+= Int(line[pixel &+ band]) &* length }
                    }
                }
            }
            filledCount = bands * columns
        }
    }

    /// The length that a pixel and a cell share along one side, in 1/cells of a pixel.
    private struct Overlap {
        let pixel: Int
        let cell: Int
        let length: UInt16
    }

    /// Returns all overlaps in increasing order of pixels and cells. Pixel p extends from cells·p to cells·(p + 1),
    /// cell c from c·pixels to (c + 1)·pixels.
    private static func overlaps(_ pixels: Int, _ cells: Int) -> [Overlap] {
        var overlaps: [Overlap] = []
        for pixel in 0..<pixels {
            var position = cells * pixel
            while position < cells * (pixel + 1) {
                let cell = position / pixels
                let end = min(cells * (pixel + 1), (cell + 1) * pixels)
                overlaps.append(Overlap(pixel: pixel, cell: cell, length: UInt16(end - position)))
                position = end
            }
        }
        return overlaps
    }
}

extension GreyPicture {
    /// Returns the ``AreaMeans`` of the whole picture.
    func means(columns: Int, rows: Int, unit: Int) -> [Int] {
        AreaMeans.of(
            luma, bands: 1, width: width, Box(x: 0, y: 0, width: width, height: height), columns: columns,
            rows: rows, unit: unit)
    }
}
