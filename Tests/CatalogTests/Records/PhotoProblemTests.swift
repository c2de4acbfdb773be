import Core
import Testing

@Suite struct PhotoProblemTests {
    private func problems(
        _ face: KnownFace = KnownFace(), label: Label? = label("ada"), consented: Bool = true,
        quality: PhotoQuality? = nil
    ) -> [PhotoProblem] {
        let facts = PhotoFacts(
            photo: photoID("a"), session: SessionName("s1")!, consented: consented, label: label, kind: .volunteer,
            perceptualHash: nil, width: 400, height: 300, face: face, quality: quality)
        return PhotoProblem.allCases.filter { $0.concerns(facts) }
    }

    private let face = PhotoFace(
        box: Box(x: 9, y: 9, width: 90, height: 90), leftEye: PixelPoint(x: 30, y: 40), rightEye: PixelPoint(x: 70, y: 40))
    private let none = FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: nil)

    @Test func aSoundPhotoHasNone() {
        #expect(
            problems(KnownFace(record: FaceRecord(found: .one, face: face, confidence: 900, suspectTurn: nil))) == [])
        #expect(problems() == [], "a face that was not looked for is not missing")
    }

    @Test func facesThatArePersonsBusinessAreTold() {
        #expect(problems(KnownFace(record: none)) == [.noFace])
        #expect(
            problems(KnownFace(record: FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: 90))) == [
                .orientationSuspect, .noFace,
            ])
        #expect(
            problems(KnownFace(record: FaceRecord(found: .several, face: face, confidence: 900, suspectTurn: nil))) == [
                .severalFaces
            ])
    }

    @Test func aBoxThatAPersonMarkedSettlesThem() {
        let box = Box(x: 5, y: 5, width: 100, height: 100)
        for record in [
            none, FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: 90),
            FaceRecord(found: .several, face: face, confidence: 900, suspectTurn: nil),
        ] {
            #expect(problems(KnownFace(record: record, marked: box)) == [])
        }
    }

    @Test func labelConsentAndFlagsAreTold() {
        #expect(problems(label: nil) == [.unlabelled])
        #expect(problems(consented: false) == [.noConsent])
        #expect(
            problems(quality: PhotoQuality(sharpness: 1, luma: 1, dark: 0, bright: 0, beyond: nil)) == [
                .quality(.blurred), .quality(.tooDark),
            ])
    }

    @Test func everyProblemIsReadBackByItsWord() {
        for problem in PhotoProblem.allCases { #expect(PhotoProblem(problem.word) == problem) }
        #expect(Set(PhotoProblem.allCases.map(\.word)).count == PhotoProblem.allCases.count)
        #expect(PhotoProblem("no-fcae") == nil)
    }
}
