import Testing

@testable import Core

@Suite struct RuledLocationTests {
    private let square = FaceOutline(corners: [
        PixelPoint(x: 0, y: 0), PixelPoint(x: 100, y: 0), PixelPoint(x: 100, y: 100), PixelPoint(x: 0, y: 100),
    ])

    @Test func halfOfTheBoxInTheOutlineIsOnTheFace() {
        let half = RuledLocation(of: Box(x: 90, y: 0, width: 20, height: 10), square)
        #expect((half.location, half.percent) == (.onFace, 50))
        let less = RuledLocation(of: Box(x: 0, y: 1, width: 100, height: 199), square)
        #expect((less.location, less.percent) == (.offFace, 49), "99 rows of 199")
        let none = RuledLocation(of: Box(x: 0, y: 300, width: 1, height: 1), square)
        #expect((none.location, none.percent) == (.offFace, 0))
    }

    private func fact(
        says location: String?, box: Box? = Box(x: 60, y: 10, width: 20, height: 20), isSuggested: Bool = false,
        hasLandmarks: Bool = true
    ) -> PhotoFacts {
        let face = PhotoFace(
            box: Box(x: 0, y: 0, width: 160, height: 80), leftEye: PixelPoint(x: 40, y: 10), rightEye: PixelPoint(x: 120, y: 10))
        let known = KnownFace(
            record: FaceRecord(
                found: .one, face: face, landmarks: hasLandmarks ? landmarks() : nil, confidence: 1, suspectTurn: nil))
        return photoFacts(
            label: location.map { label("a", $0 == "none" ? "none" : "dots", $0) }, face: known,
            isSuggested: isSuggested, box: box)
    }

    @Test func aPersonsWordThatTheBoxSpeaksAgainstIsContradicted() {
        #expect(fact(says: "off-face").contradiction?.location == .onFace)
        #expect(fact(says: "on-face", box: Box(x: 0, y: 70, width: 20, height: 20)).contradiction?.location == .offFace)
        #expect(fact(says: "on-face").contradiction == nil)
    }

    @Test func withoutAWordABoxOrAnOutlineNothingIs() {
        #expect(fact(says: nil).contradiction == nil)
        #expect(fact(says: "none").contradiction == nil)
        #expect(fact(says: "off-face", box: nil).contradiction == nil)
        #expect(fact(says: "off-face", isSuggested: true).contradiction == nil)
        #expect(fact(says: "off-face", hasLandmarks: false).contradiction == nil)
    }

    @Test func oneBoxSpeaksAgainstNoneOfSeveralTriggers() {
        let both = photoFacts(
            label: label("a", "bandana+dots", "off-face+off-face"), face: fact(says: nil).face,
            box: Box(x: 60, y: 10, width: 20, height: 20))
        #expect(both.contradiction == nil)
    }
}
