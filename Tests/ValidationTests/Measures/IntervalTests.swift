import Testing

@testable import Validation

@Suite struct IntervalTests {
    // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
    @Test(arguments: [
        (0, 10, 0.0, 0.2775327998628892), (51, 59, 0.754603391934627, 0.9296582532746628),
        (59, 59, 0.9388706294732117, 1.0),
        (1, 3, 0.06149194472039637, 0.792340399197964), (500, 1000, 0.4690696003681042, 0.5309303996318958),
    ])
    func wilsonIsScipys(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) throws {
        let interval = try #require(Interval.wilson(hits, of: count))
        #expect(abs(interval.low - low) < 1e-12)
        #expect(abs(interval.high - high) < 1e-12)
    }

    @Test func nothingMeasuredHasNoInterval() {
        #expect(Interval.wilson(0, of: 0) == nil)
        #expect(Interval.resampling([(hits: 3, count: 4)]) == nil)
    }

    @Test func resamplingIsWhatTheFormatSays() throws {
        // The definition in docs/format.md, run in Python.
        let interval = try #require(Interval.resampling([(5, 5), (3, 8), (0, 4), (7, 9)]))
        #expect(interval == Interval(0.25, 0.8571428571428571))
    }

    @Test func volunteersWhoDifferWidenTheInterval() throws {
        let alike = try #require(Interval.resampling(Array(repeating: (5, 10), count: 8)))
        let apart = try #require(Interval.resampling((0..<8).map { ($0 < 4 ? 10 : 0, 10) }))
        #expect(alike == Interval(0.5, 0.5))
        #expect(apart.high - apart.low > 0.4)
    }

    @Test func onlyABoundInsideIsStraddled() {
        let interval = Interval(0.4, 0.6)
        #expect(interval.straddles(0.5))
        #expect(!interval.straddles(0.4) && !interval.straddles(0.6) && !interval.straddles(0.3))
    }

    @Test func splitMixIsTheAuthors() {
        // Vigna's splitmix64.c from the state 1234567.
        var generator = SplitMix64(state: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }
}
