import TestSupport
import Testing

@testable import Core

@Suite struct FaceBoxSuggestionTests {
    private static let nothing = FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)

    private func found(
        _ word: String, _ box: Box, of name: String = "a", session: String = "s1", width: Int = 100, height: Int = 200
    ) -> PhotoFacts {
        let face = PhotoFace(
            box: box, leftEye: PixelPoint(x: box.x, y: box.y), rightEye: PixelPoint(x: box.x, y: box.y))
        return photoFacts(
            word, session: session, label: label(name), width: width, height: height,
            face: KnownFace(record: FaceRecord(found: .one, face: face, confidence: 1, suspectedRotation: nil)))
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

    @Test func boxIsMedianOfEachSide() {
        let suggestions = FaceBoxSuggestion.boxes(three() + [missing()])
        // Left of 10 12 60, right of 40 42 90, top of 20 30 22, bottom of 60 70 66.
        #expect(suggestions == [photoID("missing"): Box(x: 12, y: 22, width: 30, height: 44)])
        #expect(FaceBoxSuggestion.boxes([missing()] + three().reversed()) == suggestions)
    }

    @Test func boxIsScaledToPhotoSize() {
        #expect(
            FaceBoxSuggestion.boxes(three() + [missing(width: 300, height: 400)]).values.first
                == Box(x: 36, y: 44, width: 90, height: 88))
    }

    @Test func lowerMedianOfFour() {
        #expect(
            FaceBoxSuggestion.boxes(three() + [found("3", Box(x: 80, y: 90, width: 15, height: 99)), missing()]).values
                .first
                == Box(x: 12, y: 22, width: 30, height: 44))
    }

    @Test func onlyThreePhotosOfSameShootSuffice() {
        #expect(FaceBoxSuggestion.boxes(three().dropLast() + [missing()]) == [:])
        #expect(FaceBoxSuggestion.boxes(three("b") + [missing()]) == [:])
        #expect(FaceBoxSuggestion.boxes(three(session: "s2") + [missing()]) == [:])
        #expect(FaceBoxSuggestion.boxes(three() + [missing(width: 200, height: 100)]) == [:])
    }

    @Test func onlyUnsuccessfulSearchesGetSuggestion() {
        #expect(FaceBoxSuggestion.boxes(three() + [missing(KnownFace())]) == [:], "no face search")
        #expect(
            FaceBoxSuggestion.boxes(
                three() + [missing(KnownFace(record: Self.nothing, marked: Box(x: 1, y: 1, width: 9, height: 9)))])
                == [:], "marked")
        #expect(FaceBoxSuggestion.boxes(three() + [missing(label: nil)]) == [:], "no label")
    }

    @Test func smallestPhotoGetsBoxOfOnePixel() {
        #expect(
            FaceBoxSuggestion.boxes(three() + [missing(width: 1, height: 1)]).values.first
                == Box(x: 0, y: 0, width: 1, height: 1))
    }
}
