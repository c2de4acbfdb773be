import Core
import Testing

@Suite struct ArithmeticTests {
    @Test func squareRootIsRoundedDown() {
        for value in 0..<5000 {
            let root = integerSquareRoot(value)
            #expect(root * root <= value && (root + 1) * (root + 1) > value)
        }
        #expect(integerSquareRoot(-4) == 0)
        #expect(integerSquareRoot(Int.max) == 3_037_000_499)
        let large = Int128(1) << 120
        #expect(integerSquareRoot(large) == Int128(1) << 60)
        #expect(integerSquareRoot(large - 1) == (Int128(1) << 60) - 1)
    }

    /// The reference values of Vigna's splitmix64.c for the seed 1234567.
    @Test func generatorIsSplitMix64() {
        var generator = SplitMix64(seed: 1_234_567)
        let values = (0..<5).map { _ in generator.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func generatorNumbersAreInRange() {
        var generator = SplitMix64(seed: 7)
        var expected = SplitMix64(seed: 7)
        for _ in 0..<1000 {
            #expect(generator.next(below: 6) == Int(expected.next() % 6))
            let unit = generator.nextUnitDouble()
            #expect(unit == Double(expected.next() >> 11) / 9_007_199_254_740_992)
            #expect((0..<1).contains(unit))
        }
    }
}
