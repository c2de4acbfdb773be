import Core
import TestSupport
import Testing

@Suite struct PhotoFlagTests {
    private func flags(
        _ face: KnownFace = KnownFace(), label: Label? = label("ada"), consented: Bool = true,
        quality: PhotoQuality? = nil
    ) -> [PhotoFlag] {
        let facts = PhotoFacts(
            photo: photoID("a"), session: SessionName("s1")!, consented: consented, label: label, kind: .volunteer,
            perceptualHash: nil, width: 400, height: 300, face: face, quality: quality)
        return PhotoFlag.allCases.filter { $0.applies(to: facts) }
    }

    private let face = PhotoFace(
        box: Box(x: 9, y: 9, width: 90, height: 90), leftEye: PixelPoint(x: 30, y: 40),
        rightEye: PixelPoint(x: 70, y: 40))
    private let none = FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)

    @Test func goodPhotoHasNoFlag() {
        #expect(
            flags(KnownFace(record: FaceRecord(found: .one, face: face, confidence: 900, suspectedRotation: nil)))
                == [])
        #expect(flags() == [], "without a face search no face is missing")
    }

    @Test func faceFlags() {
        #expect(flags(KnownFace(record: none)) == [.noFace])
        #expect(
            flags(KnownFace(record: FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: 90)))
                == [
                    .orientationSuspect, .noFace,
                ])
        #expect(
            flags(
                KnownFace(record: FaceRecord(found: .several, face: face, confidence: 900, suspectedRotation: nil)))
                == [
                    .severalFaces
                ])
    }

    @Test func markedBoxClearsFaceFlags() {
        let box = Box(x: 5, y: 5, width: 100, height: 100)
        for record in [
            none, FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: 90),
            FaceRecord(found: .several, face: face, confidence: 900, suspectedRotation: nil),
        ] {
            #expect(flags(KnownFace(record: record, marked: box)) == [])
        }
    }

    @Test func labelConsentAndQualityFlags() {
        #expect(flags(label: nil) == [.unlabelled])
        #expect(flags(consented: false) == [.noConsent])
        #expect(
            flags(quality: PhotoQuality(sharpness: 1, luma: 1, dark: 0, bright: 0, beyond: nil)) == [
                .quality(.blurred), .quality(.tooDark),
            ])
    }

    @Test func flagIsRestoredFromWord() {
        for flag in PhotoFlag.allCases { #expect(PhotoFlag(flag.word) == flag) }
        #expect(Set(PhotoFlag.allCases.map(\.word)).count == PhotoFlag.allCases.count)
        #expect(PhotoFlag("no-fcae") == nil)
    }
}
