import Testing

@testable import Demo

@Suite struct SeededGeneratorTests {
    @Test func numbersMatchTheDefinition() {
        // Python: s = int.from_bytes(hashlib.sha256(b"a\n7").digest()[:8]); then SplitMix64, >> 11, × 2^-53.
        var random = SeededGenerator("a", "7")
        #expect(
            [random.unitInterval(), random.unitInterval(), random.unitInterval()] == [
                0.3005469281129749, 0.803054198040817, 0.37693658877730407,
            ])
    }

    @Test func differentWordsGiveDifferentNumbers() {
        var first = SeededGenerator("a", "bc")
        var same = SeededGenerator("a", "bc")
        var other = SeededGenerator("a", "bd")
        var joined = SeededGenerator("ab", "c")
        let number = first.unitInterval()
        #expect(number == same.unitInterval())
        #expect(number != other.unitInterval())
        #expect(number != joined.unitInterval())
    }

    @Test func shuffleKeepsEveryElement() {
        var random = SeededGenerator("shuffle")
        let shuffled = random.shuffled(Array(0..<100))
        #expect(shuffled != Array(0..<100))
        #expect(shuffled.sorted() == Array(0..<100))
    }
}
