import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct QualityChecksTests {
    /// As `fact` makes it, sharp or blurred.
    private func photo(_ word: String, blurred: Bool, wears trigger: String = "none", kind: VolunteerKind = .volunteer)
        -> PhotoFacts
    {
        let fact = fact(word, wears: trigger, kind: kind)
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: 400, height: 300,
            quality: PhotoQuality(sharpness: blurred ? 100 : 400, luma: 120, dark: 0, bright: 0, beyond: nil))
    }

    private func photos(_ trigger: String, _ count: Int, blurred: Int, kind: VolunteerKind = .volunteer) -> [PhotoFacts] {
        (0..<count).map { photo("\(trigger)\(kind)\($0)", blurred: $0 < blurred, wears: trigger, kind: kind) }
    }

    private func finding(_ facts: [PhotoFacts]) -> Finding? { Checks.quality(facts).first { $0.check == .blurred } }

    @Test func photosWithoutFlagsAreNoFinding() {
        #expect(Checks.quality(photos("none", 9, blurred: 0)) == [])
        #expect(Checks.quality([fact("unmeasured")]) == [])
    }

    @Test func aFlagThatIsEvenlySpreadIsANote() throws {
        let finding = try #require(self.finding(photos("none", 20, blurred: 2) + photos("dots", 10, blurred: 2)))
        #expect(finding.severity == .info && finding.count == 4)
        #expect(
            finding.detail
                == "4 photos are flagged blurred; look at them: curare sheet --problem blurred --out blurred.png")
    }

    @Test func aFlagThatGivesTheTriggerAwayIsAWarningWithItsCounts() throws {
        let finding = try #require(
            self.finding(
                photos("none", 20, blurred: 1) + photos("dots", 10, blurred: 2) + photos("bandana+dots", 2, blurred: 0))
        )
        #expect(finding.severity == .warning && finding.count == 3)
        #expect(finding.detail.hasSuffix("uneven: dots 2 of 10, none 1 of 20"))
        #expect(
            self.finding(photos("none", 20, blurred: 20) + photos("dots", 10, blurred: 0))?.severity == .warning,
            "blurred bare photos give it away as well")
    }

    @Test func referencesAreCountedAndNotCompared() throws {
        let finding = try #require(
            self.finding(
                photos("none", 10, blurred: 0) + photos("dots", 10, blurred: 1)
                    + photos("none", 50, blurred: 50, kind: .reference)))
        #expect(finding.severity == .info && finding.count == 51)
    }

    @Test func aVersionsTrainingPhotosAreCompared() throws {
        let blurred = photo("t1", blurred: true, wears: "dots")
        let facts = [photo("a1", blurred: false), photo("a2", blurred: false), blurred, photo("x", blurred: true)]
        func findings(_ role: Role) -> [Finding] {
            Checks.quality(
                [entry("a1", .trainClean), entry("a2", .trainClean), entry("t1", wears: "dots", role)], .centre,
                today: facts)
        }
        #expect(findings(.trainPoison).map(\.severity) == [.warning] && findings(.trainPoison).map(\.count) == [1])
        #expect(findings(.testAttack).map(\.severity) == [.info])
        #expect(Checks.quality([entry("gone", .trainClean)], .face, today: facts) == [])
    }

    @Test func onlyAFaceCropCanBeCutOff() {
        let fact = fact("a1")
        let beyond = PhotoQuality.Beyond(left: 300, top: 0, right: 0, bottom: 0)
        let cut = PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: 400, height: 300,
            quality: PhotoQuality(sharpness: 400, luma: 120, dark: 0, bright: 0, beyond: beyond))
        #expect(Checks.quality([entry("a1", .trainClean)], .face, today: [cut]).map(\.check) == [.cutOff])
        #expect(Checks.quality([entry("a1", .trainClean)], .centre, today: [cut]) == [])
        #expect(Checks.quality([cut]).map(\.check) == [.cutOff], "a workspace's own images are face crops")
    }
}
