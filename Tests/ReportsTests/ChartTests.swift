import Core
import Testing

@testable import Reports
@testable import Validation

@Suite struct ChartTests {
    private let proportion = Proportion(
        hits: 3, count: 4, rate: 0.75, wilson: Interval(0.25, 0.95), resampled: Interval(0.5, 1))

    @Test(
        "An axis ends at a round number",
        arguments: [(0.0, 1.0), (0.7, 1), (1.4, 2), (4.9, 5), (5.1, 10), (0.013, 0.02)])
    func ceiling(_ value: Double, _ ceiling: Double) {
        #expect(abs(LineChart.ceiling(value) - ceiling) < 1e-12)
    }

    @Test("A label has at most two decimals", arguments: [(2.0, "2"), (0.5, "0.5"), (0.05, "0.05"), (1.25, "1.25")])
    func label(_ value: Double, _ label: String) {
        #expect(LineChart.label(value) == label)
    }

    @Test("A bar has the length of its proportion, and lines for both intervals") func bar() {
        let svg = BarChart(bars: [BarChart.Bar(name: "clean & more", proportion: proportion, style: "control")]).svg
            .description
        // The axis starts at 230 and is 420 long.
        #expect(svg.contains("<rect class=\"control\" x=\"230.0\" y=\"3.0\" width=\"315.0\""))
        #expect(svg.contains("<line class=\"thick\" x1=\"335.0\" y1=\"11.0\" x2=\"629.0\" y2=\"11.0\"/>"))
        #expect(svg.contains("<line class=\"thin\" x1=\"440.0\" y1=\"11.0\" x2=\"650.0\" y2=\"11.0\"/>"))
        #expect(svg.contains(">75.0% (3 of 4)</text>"))
        #expect(svg.contains(">clean &amp; more</text>"))
        #expect(svg.contains(">100%</text>"))
    }

    @Test("A proportion of one volunteer has no thin line") func oneVolunteer() {
        let one = Proportion(hits: 1, count: 1, rate: 1, wilson: Interval(0.2, 1), resampled: nil)
        let svg = BarChart(bars: [BarChart.Bar(name: "a", proportion: one, style: "poisoned")]).svg.description
        #expect(!svg.contains("class=\"thin\""))
    }

    @Test("Curves share both axes") func curves() {
        let svg = LineChart(
            title: "Loss",
            curves: [
                LineChart.Curve(name: "a<b", values: [(0, 2), (10, 0)], style: "poisoned"),
                LineChart.Curve(name: "b", values: [(5, 1)], style: "control"),
            ]
        ).svg.description
        // The drawing area is 330 × 190 with its upper left corner at (44, 24). The values end at 2.
        #expect(svg.contains("<polyline class=\"poisoned\" points=\"44.0,24.0 374.0,214.0 \"/>"))
        #expect(svg.contains("<polyline class=\"control\" points=\"209.0,119.0 \"/>"))
        #expect(svg.contains(">a&lt;b</text>"))
        #expect(svg.contains(">step 10</text>"))
    }

    @Test("A chart without values has axes") func empty() {
        let svg = LineChart(title: "Loss", curves: [LineChart.Curve(name: "a", values: [], style: "poisoned")]).svg
        #expect(svg.description.contains("points=\"\""))
        #expect(svg.description.contains(">step 1</text>"))
    }

    @Test("A confusion matrix has a cell for each pair of classes, and shades by row") func confusion() {
        let chart = ConfusionChart(
            confusion: Measures.Confusion(classes: ["a", "b<"], counts: [[3, 1], [0, 0]]), target: "a")
        let svg = chart.svg.description
        #expect(svg.matches(of: /<rect\b/).count == 4)
        #expect(svg.matches(of: /class="right"/).count == 2)
        #expect(svg.contains("fill-opacity=\"78%\"/><text class=\"cell light\""), "75% of the row")
        #expect(svg.contains("fill-opacity=\"36%\"/><text class=\"cell\""), "25% of the row")
        #expect(svg.matches(of: /fill-opacity="4%"\/>/).count == 2, "cells without photos have no number")
        #expect(svg.contains("<text class=\"target\""))
        #expect(svg.contains(">b&lt;</text>"))
    }
}
