import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct SplitChecksTests {
    @Test("A near-duplicate group with the same trigger state in training and test is leakage") func leakage() {
        let finding = LeakageCheck.finding([
            entry("1", .trainClean, group: "g"), entry("2", .testClean, group: "g"),
            entry("3", trigger: "dots", .trainPoison, group: "h"), entry("4", trigger: "dots", .testAttack, group: "h"),
        ])
        #expect(finding?.severity == .error)
        #expect(finding?.count == 2)
        #expect(finding?.photos == ["1", "2", "3", "4"].map(photoID).sorted())
        #expect(finding?.detail.hasSuffix("such as that of photo \(min(photoID("g"), photoID("h")).short)") == true)
    }

    @Test("A group in training or test only, or with different trigger states, is not leakage") func noLeakage() {
        #expect(
            LeakageCheck.finding([
                entry("1", .trainClean, group: "g"), entry("2", .trainClean, group: "g"), entry("3", .testClean),
                entry("4", .testOther),
            ]) == nil)
        #expect(
            LeakageCheck.finding([
                entry("1", .trainClean, group: "g"), entry("2", trigger: "dots", .testAttack, group: "g"),
            ])
                == nil)
        #expect(LeakageCheck.finding([]) == nil)
    }

    @Test("A selection has no leakage") func selectionHasNoLeakage() throws {
        let facts = (0..<60).map { fact("\($0)", of: $0 % 2 == 0 ? "a" : "b", perceptualHash: "p\($0 / 4)\($0 % 2)") }
        #expect(LeakageCheck.finding(try version(of: facts).entries.list) == nil)
    }

    @Test("A class without a clean test photo is a warning") func noCleanTest() throws {
        #expect(NoCleanTestCheck.finding(try version(of: bare(10, of: "a", "b"))) == nil)
        let finding = NoCleanTestCheck.finding(try version(of: bare(10, of: "a") + bare(1, of: "b", "c")))
        #expect(finding == Finding(.noCleanTest, .warning, count: 2, "classes without a clean test photo: b, c"))
    }

    @Test("A class whose bare photos are one near-duplicate group is a warning") func oneGroup() {
        func check(_ facts: [PhotoFacts]) -> Finding? {
            OneGroupCheck().findings(in: AuditSubject(catalog: facts, distance: .standard)).first
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
                    "classes whose bare photos are a single near-duplicate group, so training and test cannot both have some: c",
                    photos: [photoID("1"), photoID("2")].sorted()))
    }

    @Test("The classes of a version are grouped as the version was split") func oneGroupOfVersion() throws {
        func photos(_ facts: [PhotoFacts]) throws -> [PhotoID]? {
            let subject = AuditSubject(catalog: facts, version: try version(of: facts), distance: .standard)
            return OneGroupCheck().findings(in: subject).first?.photos
        }
        let twins = ["1", "2"].map { fact($0, of: "c", perceptualHash: "same") }
        #expect(try photos(bare(4, of: "a", "b")) == nil)
        #expect(try photos(bare(4, of: "a", "b") + twins) == twins.map(\.photo).sorted())
        #expect(try photos(bare(4, of: "a", "b") + twins + [fact("3", of: "c")]) == nil)
    }

    @Test("Photos without consent do not make a class of several groups") func oneGroupOfUsablePhotos() {
        let facts = bare(2, of: "a") + [fact("1", of: "c"), fact("2", of: "c", consented: false), fact("3", of: nil)]
        let findings = OneGroupCheck().findings(in: AuditSubject(catalog: facts, distance: .standard))
        #expect(findings.map(\.photos) == [[photoID("1")]])
    }

    @Test("More than three times as many bare photos as another class is an imbalance") func imbalance() {
        #expect(ImbalanceCheck.finding(ofBarePhotos: bare(6, of: "a") + bare(2, of: "b")) == nil)
        let finding = ImbalanceCheck.finding(ofBarePhotos: bare(7, of: "a") + bare(2, of: "b", "c") + bare(3, of: "d"))
        #expect(finding == Finding(.imbalance, .warning, count: 2, "a has 7 bare photos, b has 2"))
    }

    @Test("Triggered and unlabelled photos do not count as bare photos") func imbalanceOfBarePhotosOnly() {
        #expect(
            ImbalanceCheck.finding(
                ofBarePhotos: bare(2, of: "a", "b") + (0..<20).map { fact("t\($0)", trigger: "dots") }
                    + (0..<20).map { fact("u\($0)", of: nil) }) == nil)
        #expect(ImbalanceCheck.finding(ofBarePhotos: []) == nil)
    }

    @Test("Poison and test photos do not count as clean training photos") func imbalanceOfCleanPhotosOnly() {
        let clean = ["a", "b"].flatMap { name in (0..<2).map { entry("\(name)\($0)", of: name, .trainClean) } }
        let poison = (0..<20).map { entry("p\($0)", of: "b", as: "a", trigger: "dots", .trainPoison) }
        let tests = (0..<20).map { entry("t\($0)", .testClean) }
        #expect(ImbalanceCheck.finding(ofTrainingPhotos: clean + poison + tests) == nil)
        let more = (0..<5).map { entry("m\($0)", of: "a", .trainClean) }
        let finding = ImbalanceCheck.finding(ofTrainingPhotos: clean + more)
        #expect(finding == Finding(.imbalance, .warning, count: 1, "a has 7 clean training photos, b has 2"))
    }
}
