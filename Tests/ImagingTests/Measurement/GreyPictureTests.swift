import Testing

@testable import Imaging

@Suite struct GreyPictureTests {
    @Test func rotationsAndMirrorImagesAreExact() {
        let grey = GreyPicture(width: 3, height: 2, luma: [1, 2, 3, 4, 5, 6])
        #expect(grey.mirrored.luma == [3, 2, 1, 6, 5, 4])
        #expect(grey.rotated(.right) == GreyPicture(width: 2, height: 3, luma: [4, 1, 5, 2, 6, 3]))
        #expect(grey.rotated(.half) == GreyPicture(width: 3, height: 2, luma: [6, 5, 4, 3, 2, 1]))
        #expect(grey.rotated(.left) == GreyPicture(width: 2, height: 3, luma: [3, 6, 2, 5, 1, 4]))
    }

    /// With three pixels and two cells, each cell has one and a half pixels.
    @Test func meansAreWeightedByArea() {
        let grey = GreyPicture(width: 3, height: 1, luma: [10, 20, 60])
        #expect(
            grey.means(columns: 2, rows: 1, unit: 1) == [13, 47],
            "(10 + 20/2) / 1.5 = 13.3 and (20/2 + 60) / 1.5 = 46.7")
        #expect(grey.means(columns: 2, rows: 1, unit: 256) == [3413, 11947])
        #expect(grey.means(columns: 3, rows: 1, unit: 1) == [10, 20, 60])
        #expect(grey.means(columns: 6, rows: 2, unit: 1) == [10, 10, 20, 20, 60, 60, 10, 10, 20, 20, 60, 60])
        #expect(
            GreyPicture(width: 2, height: 2, luma: [0, 1, 1, 1]).means(columns: 1, rows: 1, unit: 1) == [1],
            "three quarters, rounded")
    }

    @Test func scalingSetsTheLongerSide() throws {
        let grey = try GreyPicture(pattern(width: 60, height: 40)).scaled(longerSide: 30)
        #expect((grey.width, grey.height, grey.luma.count) == (30, 20, 600))
    }
}
