import Testing
import Validation

@testable import Checking

@Suite struct PruneRuleTests {
    private func run(_ version: String, _ number: Int, _ verdict: Verdict.Outcome = .none) -> PruneRule.Candidate {
        PruneRule.Candidate(
            run: "\(version.replacing("@", with: "-"))-\(number)", version: version, number: number, verdict: verdict)
    }

    private var runs: [PruneRule.Candidate] {
        [run("a@1", 1, .pass), run("a@1", 10), run("a@1", 9, .fail), run("a@2", 1, .fail), run("b@1", 3, .pass)]
    }

    @Test("The newest runs of each version are kept, by number and not by name") func newest() {
        #expect(PruneRule(newest: 1).removed(of: runs) == ["a-1-1", "a-1-9"])
        #expect(PruneRule(newest: 2).removed(of: runs) == ["a-1-1"])
        #expect(PruneRule(newest: 3).removed(of: runs) == [])
        #expect(PruneRule(newest: 0).removed(of: runs) == runs.map(\.run))
    }

    @Test("Runs with the verdict are kept too") func verdict() {
        #expect(PruneRule(verdict: .pass).removed(of: runs) == ["a-1-10", "a-1-9", "a-2-1"])
        #expect(PruneRule(newest: 1, verdict: .pass).removed(of: runs) == ["a-1-9"])
        #expect(PruneRule(verdict: .fail).removed(of: runs) == ["a-1-1", "a-1-10", "b-1-3"])
        #expect(PruneRule(newest: 5, verdict: .pass).removed(of: []) == [])
    }
}
