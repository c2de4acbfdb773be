import Core
import Testing

@testable import Validation

@Suite struct StatisticsTests {
    @Test("There is no bootstrap of one volunteer") func nothingMeasured() {
        #expect(Interval.bootstrap([(hits: 3, count: 4)]) == nil)
    }

    @Test("The bootstrap interval equals the definition in docs/format.md, computed in Python") func bootstrap() throws
    {
        let interval = try #require(Interval.bootstrap([(5, 5), (3, 8), (0, 4), (7, 9)]))
        #expect(interval == Interval(0.25, 0.8571428571428571))
    }

    @Test("Differences between volunteers widen the bootstrap interval") func differentVolunteers() throws {
        let equal = try #require(Interval.bootstrap(Array(repeating: (5, 10), count: 8)))
        let different = try #require(Interval.bootstrap((0..<8).map { ($0 < 4 ? 10 : 0, 10) }))
        #expect(equal == Interval(0.5, 0.5))
        #expect(different.high - different.low > 0.4)
    }

    @Test("Summary statistics have the sample deviation, and the mean of the two middle values as median")
    func summary() throws {
        let odd = try #require(SummaryStatistics([0.5, 0.1, 0.3]))
        #expect(odd.count == 3)
        #expect(odd.min == 0.1)
        #expect(odd.median == 0.3)
        #expect(odd.max == 0.5)
        #expect(abs(try #require(odd.deviation) - 0.2) < 1e-12)
        let even = try #require(SummaryStatistics([1, 0, 0.25, 0.5]))
        #expect(even.median == 0.375)
    }

    @Test("One seed has no deviation, and no seed has no statistics") func fewSeeds() throws {
        let one = try #require(SummaryStatistics([0.7]))
        #expect(one.deviation == nil)
        #expect(one.median == 0.7)
        #expect(SummaryStatistics([]) == nil)
    }

    @Test("Percentages have one decimal") func percentages() {
        #expect(Proportion.percentage(0.8644) == "86.4%")
        #expect(Proportion.percentage(1) == "100.0%")
        #expect(
            Proportion(hits: 51, count: 59, rate: 51.0 / 59, wilson: Interval(0, 1), resampled: nil).text
                == "86.4% (51 of 59)")
    }
}
