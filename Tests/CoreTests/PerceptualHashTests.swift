import Core
import Testing

@Suite struct PerceptualHashTests {
    @Test func onlySixteenHexDigitsAreAHash() {
        #expect(PerceptualHash(hex: "00000000000000ff")?.bits == 255)
        for bits in [0, 1, UInt64.max, 0x0123_4567_89ab_cdef] {
            #expect(PerceptualHash(hex: PerceptualHash(bits).hex) == PerceptualHash(bits))
        }
        for text in ["", "ff", "00000000000000FF", "00000000000000fg", "+0000000000000ff", "000000000000000ff"] {
            #expect(PerceptualHash(hex: text) == nil)
        }
    }

    @Test func distanceCountsBits() {
        #expect(PerceptualHash(0b1011).distance(to: PerceptualHash(0b0001)) == 2)
        #expect(PerceptualHash(0).distance(to: PerceptualHash(.max)) == 64)
    }

    @Test func groupDistanceIsAtMostThree() {
        #expect((-2...5).compactMap(GroupDistance.init).map(\.bits) == [0, 1, 2, 3])
        #expect(GroupDistance.standard.bits == 2)
    }
}
