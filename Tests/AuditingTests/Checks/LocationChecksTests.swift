import Core
import Testing

@testable import Auditing

@Suite struct LocationChecksTests {
    /// A photo whose face is a square from (10, 10) to (90, 90), up to its brows.
    private func placed(_ word: String, at box: Box?, isSuggested: Bool = false) -> PhotoFacts {
        let fact = fact(word, wears: "dots")
        let jaw = (0...16).map { PixelPoint(x: 10 + 5 * $0, y: $0 == 0 || $0 == 16 ? 10 : 90) }
        let landmarks = Landmarks(jaw + Array(repeating: PixelPoint(x: 50, y: 10), count: 51))
        let face = PhotoFace(
            box: Box(x: 10, y: 10, width: 80, height: 80), leftEye: PixelPoint(x: 30, y: 30), rightEye: PixelPoint(x: 70, y: 30))
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: nil, width: 100, height: 100,
            face: KnownFace(
                record: FaceRecord(found: .one, face: face, landmarks: landmarks, confidence: 1, suspectTurn: nil)),
            isSuggested: isSuggested, triggerBox: box)
    }

    @Test func labelsThatWaitForAPersonAreCountedAndNamed() {
        #expect(Checks.suggested([fact("1"), placed("2", at: nil)]) == nil)
        let finding = Checks.suggested([
            fact("1"), placed("2", at: nil, isSuggested: true), placed("3", at: nil, isSuggested: true),
        ])
        #expect((finding?.check, finding?.severity, finding?.count) == (.suggestedLabels, .warning, 2))
        #expect(finding?.photos == [photoID("2"), photoID("3")].sorted())
    }

    @Test func boxesThatSpeakAgainstTheirLabelAreCountedAndNamed() {
        let on = Box(x: 40, y: 40, width: 10, height: 10)
        let off = Box(x: 0, y: 92, width: 10, height: 8)
        #expect(
            Checks.contradicted([
                fact("1"), placed("2", at: on), placed("3", at: off, isSuggested: true), placed("4", at: nil),
            ]) == nil)
        let finding = Checks.contradicted([placed("2", at: on), placed("5", at: off)])
        #expect((finding?.check, finding?.severity, finding?.count) == (.locationContradicted, .warning, 1))
        #expect(finding?.photos == [photoID("5")])
        #expect(finding?.detail.contains("it says dots on-face, and 0% of the box are in the face's outline") == true)
    }

    @Test func aVersionIsAskedForItsOwnPhotosAlone() throws {
        let clean = bare(10, of: "a", "b")
        let outside = placed("x", at: nil, isSuggested: true)
        let audit = Audit(version: try version(of: clean), catalog: clean + [outside]) { _ in true }
        #expect(audit.findings == [])
        #expect(
            Audit(catalog: clean + [outside], groups: .standard) { _ in true }.findings.map(\.check) == [
                .suggestedLabels
            ])
    }
}
