import Testing

@testable import Demo

@Suite struct DiceTests {
    @Test func sharesAreThoseOfTheWrittenDefinition() {
        // python3: s = int.from_bytes(hashlib.sha256(b"a\n7").digest()[:8]); s += 0x9e3779b97f4a7c15, then SplitMix64's mixing, >> 11, × 2^-53
        var dice = Dice("a", "7")
        #expect(
            [dice.share(), dice.share(), dice.share()] == [0.3005469281129749, 0.803054198040817, 0.37693658877730407])
    }

    @Test func otherWordsGiveOtherNumbers() {
        var (first, same, other, joined) = (Dice("a", "bc"), Dice("a", "bc"), Dice("a", "bd"), Dice("ab", "c"))
        let share = first.share()
        #expect(share == same.share())
        #expect(share != other.share())
        #expect(share != joined.share())
    }

    @Test func aShuffleKeepsEveryElement() {
        var dice = Dice("shuffle")
        let shuffled = dice.shuffled(Array(0..<100))
        #expect(shuffled != Array(0..<100))
        #expect(shuffled.sorted() == Array(0..<100))
    }
}
