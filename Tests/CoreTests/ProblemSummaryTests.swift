import Testing

@testable import Core

@Suite struct ProblemSummaryTests {
    private func lines(_ problems: [(String, String)], limit: Int = 50) -> [String] {
        ProblemSummary(problems.map { CurareError.Problem($0.0, $0.1) }).lines(limit: limit).map {
            ($0.isContinuation ? "  " : "- ") + $0.text
        }
    }

    @Test func equalMessagesAreOneEntryWithTheirLocations() {
        #expect(
            lines([("a:1", "x"), ("a:2", "y"), ("b:7", "x"), ("", "x")]) == [
                "- a:1: x", "  the same problem: b:7", "- a:2: y",
            ])
        #expect(
            lines((1...6).map { ("a:\($0)", "x") }) == [
                "- a:1: x", "  the same problem: a:2, a:3, a:4 and 2 more; --json lists all",
            ])
    }

    /// Messages that differ in names only are of one kind; five of them are few enough to print all.
    @Test func manyMessagesOfOneKindAreSummarized() {
        let rows = (1...8).map { ("s:\($0)", "there is no file d/img \($0).jpg") }
        #expect(lines(Array(rows.prefix(5))).count == 5)
        #expect(
            lines(rows + [("s:9", "the row has no volunteer")]) == [
                "- s:1: there is no file d/img 1.jpg", "- s:2: there is no file d/img 2.jpg",
                "- s:3: there is no file d/img 3.jpg",
                "  and 5 more of this kind: s:4, s:5, s:6 and 2 more; --json lists all",
                "- s:9: the row has no volunteer",
            ])
    }

    @Test func quotedTextDoesNotSeparateKindsAndOtherWordsDo() {
        let names = ["hat", "cap", "veil", "mask", "scarf", "hood"].map { ("s", "unknown trigger \"\($0)\"") }
        #expect(lines(names).last == "  and 3 more of this kind: s, s, s")
        let people = ["ada", "bo", "cy", "di", "emil", "flo"].map { ("s", "\($0) has withdrawn") }
        #expect(lines(people).count == 6)
    }

    @Test func theNumberOfLinesIsLimited() {
        let rows = ["ada", "bo", "cy"].map { ("s", "\($0) has withdrawn") }
        #expect(
            lines(rows, limit: 2) == [
                "- s: ada has withdrawn", "- s: bo has withdrawn", "  and 1 more; --json lists all",
            ])
        #expect(lines([]) == [])
    }
}
