import Catalog
import Testing

@Suite struct LikenessTests {
    @Test func sixteenHexDigitsAndNothingElse() {
        #expect(Likeness(hex: "00000000000000ff")?.bits == 255)
        for bits in [0, 1, UInt64.max, 0x0123_4567_89ab_cdef] {
            #expect(Likeness(hex: Likeness(bits).hex) == Likeness(bits))
        }
        for text in ["", "ff", "00000000000000FF", "00000000000000fg", "+0000000000000ff", "000000000000000ff"] {
            #expect(Likeness(hex: text) == nil)
        }
    }

    @Test func distanceCountsBits() {
        #expect(Likeness(0b1011).distance(to: Likeness(0b0001)) == 2)
        #expect(Likeness(0).distance(to: Likeness(.max)) == 64)
    }

    @Test func aGroupDistanceIsAtMostThree() {
        #expect((-2...5).compactMap(GroupDistance.init).map(\.bits) == [0, 1, 2, 3])
        #expect(GroupDistance.standard.bits == 2)
    }
}
