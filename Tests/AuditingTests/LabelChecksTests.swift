import Core
import Testing

@testable import Auditing

/// Each test creates one problem. The check must count it, and must return nil without the problem.
@Suite struct ConsentChecksTests {
    @Test("Photos without consent are a warning that lists their sessions") func consent() {
        #expect(AuditChecks.consent(bare(3, of: "a")) == nil)
        let finding = AuditChecks.consent(
            bare(3, of: "a") + [
                fact("x", session: "s2", consented: false), fact("y", session: "on", consented: false),
                fact("z", session: "s2", consented: false),
            ])
        #expect(
            finding
                == Finding(
                    .consent, .warning, count: 3,
                    "3 photos are not in any version until all people in them have consented; sessions: on, s2"))
    }

    @Test("A list of more than eight names is shortened") func longList() {
        let finding = AuditChecks.consent((10..<22).map { fact("\($0)", session: "s\($0)", consented: false) })
        #expect(finding?.detail.hasSuffix("sessions: s10, s11, s12, s13, s14, s15, s16, s17 and 4 more") == true)
    }

    @Test("A photo of a version without consent, or without a record, is an error") func consentOfVersion() {
        let entries = [entry("1", .trainClean), entry("2", .testClean), entry("3", of: "b", .trainClean)]
        #expect(
            AuditChecks.consent(
                entries, catalog: [fact("1"), fact("2"), fact("3", of: "b"), fact("4", consented: false)])
                == nil)
        let finding = AuditChecks.consent(entries, catalog: [fact("1"), fact("2", consented: false)])
        #expect(
            finding
                == Finding(
                    .consent, .error, count: 2,
                    "2 photos of this version have no consent today or are no longer in the catalog; volunteers: a, b"))
    }

    @Test("Photos without a label are a warning") func unlabelled() {
        #expect(AuditChecks.unlabelled([fact("1")]) == nil)
        let finding = AuditChecks.unlabelled([fact("1"), fact("2", of: nil)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.unlabelled, .warning, 1))
    }

    @Test("A photo of a version without a label is an error") func unlabelledInVersion() {
        #expect(AuditChecks.unlabelled([entry("1", .trainClean)], catalog: [fact("1"), fact("2", of: nil)]) == nil)
        let finding = AuditChecks.unlabelled(
            [entry("1", .trainClean), entry("2", .testClean)], catalog: [fact("1"), fact("2", of: nil)])
        #expect(
            finding
                == Finding(.unlabelled, .error, count: 1, "1 photos of this version have no label in the catalog today")
        )
    }
}

@Suite struct LocationLabelChecksTests {
    /// Returns a photo whose face outline is the square from (10, 10) to (90, 90).
    private func placed(_ word: String, at box: Box?, isSuggested: Bool = false) -> PhotoFacts {
        let fact = fact(word, trigger: "dots")
        let jaw = (0...16).map { PixelPoint(x: 10 + 5 * $0, y: $0 == 0 || $0 == 16 ? 10 : 90) }
        let landmarks = Landmarks(jaw + Array(repeating: PixelPoint(x: 50, y: 10), count: 51))
        let face = PhotoFace(
            box: Box(x: 10, y: 10, width: 80, height: 80), leftEye: PixelPoint(x: 30, y: 30),
            rightEye: PixelPoint(x: 70, y: 30))
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: nil, width: 100, height: 100,
            face: KnownFace(
                record: FaceRecord(found: .one, face: face, landmarks: landmarks, confidence: 1, suspectedRotation: nil)
            ),
            isSuggested: isSuggested, triggerBox: box)
    }

    @Test("Suggested labels are counted, and their photos are listed") func suggestedLabels() {
        #expect(AuditChecks.suggestedLabels([fact("1"), placed("2", at: nil)]) == nil)
        let finding = AuditChecks.suggestedLabels([
            fact("1"), placed("2", at: nil, isSuggested: true), placed("3", at: nil, isSuggested: true),
        ])
        #expect((finding?.check, finding?.severity, finding?.count) == (.suggestedLabels, .warning, 2))
        #expect(finding?.photos == [photoID("2"), photoID("3")].sorted())
    }

    @Test("Labels that their box contradicts are counted, and their photos are listed") func contradictedLocations() {
        let on = Box(x: 40, y: 40, width: 10, height: 10)
        let off = Box(x: 0, y: 92, width: 10, height: 8)
        #expect(
            AuditChecks.locationContradicted([
                fact("1"), placed("2", at: on), placed("3", at: off, isSuggested: true), placed("4", at: nil),
            ]) == nil)
        let finding = AuditChecks.locationContradicted([placed("2", at: on), placed("5", at: off)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.locationContradicted, .warning, 1))
        #expect(finding?.photos == [photoID("5")])
        #expect(finding?.detail.contains("has the label dots on-face, but 0% of the box is inside the face") == true)
    }

    @Test("The audit of a version reports the photos of this version only") func photosOfTheVersion() throws {
        let clean = bare(10, of: "a", "b")
        let outside = placed("x", at: nil, isSuggested: true)
        let audit = Audit(version: try version(of: clean), catalog: clean + [outside]) { _ in true }
        #expect(audit.findings == [])
        #expect(
            Audit(catalog: clean + [outside], groups: .standard) { _ in true }.findings.map(\.check) == [
                .suggestedLabels
            ])
    }

    @Test("The same picture of two volunteers is an error that names both photos") func lookAlike() throws {
        let facts =
            bare(4, of: "a", "b") + [
                fact("original", of: "a", perceptualHash: "p"), fact("forwarded", of: "b", perceptualHash: "p"),
                fact("unlabelled", of: nil, perceptualHash: "p"),
            ]
        let finding = try #require(AuditChecks.lookAlike(facts, within: .standard))
        #expect(finding.check == .lookAlike && finding.severity == .error && finding.count == 1)
        #expect(finding.photos == [photoID("original"), photoID("forwarded")].sorted())
        #expect(finding.detail.contains("photo \(photoID("original").short) of a"))
        #expect(finding.detail.contains("photo \(photoID("forwarded").short) of b"))
        let same = [fact("again", of: "a", perceptualHash: "p"), fact("original", of: "a", perceptualHash: "p")]
        #expect(AuditChecks.lookAlike(bare(4, of: "a", "b") + same, within: .standard) == nil)
    }
}
