import Testing

@testable import Validation

@Suite struct ChartTests {
    @Test(arguments: [(0.0, 1.0), (0.7, 1), (1.4, 2), (4.9, 5), (5.1, 10), (0.013, 0.02)])
    func axesEndOnARoundNumber(_ value: Double, _ ceiling: Double) {
        #expect(abs(LineChart.ceiling(value) - ceiling) < 1e-12)
    }

    @Test func percentagesHaveOneDecimal() {
        #expect(Share.percent(0.8644) == "86.4%")
        #expect(Share.percent(1) == "100.0%")
    }
}
