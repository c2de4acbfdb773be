import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct SplitChecksTests {
    @Test("A near-duplicate group with the same trigger state in training and test is leakage") func leakage() {
        let finding = AuditChecks.leakage([
            entry("1", .trainClean, group: "g"), entry("2", .testClean, group: "g"),
            entry("3", trigger: "dots", .trainPoison, group: "h"), entry("4", trigger: "dots", .testAttack, group: "h"),
        ])
        #expect(finding?.severity == .error)
        #expect(finding?.count == 2)
        #expect(finding?.detail.hasSuffix("such as that of photo \(min(photoID("g"), photoID("h")).short)") == true)
    }

    @Test("A group in training or test only, or with different trigger states, is not leakage") func noLeakage() {
        #expect(
            AuditChecks.leakage([
                entry("1", .trainClean, group: "g"), entry("2", .trainClean, group: "g"), entry("3", .testClean),
                entry("4", .testOther),
            ]) == nil)
        #expect(
            AuditChecks.leakage([
                entry("1", .trainClean, group: "g"), entry("2", trigger: "dots", .testAttack, group: "g"),
            ])
                == nil)
        #expect(AuditChecks.leakage([]) == nil)
    }

    @Test("A selection has no leakage") func selectionHasNoLeakage() throws {
        let facts = (0..<60).map { fact("\($0)", of: $0 % 2 == 0 ? "a" : "b", perceptualHash: "p\($0 / 4)\($0 % 2)") }
        #expect(AuditChecks.leakage(try version(of: facts).entries.list) == nil)
    }

    @Test("A class without a clean test photo is a warning") func noCleanTest() throws {
        #expect(AuditChecks.noCleanTest(try version(of: bare(10, of: "a", "b"))) == nil)
        let finding = AuditChecks.noCleanTest(try version(of: bare(10, of: "a") + bare(1, of: "b", "c")))
        #expect(finding == Finding(.noCleanTest, .warning, count: 2, "classes without a clean test photo: b, c"))
    }

    @Test("A class whose bare photos are one near-duplicate group is a warning") func oneGroup() {
        func check(_ facts: [PhotoFacts]) -> Finding? {
            AuditChecks.oneGroup(Eligibility(facts, groups: .standard, admitting: { _ in true }).photos)
        }
        #expect(check(bare(2, of: "a", "b")) == nil)
        let twins = [
            fact("1", of: "c", perceptualHash: "same"), fact("2", of: "c", perceptualHash: "same"),
            fact("3", of: "c", trigger: "dots"),
        ]
        #expect(
            check(bare(2, of: "a") + twins)
                == Finding(
                    .oneGroup, .warning, count: 1,
                    "classes whose bare photos are a single near-duplicate group, so that training and test cannot both have some: c"
                ))
    }

    @Test("More than three times as many bare photos as another class is an imbalance") func imbalance() {
        #expect(AuditChecks.imbalance(ofBarePhotos: bare(6, of: "a") + bare(2, of: "b")) == nil)
        let finding = AuditChecks.imbalance(ofBarePhotos: bare(7, of: "a") + bare(2, of: "b", "c") + bare(3, of: "d"))
        #expect(finding == Finding(.imbalance, .warning, count: 2, "a has 7 bare photos, b has 2"))
    }

    @Test("Triggered and unlabelled photos do not count as bare photos") func imbalanceOfBarePhotosOnly() {
        #expect(
            AuditChecks.imbalance(
                ofBarePhotos: bare(2, of: "a", "b") + (0..<20).map { fact("t\($0)", trigger: "dots") }
                    + (0..<20).map { fact("u\($0)", of: nil) }) == nil)
        #expect(AuditChecks.imbalance(ofBarePhotos: []) == nil)
    }

    @Test("Poison counts for its label, not for the person shown") func imbalanceWithPoison() {
        let clean = ["a", "b"].flatMap { name in (0..<2).map { entry("\(name)\($0)", of: name, .trainClean) } }
        #expect(AuditChecks.imbalance(ofTrainingPhotos: clean + (0..<20).map { entry("t\($0)", .testClean) }) == nil)
        let finding = AuditChecks.imbalance(
            ofTrainingPhotos: clean + (0..<5).map { entry("p\($0)", of: "b", as: "a", trigger: "dots", .trainPoison) })
        #expect(finding == Finding(.imbalance, .warning, count: 1, "a has 7 training photos, b has 2"))
    }
}
