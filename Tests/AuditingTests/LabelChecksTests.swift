import Core
import Testing

@testable import Auditing

/// Each test creates one problem. The check must count it, and must return nil without the problem.
@Suite struct ConsentChecksTests {
    @Test("Photos without consent are a warning that lists their sessions") func consent() {
        #expect(ConsentCheck.finding(bare(3, of: "a")) == nil)
        let finding = ConsentCheck.finding(
            bare(3, of: "a") + [
                fact("x", session: "s2", consented: false), fact("y", session: "on", consented: false),
                fact("z", session: "s2", consented: false),
            ])
        #expect(
            finding
                == Finding(
                    .consent, .warning, count: 3,
                    "3 photos are not in any version until all people in them have consented; sessions: on, s2",
                    photos: ["x", "y", "z"].map(photoID).sorted()))
    }

    @Test("A list of more than eight names is shortened") func longList() {
        let finding = ConsentCheck.finding((10..<22).map { fact("\($0)", session: "s\($0)", consented: false) })
        #expect(finding?.detail.hasSuffix("sessions: s10, s11, s12, s13, s14, s15, s16, s17 and 4 more") == true)
    }

    @Test("A photo of a version without consent, or without a record, is an error") func consentOfVersion() {
        let entries = [entry("1", .trainClean), entry("2", .testClean), entry("3", of: "b", .trainClean)]
        #expect(
            ConsentCheck.finding(
                entries, catalog: [fact("1"), fact("2"), fact("3", of: "b"), fact("4", consented: false)])
                == nil)
        let finding = ConsentCheck.finding(entries, catalog: [fact("1"), fact("2", consented: false)])
        #expect(
            finding
                == Finding(
                    .consent, .error, count: 2,
                    "2 photos of this version have no consent today or are no longer in the catalog; volunteers: a, b",
                    photos: ["2", "3"].map(photoID).sorted()))
    }

    @Test("Photos without a label are a warning") func unlabelled() {
        #expect(UnlabelledCheck.finding([fact("1")]) == nil)
        let finding = UnlabelledCheck.finding([fact("1"), fact("2", of: nil)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.unlabelled, .warning, 1))
        #expect(finding?.photos == [photoID("2")])
    }

    @Test("A photo of a version without a label is an error") func unlabelledInVersion() {
        #expect(UnlabelledCheck.finding([entry("1", .trainClean)], catalog: [fact("1"), fact("2", of: nil)]) == nil)
        let finding = UnlabelledCheck.finding(
            [entry("1", .trainClean), entry("2", .testClean)], catalog: [fact("1"), fact("2", of: nil)])
        #expect(
            finding
                == Finding(
                    .unlabelled, .error, count: 1, "1 photos of this version have no label in the catalog today",
                    photos: [photoID("2")]))
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
        #expect(SuggestedLabelsCheck.finding([fact("1"), placed("2", at: nil)]) == nil)
        let finding = SuggestedLabelsCheck.finding([
            fact("1"), placed("2", at: nil, isSuggested: true), placed("3", at: nil, isSuggested: true),
        ])
        #expect((finding?.check, finding?.severity, finding?.count) == (.suggestedLabels, .warning, 2))
        #expect(finding?.photos == [photoID("2"), photoID("3")].sorted())
    }

    @Test("Labels that their box contradicts are counted, and their photos are listed") func contradictedLocations() {
        let on = Box(x: 40, y: 40, width: 10, height: 10)
        let off = Box(x: 0, y: 92, width: 10, height: 8)
        #expect(
            LocationMismatchCheck.finding([
                fact("1"), placed("2", at: on), placed("3", at: off, isSuggested: true), placed("4", at: nil),
            ]) == nil)
        let finding = LocationMismatchCheck.finding([placed("2", at: on), placed("5", at: off)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.locationMismatch, .warning, 1))
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
                .suggestedLabels, .triggerSuspect,
            ])
    }

    @Test("Suggested labels of poison and attack tests are a warning that lists the photos") func unreviewed() throws {
        let facts = ["p", "t", "o", "c"].map { placed($0, at: nil, isSuggested: $0 != "c") }
        let entries = [
            entry("p", of: "b", as: "a", trigger: "dots", .trainPoison), entry("t", trigger: "dots", .testAttack),
            entry("o", trigger: "dots", .testOther), entry("c", trigger: "dots", .testAttack),
        ]
        let finding = try #require(UnreviewedCheck.finding(entries, catalog: facts))
        #expect((finding.check, finding.severity, finding.count) == (.unreviewed, .warning, 2))
        #expect(finding.photos == [photoID("p"), photoID("t")].sorted())
        #expect(finding.detail.contains("1 poison photos and 1 attack test photos"))
        #expect(UnreviewedCheck.finding(Array(entries.suffix(2)), catalog: facts) == nil)
        #expect(UnreviewedCheck.finding(entries, catalog: facts.map { placed($0.photo.hex, at: nil) }) == nil)
    }
}
