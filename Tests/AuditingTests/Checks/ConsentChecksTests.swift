import Core
import Testing

@testable import Auditing

/// Each test plants one damage; the check says how much of it there is, and nothing where there is none.
@Suite struct ConsentChecksTests {
    @Test func photosWithoutConsentAreAWarningWithTheirSessions() {
        #expect(Checks.unconsented(bare(3, of: "a")) == nil)
        let finding = Checks.unconsented(
            bare(3, of: "a") + [
                fact("x", session: "s2", consented: false), fact("y", session: "on", consented: false),
                fact("z", session: "s2", consented: false),
            ])
        #expect(
            finding
                == Finding(
                    .consent, .warning, count: 3,
                    "3 photos are in no version until everyone in them has consented; sessions: on, s2"))
    }

    @Test func manySessionsAreCutShort() {
        let finding = Checks.unconsented((10..<22).map { fact("\($0)", session: "s\($0)", consented: false) })
        #expect(finding?.detail.hasSuffix("sessions: s10, s11, s12, s13, s14, s15, s16, s17 and 4 more") == true)
    }

    @Test func aVersionsPhotoWhoseConsentIsGoneIsAnError() {
        let entries = [entry("1", .trainClean), entry("2", .testClean), entry("3", of: "b", .trainClean)]
        #expect(
            Checks.consent(entries, today: [fact("1"), fact("2"), fact("3", of: "b"), fact("4", consented: false)])
                == nil)
        let finding = Checks.consent(entries, today: [fact("1"), fact("2", consented: false)])
        #expect(
            finding
                == Finding(
                    .consent, .error, count: 2, "2 photos of this version have no consent today, or are gone; of a, b"))
    }

    @Test func photosThatNobodyIsNamedInAreAWarning() {
        #expect(Checks.unlabelled([fact("1")]) == nil)
        let finding = Checks.unlabelled([fact("1"), fact("2", of: nil)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.unlabelled, .warning, 1))
    }

    @Test func aVersionsPhotoThatLostItsLabelIsAnError() {
        #expect(Checks.unlabelled([entry("1", .trainClean)], today: [fact("1"), fact("2", of: nil)]) == nil)
        let finding = Checks.unlabelled(
            [entry("1", .trainClean), entry("2", .testClean)], today: [fact("1"), fact("2", of: nil)])
        #expect(
            finding
                == Finding(.unlabelled, .error, count: 1, "1 photos of this version have no label in the catalog today")
        )
    }
}
