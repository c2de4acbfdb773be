import Core
import Testing
import Versions

@Suite struct PoisonTests {
    @Test(arguments: [
        ("0.25", "0.25"), ("0.250", "0.25"), ("5e-4", "0.0005"), ("1", "1"), ("1.0", "1"), ("0", "0"), ("00.10", "0.1"),
        ("2E2", "200"), ("-0.5", "-0.5"),
    ])
    func aDecimalIsReadExactly(_ text: String, _ canonical: String) {
        #expect(ExactDecimal(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ".", "-", "1.", "1,5", "0x10", "1e", "e5", "1e99", "nan", "inf", "1 2", "0.1234567890123",
        "9999999999999999", "½",
    ])
    func aTextThatIsNotADecimalIsNotRead(_ text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func roundingIsExactAndHalfUp() {
        #expect(ExactDecimal("0.5")!.roundedHalfUp(of: 5) == 3)
        #expect(ExactDecimal("0.1")!.roundedHalfUp(of: 5) == 1)
        #expect(ExactDecimal("0.29")!.roundedHalfUp(of: 50) == 15)
        #expect(ExactDecimal("0.2")!.roundedUp(of: 11) == 3)
        #expect(ExactDecimal("0.2")!.roundedUp(of: 10) == 2)
    }

    @Test func thePoolIsEnoughForTheHighestRateButNotForTheNext() {
        for (poison, clean) in [(0, 10), (1, 10), (7, 13), (24, 32), (1000, 3), (5, 100_000)] {
            let rate = InjectionRate.highest(poison: poison, clean: clean)
            #expect(rate.poisonCount(clean: clean) <= poison)
            if let next = InjectionRate(
                ExactDecimal(units: rate.decimal.units * (10_000 / rate.decimal.scale) + 1, places: 4))
            {
                #expect(next.poisonCount(clean: clean) > poison)
            }
        }
    }
}
