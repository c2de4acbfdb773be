import Testing

@testable import Demo

@Suite struct DrawingTests {
    @Test(arguments: [
        (0.0, "0.00"), (1.005, "1.00"), (-0.004, "0.00"), (-3.456, "-3.46"), (0.05, "0.05"), (239.999, "240.00"),
    ])
    func numbersHaveTwoDecimals(_ value: Double, _ text: String) {
        #expect(value.svg == text)
    }

    @Test func closedCurveReturnsToItsStart() {
        let points = [Point(0, 0), Point(4, 0), Point(4, 4)]
        #expect(Outline(smooth: points).text.hasSuffix(" 0.00 0.00Z"))
        #expect(Outline(smooth: points, closed: false).text.hasSuffix(" 4.00 4.00"))
        #expect(Outline(straight: points).text == "M0.00 0.00L4.00 0.00L4.00 4.00Z")
    }
}
