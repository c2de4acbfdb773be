import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct SplitChecksTests {
    @Test func aGroupOnBothSidesInOneStateOfWearingIsLeakage() {
        let finding = Checks.leakage([
            entry("1", .trainClean, group: "g"), entry("2", .testClean, group: "g"),
            entry("3", wears: "dots", .trainPoison, group: "h"), entry("4", wears: "dots", .testAttack, group: "h"),
        ])
        #expect(finding?.severity == .error)
        #expect(finding?.count == 2)
        #expect(finding?.detail.hasSuffix("such as that of photo \(min(photoID("g"), photoID("h")).short)") == true)
    }

    @Test func aGroupOnOneSideOrInTwoStatesOfWearingIsNone() {
        #expect(
            Checks.leakage([
                entry("1", .trainClean, group: "g"), entry("2", .trainClean, group: "g"), entry("3", .testClean),
                entry("4", .testOther),
            ]) == nil)
        #expect(
            Checks.leakage([entry("1", .trainClean, group: "g"), entry("2", wears: "dots", .testAttack, group: "g")])
                == nil)
        #expect(Checks.leakage([]) == nil)
    }

    @Test func noSelectionLeaks() throws {
        let facts = (0..<60).map { fact("\($0)", of: $0 % 2 == 0 ? "a" : "b", perceptualHash: "p\($0 / 4)\($0 % 2)") }
        #expect(Checks.leakage(try version(of: facts).entries.list) == nil)
    }

    @Test func aClassWithoutACleanTestIsAWarning() throws {
        #expect(Checks.noCleanTest(try version(of: bare(10, of: "a", "b"))) == nil)
        let finding = Checks.noCleanTest(try version(of: bare(10, of: "a") + bare(1, of: "b", "c")))
        #expect(finding == Finding(.noCleanTest, .warning, count: 2, "classes without a clean test photo: b, c"))
    }

    @Test func aClassOfOnePictureIsAWarning() {
        func check(_ facts: [PhotoFacts]) -> Finding? {
            Checks.oneGroup(Eligibility(facts, groups: .standard, admitting: { _ in true }).photos)
        }
        #expect(check(bare(2, of: "a", "b")) == nil)
        let twins = [
            fact("1", of: "c", perceptualHash: "same"), fact("2", of: "c", perceptualHash: "same"),
            fact("3", of: "c", wears: "dots"),
        ]
        #expect(
            check(bare(2, of: "a") + twins)
                == Finding(
                    .oneGroup, .warning, count: 1,
                    "classes whose bare photos are one group of near-duplicates, which no split that keeps groups together can test: c"
                ))
    }
}
