import Core
import Testing
import Versions

@Suite struct PoisonTests {
    @Test func thePoolIsEnoughForTheHighestRateButNotForTheNext() {
        for (poison, clean) in [(1, 10), (7, 13), (24, 32), (1000, 3), (5, 100_000)] {
            let rate = InjectionRate.highest(poison: poison, clean: clean)
            #expect(rate.poisonCount(clean: clean) <= poison)
            if let next = InjectionRate(
                ExactDecimal(units: rate.decimal.units * (10_000 / rate.decimal.scale) + 1, places: 4))
            {
                #expect(next.poisonCount(clean: clean) > poison)
            }
        }
    }

    @Test(arguments: [0, 1, 240]) func withoutPoisonPhotosTheHighestRateIsZero(_ clean: Int) {
        #expect(InjectionRate.highest(poison: 0, clean: clean).isZero)
    }
}
