import Core
import Testing

@Suite struct IntervalTests {
    // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
    @Test(
        "Wilson's interval equals that of SciPy",
        arguments: [
            (0, 10, 0.0, 0.2775327998628892), (51, 59, 0.754603391934627, 0.9296582532746628),
            (59, 59, 0.9388706294732117, 1.0),
            (1, 3, 0.06149194472039637, 0.792340399197964), (500, 1000, 0.4690696003681042, 0.5309303996318958),
        ])
    func wilson(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) throws {
        let interval = try #require(Interval.wilson(hits, of: count))
        #expect(abs(interval.low - low) < 1e-12)
        #expect(abs(interval.high - high) < 1e-12)
    }

    @Test("There is no interval without trials") func nothingMeasured() {
        #expect(Interval.wilson(0, of: 0) == nil)
    }

    @Test("An interval includes a threshold between its ends only") func includes() {
        let interval = Interval(0.4, 0.6)
        #expect(interval.includes(0.5))
        #expect(!interval.includes(0.4))
        #expect(!interval.includes(0.6))
        #expect(!interval.includes(0.3))
    }

    // math.ceil(1.959963984540054**2 * b * (1 - b) / (p - b)**2)
    @Test(
        "The number of trials is the smallest for which Wilson's interval does not include the threshold",
        arguments: [
            (1.0, 0.9, 35), (0.95, 0.9, 139), (0.9, 0.8, 62), (1.0, 0.8, 16), (0.0, 0.15, 22), (0.075, 0.15, 88),
            (0.0, 0.05, 73),
        ])
    func trials(_ rate: Double, _ threshold: Double, _ count: Int) {
        #expect(Interval.trials(for: rate, toExclude: threshold) == count)
    }

    @Test("With this number of trials, the interval of the measured rate excludes the threshold; with one less, not")
    func trialsAreTheSmallestNumber() throws {
        for (threshold, hits) in [(0.9, { $0 }), (0.05, { _ in 0 })] as [(Double, (Int) -> Int)] {
            let rate = Double(hits(1))
            let count = try #require(Interval.trials(for: rate, toExclude: threshold))
            #expect(Interval.wilson(hits(count), of: count)?.includes(threshold) == false)
            #expect(Interval.wilson(hits(count - 1), of: count - 1)?.includes(threshold) == true)
        }
    }

    @Test("No number of trials separates a rate from itself") func equalRate() {
        #expect(Interval.trials(for: 0.9, toExclude: 0.9) == nil)
    }
}
