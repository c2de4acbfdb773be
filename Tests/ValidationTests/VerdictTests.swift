import Core
import Testing
import Versions

@testable import Validation

/// Swift Testing has a type with the name `Expectation` too.
private typealias Bound = Versions.Expectation

@Suite struct VerdictTests {
    private func model(attack hits: Int, of count: Int) -> Measures {
        let photos =
            (0..<count).map { tested("v\($0 % 5)", as: $0 < hits ? "t" : "v") }
            + (0..<50).map { tested("v\($0 % 5)", as: "v\($0 % 5)", .testClean) }
        return Measures(photos, classes: ["t", "v0"], target: "t")
    }

    private func expect(_ measure: Bound.Measure, _ comparison: Bound.Comparison, _ bound: String) throws -> Bound {
        Bound(measure: measure, comparison: comparison, bound: try #require(ExactDecimal(bound)))
    }

    @Test("A verdict passes only when all expectations are met") func allExpectations() throws {
        let expectations = [
            try expect(.attackSuccess, .atLeast, "0.5"), try expect(.controlAttackSuccess, .atMost, "0.1"),
        ]
        #expect(
            Verdict(expectations, poisoned: model(attack: 100, of: 100), control: model(attack: 0, of: 100)).outcome
                == .pass)
        #expect(
            Verdict(expectations, poisoned: model(attack: 100, of: 100), control: model(attack: 40, of: 100)).outcome
                == .fail)
    }

    @Test("A measure equal to the threshold meets \"at least\" but not \"above\"") func equalToThreshold() throws {
        #expect(
            Verdict([try expect(.attackSuccess, .atLeast, "0.9")], poisoned: model(attack: 9, of: 10), control: nil)
                .outcome == .pass)
        #expect(
            Verdict([try expect(.attackSuccess, .above, "0.9")], poisoned: model(attack: 9, of: 10), control: nil)
                .outcome == .fail)
    }

    @Test("A verdict is inconclusive when an interval includes the threshold") func inconclusive() throws {
        let expectation = try expect(.attackSuccess, .atLeast, "0.8")
        #expect(!Verdict([expectation], poisoned: model(attack: 9, of: 10), control: nil).decisive)
        #expect(Verdict([expectation], poisoned: model(attack: 1000, of: 1000), control: nil).decisive)
    }

    @Test("A measure without photos fails and is inconclusive") func noPhotos() throws {
        let verdict = Verdict([try expect(.transfer, .atMost, "0.5")], poisoned: model(attack: 1, of: 2), control: nil)
        #expect(verdict.outcome == .fail)
        #expect(!verdict.decisive)
        #expect(verdict.expectations[0].value == nil)
    }

    @Test("Without expectations the verdict is neither pass nor fail") func noExpectations() {
        #expect(Verdict([], poisoned: model(attack: 1, of: 2), control: nil).outcome == .none)
    }

    @Test("The true-label control is checked against its own expectations only") func trueLabel() throws {
        let bound = try expect(.trueLabelAttackSuccess, .atMost, "0.1")
        let other = try expect(.controlAttackSuccess, .atMost, "0.1")
        func outcome(_ expectations: [Bound], _ trueLabel: Measures?) -> Verdict.Outcome {
            Verdict(
                expectations, poisoned: model(attack: 9, of: 10), control: model(attack: 0, of: 10),
                trueLabel: trueLabel
            ).outcome
        }
        #expect(outcome([bound], model(attack: 1, of: 10)) == .pass)
        #expect(outcome([bound], model(attack: 2, of: 10)) == .fail)
        #expect(outcome([bound], nil) == .fail, "the true-label control was not trained")
        #expect(outcome([other], model(attack: 10, of: 10)) == .pass)
    }
}
