import Testing

@testable import Imaging

/// A grey picture whose luma a test says place by place.
func grey(_ width: Int, _ height: Int, _ luma: (_ x: Int, _ y: Int) -> Int) -> GreyPicture {
    GreyPicture(width: width, height: height, luma: (0..<width * height).map { UInt8(luma($0 % width, $0 / width)) })
}

@Suite struct SharpnessTests {
    @Test func anEdgeLosesTwoThirdsInAMeanOfThreeWhateverItsContrast() {
        #expect(Sharpness.perMille(grey(32, 32) { x, y in x < 16 && y < 16 ? 200 : 10 }) == 666)
        #expect(Sharpness.perMille(grey(32, 32) { x, y in x < 16 && y < 16 ? 14 : 10 }) == 666)
        #expect(Sharpness.perMille(grey(32, 32) { x, y in (x + y) % 2 * 255 }) == 666)
    }

    @Test func anEdgeThatIsSpreadLosesLess() {
        // 0 30 60 90: the mean takes 30 at each end of the ramp and nothing inside.
        func ramp(_ place: Int) -> Int { min(90, max(0, 30 * (place - 14))) }
        #expect(Sharpness.perMille(grey(32, 32) { x, y in ramp(x) + ramp(y) }) == 222)
    }

    @Test func whatIsBlurredOneWayIsBlurred() {
        #expect(
            Sharpness.perMille(grey(32, 32) { x, y in (x % 4 < 2 ? 100 : 0) + 4 * y }) == 0,
            "an even slope down the columns has nothing to lose")
        #expect(Sharpness.perMille(grey(32, 32) { _, _ in 77 }) == 0)
    }

    @Test func theNumberDoesNotHangOnTheMegapixels() {
        func board(_ side: Int) -> GreyPicture {
            grey(32 * side, 32 * side) { x, y in (x / side / 2 + y / side / 3) % 2 * 200 }
        }
        #expect(
            [2, 3, 7].map { Sharpness.perMille(board($0)) } == Array(repeating: Sharpness.perMille(board(1)), count: 3))
        #expect(
            Sharpness.perMille(grey(32 + 10, 32) { x, y in (x + y) % 2 * 255 }) == 666, "the middle square is looked at"
        )
    }

    @Test func picturesOfFewPixelsAreMeasuredAllTheSame() {
        #expect(Sharpness.perMille(grey(1, 1) { _, _ in 9 }) == 0)
        #expect(Sharpness.perMille(grey(2, 5) { x, y in 100 * x + 20 * y }) > 0)
    }
}
