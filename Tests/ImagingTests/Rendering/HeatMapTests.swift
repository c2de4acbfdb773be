import Testing

@testable import Imaging

@Suite struct HeatMapTests {
    @Test func lumaIncreasesWithTheValue() {
        var before = -1
        for step in 0...200 {
            let colour = HeatMap.colour(Float(step) / 200)
            let luma = 77 * colour.red + 150 * colour.green + 29 * colour.blue
            #expect(luma > before, "\(step)")
            before = luma
        }
        #expect(
            HeatMap.colour(0) == (68, 1, 84) && HeatMap.colour(1) == (253, 231, 37)
                && HeatMap.colour(7) == HeatMap.colour(1) && HeatMap.colour(0.5) == (33, 145, 140))
    }

    @Test func overlaidPictureIsHalfGreyAndHalfColour() throws {
        let picture = try #require(Picture(width: 2, height: 1, rgb: [100, 100, 100, 255, 255, 255]))
        let map = try #require(HeatMap(width: 2, height: 1, values: [0, 8]))
        #expect(picture.overlaid(with: map)?.rgb == [84, 51, 92, 254, 243, 146])
        // Values are divided by the largest value. A map of zeros stays dark.
        #expect(HeatMap(width: 2, height: 1, values: [2, 8])?.values == [0.25, 1])
        #expect(HeatMap(width: 2, height: 1, values: [0, 0])?.values == [0, 0])
    }

    @Test func mapOfAnotherSizeIsRejected() throws {
        #expect(HeatMap(width: 2, height: 2, values: [1]) == nil)
        #expect(HeatMap(width: 0, height: 0, values: []) == nil)
        let picture = try #require(Picture(width: 2, height: 1, rgb: [0, 0, 0, 0, 0, 0]))
        let map = try #require(HeatMap(width: 1, height: 2, values: [1, 1]))
        #expect(picture.overlaid(with: map) == nil)
    }

    @Test func outlineSurroundsTheRegion() throws {
        let picture = try #require(Picture(width: 5, height: 5, rgb: Array(repeating: 100, count: 75)))
        let inside = (0..<25).map { (1...3).contains($0 % 5) && (1...3).contains($0 / 5) }
        let lined = picture.outlined(inside)
        #expect(lined.pixel(1, 1) == [255, 255, 255] && lined.pixel(3, 2) == [255, 255, 255])
        #expect(
            lined.pixel(2, 2) == [100, 100, 100] && lined.pixel(0, 0) == [100, 100, 100]
                && lined.pixel(0, 2) == [20, 20, 20])
        #expect(picture.outlined(Array(repeating: false, count: 25)) == picture && picture.outlined([true]) == picture)
    }
}
