import Core
import Testing

@testable import Imaging

@Suite struct AreaMeansTests {
    /// Computes the means on a grid so fine that pixels and cells consist of whole squares of the grid.
    private func expected(
        _ samples: [UInt8], bands: Int, width: Int, _ part: Box, columns: Int, rows: Int, unit: Int
    ) -> [Int] {
        (0..<rows * columns * bands).map { index in
            let (cell, band) = (index / bands, index % bands)
            let (row, column) = (cell / columns, cell % columns)
            var sum = 0
            for y in row * part.height..<(row + 1) * part.height {
                for x in column * part.width..<(column + 1) * part.width {
                    sum += Int(samples[bands * ((part.y + y / rows) * width + part.x + x / columns) + band])
                }
            }
            return (unit * sum + part.area / 2) / part.area
        }
    }

    @Test(arguments: [
        (7, 5, 3, 2), (12, 9, 4, 3), (5, 4, 5, 4), (3, 2, 8, 5), (1, 1, 2, 2), (11, 3, 1, 1), (6, 7, 5, 1),
    ])
    func partIsAveragedInEachBand(_ width: Int, _ height: Int, _ columns: Int, _ rows: Int) {
        let picture = pattern(width: width + 3, height: height + 2)
        for part in [
            Box(x: 0, y: 0, width: width, height: height),
            Box(x: 3, y: 2, width: width, height: height),
        ] {
            #expect(
                AreaMeans.of(picture.rgb, bands: 3, width: picture.width, part, columns: columns, rows: rows, unit: 1)
                    == expected(
                        picture.rgb, bands: 3, width: picture.width, part, columns: columns, rows: rows, unit: 1)
            )
        }
    }

    @Test func smallerImageConsistsOfAreaMeans() throws {
        let picture = pattern(width: 41, height: 30)
        let image = try picture.rendered(size: 16, crop: .centre, colour: .srgb)
        let middle = Box(x: 5, y: 0, width: 30, height: 30)
        #expect(
            image.rgb.map { Int($0) }
                == expected(picture.rgb, bands: 3, width: 41, middle, columns: 16, rows: 16, unit: 1))
    }
}
