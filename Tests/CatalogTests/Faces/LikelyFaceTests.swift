import Testing

@testable import Core

@Suite struct LikelyFaceTests {
    private static let nothing = FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: nil)

    private func found(
        _ word: String, _ box: Box, of name: String = "a", session: String = "s1", width: Int = 100, height: Int = 200
    ) -> PhotoFacts {
        let face = PhotoFace(box: box, leftEye: PixelPoint(x: box.x, y: box.y), rightEye: PixelPoint(x: box.x, y: box.y))
        return photoFacts(
            word, session: session, label: label(name), width: width, height: height,
            face: KnownFace(record: FaceRecord(found: .one, face: face, confidence: 1, suspectTurn: nil)))
    }

    private func missing(
        _ face: KnownFace = KnownFace(record: nothing), label: Label? = label("a"), width: Int = 100, height: Int = 200
    ) -> PhotoFacts {
        photoFacts("missing", label: label, width: width, height: height, face: face)
    }

    private let others: [Box] = [
        Box(x: 10, y: 20, width: 30, height: 40), Box(x: 12, y: 30, width: 30, height: 40),
        Box(x: 60, y: 22, width: 30, height: 44),
    ]

    private func three(_ name: String = "a", session: String = "s1") -> [PhotoFacts] {
        others.enumerated().map { found("\($0.offset)", $0.element, of: name, session: session) }
    }

    @Test func theMiddleOfTheOthersIsTakenSideBySide() {
        let likely = LikelyFace.boxes(three() + [missing()])
        // Left of 10 12 60, right of 40 42 90, top of 20 30 22, bottom of 60 70 66.
        #expect(likely == [photoID("missing"): Box(x: 12, y: 22, width: 30, height: 44)])
        #expect(LikelyFace.boxes([missing()] + three().reversed()) == likely)
    }

    @Test func itIsScaledByTheSizesOfThePictures() {
        #expect(
            LikelyFace.boxes(three() + [missing(width: 300, height: 400)]).values.first
                == Box(x: 36, y: 44, width: 90, height: 88))
    }

    @Test func ofFourTheSmallerMiddleOne() {
        #expect(
            LikelyFace.boxes(three() + [found("3", Box(x: 80, y: 90, width: 15, height: 99)), missing()]).values.first
                == Box(x: 12, y: 22, width: 30, height: 44))
    }

    @Test func twoOthersAreTooFewAndOtherPeopleSessionsAndShapesDoNotCount() {
        #expect(LikelyFace.boxes(three().dropLast() + [missing()]) == [:])
        #expect(LikelyFace.boxes(three("b") + [missing()]) == [:])
        #expect(LikelyFace.boxes(three(session: "s2") + [missing()]) == [:])
        #expect(LikelyFace.boxes(three() + [missing(width: 200, height: 100)]) == [:])
    }

    @Test func onlyPhotosThatWereLookedAtInVainAreSuggestedFor() {
        #expect(LikelyFace.boxes(three() + [missing(KnownFace())]) == [:], "not looked for")
        #expect(
            LikelyFace.boxes(
                three() + [missing(KnownFace(record: Self.nothing, marked: Box(x: 1, y: 1, width: 9, height: 9)))])
                == [:], "marked")
        #expect(LikelyFace.boxes(three() + [missing(label: nil)]) == [:], "nobody knows whose")
    }

    @Test func theSmallestPictureHasABoxOfAPixel() {
        #expect(
            LikelyFace.boxes(three() + [missing(width: 1, height: 1)]).values.first
                == Box(x: 0, y: 0, width: 1, height: 1))
    }
}
