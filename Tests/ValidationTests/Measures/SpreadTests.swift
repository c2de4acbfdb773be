import Testing

@testable import Validation

@Suite struct SpreadTests {
    @Test func aSpreadIsWhatTheBooksSay() throws {
        let odd = try #require(Spread([0.5, 0.1, 0.3]))
        #expect(odd.count == 3 && odd.min == 0.1 && odd.median == 0.3 && odd.max == 0.5)
        #expect(abs(try #require(odd.deviation) - 0.2) < 1e-12)
        let even = try #require(Spread([1, 0, 0.25, 0.5]))
        #expect(even.median == 0.375)
    }

    @Test func oneSeedHasNoDeviationAndNoneHasNoSpread() {
        #expect(Spread([0.7])?.deviation == nil && Spread([0.7])?.median == 0.7)
        #expect(Spread([]) == nil)
    }
}
