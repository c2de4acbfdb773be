import Foundation
import GRDB
import TestSupport
import Testing

@testable import Catalog
@testable import Core
@testable import Storage

@Suite struct MeasurementTests {
    static let measured = PhotoFace(
        box: Box(x: 1, y: 2, width: 30, height: 40), leftEye: PixelPoint(x: 8, y: 15),
        rightEye: PixelPoint(x: 23, y: 16))
    static let perceptualHash = PerceptualHash(0x0123_4567_89ab_cdef)
    static let quality = PhotoQuality(sharpness: 412, luma: 101, dark: 7, bright: 3, beyond: nil)
    static let framed = PhotoQuality(
        sharpness: 412, luma: 101, dark: 7, bright: 3,
        beyond: PhotoQuality.Beyond(left: 120, top: 0, right: 0, bottom: 30))
    static let light = PhotoLight(red: 1200, green: 1103, blue: 987)
    static let one = FaceRecord(found: .one, face: measured, confidence: -250, suspectedRotation: nil)

    private func store(_ record: FaceRecord?, marked: Box? = nil, in study: SyntheticStudy) throws -> PhotoID {
        let id = photoID("p")
        let photo = Photo(id: id, bytes: 9, format: "jpeg", width: 90, height: 90, captured: nil, camera: nil)
        try study.session("s1", of: ["a"])
        try study.catalog.store(
            [
                NewPhoto(
                    photo: photo, sessionPhoto: SessionPhoto(session: SessionName("s1")!, file: "p.jpg"),
                    label: label("a"),
                    faceBox: marked,
                    measures: record.map {
                        PhotoMeasures(
                            perceptualHash: Self.perceptualHash, face: $0,
                            quality: $0.face == nil ? Self.quality : Self.framed, light: Self.light)
                    },
                    image: Image(photo: id, profile: .face, digest: ImageDigest(hex: id.hex)!))
            ], made: "2026-05-04T00:00:00Z")
        return id
    }

    @Test(arguments: [
        one,
        FaceRecord(
            found: .several, face: measured, landmarks: landmarks(left: -3), confidence: 1200, suspectedRotation: nil),
        FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil),
        FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: 270),
    ])
    func measurementIsRestored(_ record: FaceRecord) throws {
        try SyntheticStudy.with { study in
            let photo = try store(record, in: study)
            #expect(try study.catalog.faces() == [photo: KnownFace(record: record)])
            #expect(try study.catalog.faces(of: [photo, photoID("other")]) == study.catalog.faces())
            #expect(try study.catalog.faces(of: []) == [:])
            #expect(try study.catalog.facts().map(\.face) == [KnownFace(record: record)])
            #expect(try study.catalog.facts().map(\.quality) == [record.face == nil ? Self.quality : Self.framed])
        }
    }

    @Test func firstMeasurementIsKept() throws {
        try SyntheticStudy.with { study in
            let photo = try store(nil, in: study)
            #expect(try study.catalog.faces() == [:])
            #expect(try study.catalog.facts().map(\.face) == [KnownFace()])
            #expect(try study.catalog.photosWithoutFaceSearch() == [photo])
            try study.catalog.store(measures: [
                photo: PhotoMeasures(
                    perceptualHash: Self.perceptualHash, face: Self.one, quality: Self.framed, light: Self.light)
            ])
            try study.catalog.store(measures: [
                photo: PhotoMeasures(
                    perceptualHash: PerceptualHash(1),
                    face: FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil),
                    quality: Self.quality, light: Self.light)
            ])
            #expect(try study.catalog.photosWithoutFaceSearch() == [])
            #expect(try study.catalog.facts().map(\.perceptualHash) == [Self.perceptualHash])
            #expect(try study.catalog.faces()[photo]?.record == Self.one)
            #expect(try study.catalog.facts().map(\.quality) == [Self.framed])
        }
    }

    @Test func measurementWithFaceReplacesOneWithoutFaceSearch() throws {
        try SyntheticStudy.with { study in
            let photo = try store(nil, in: study)
            try study.catalog.store(measures: [
                photo: PhotoMeasures(
                    perceptualHash: Self.perceptualHash, face: nil, quality: Self.quality, light: Self.light)
            ])
            #expect(try study.catalog.photosWithoutFaceSearch() == [photo])
            #expect(try study.catalog.facts().map(\.face) == [KnownFace()])
            try study.catalog.store(measures: [
                photo: PhotoMeasures(
                    perceptualHash: Self.perceptualHash, face: Self.one, quality: Self.framed, light: Self.light)
            ])
            try study.catalog.store(measures: [
                photo: PhotoMeasures(
                    perceptualHash: Self.perceptualHash, face: nil, quality: Self.quality, light: Self.light)
            ])
            #expect(try study.catalog.facts().map(\.face.record) == [Self.one])
            #expect(try study.catalog.facts().map(\.quality) == [Self.framed])
        }
    }

    @Test func detectorIsStoredWithTheFaceAndInTheWorkspace() throws {
        try SyntheticStudy.with { study in
            #expect(try study.catalog.faceDetector() == .hog)
            let photo = try store(Self.one, in: study)
            #expect(try study.catalog.faces()[photo]?.record?.detector == .hog)
            let other = FaceRecord(
                found: .one, face: Self.measured, confidence: 1100, suspectedRotation: nil, detector: .cnn)
            try study.catalog.replace(
                measures: [
                    photo: PhotoMeasures(
                        perceptualHash: Self.perceptualHash, face: other, quality: Self.framed, light: Self.light)
                ], detector: .cnn)
            #expect(try study.catalog.faceDetector() == .cnn)
            #expect(try study.catalog.faces()[photo]?.record == other)
            #expect(try study.catalog.photoIDs() == [photo])
        }
    }

    /// A failure in the transaction changes neither the setting nor a measurement.
    @Test func replacingMeasurementsIsOneTransaction() throws {
        try SyntheticStudy.with { study in
            let photo = try store(Self.one, in: study)
            let stranger = try #require(PhotoID(hex: String(repeating: "7", count: 64)))
            let measures = PhotoMeasures(
                perceptualHash: Self.perceptualHash, face: nil, quality: Self.quality, light: Self.light)
            #expect(throws: CurareError.self) {
                try study.catalog.replace(measures: [photo: measures, stranger: measures], detector: .cnn)
            }
            #expect(try study.catalog.faceDetector() == .hog)
            #expect(try study.catalog.faces()[photo]?.record == Self.one)
        }
    }

    @Test func markedBoxTakesPrecedenceAndKeepsEyesInside() throws {
        try SyntheticStudy.with { study in
            let photo = try store(Self.one, marked: Box(x: 0, y: 0, width: 40, height: 40), in: study)
            #expect(
                try study.catalog.faces()[photo]?.face
                    == PhotoFace(
                        box: Box(x: 0, y: 0, width: 40, height: 40), leftEye: PixelPoint(x: 8, y: 15),
                        rightEye: PixelPoint(x: 23, y: 16)))
            try study.catalog.apply([.box(photo, .face, Box(x: 50, y: 40, width: 20, height: 40))], made: "")
            #expect(
                try study.catalog.facts().first?.face.face
                    == PhotoFace(
                        box: Box(x: 50, y: 40, width: 20, height: 40), leftEye: PixelPoint(x: 56, y: 55),
                        rightEye: PixelPoint(x: 64, y: 55)))
            try study.catalog.apply([.box(photo, .face, nil)], made: "")
            #expect(try study.catalog.faces()[photo]?.face == Self.measured)
        }
    }

    @Test(arguments: [Box(x: 5, y: 5, width: 9, height: 9), nil])
    func newFaceBoxRemovesFaceImages(_ box: Box?) throws {
        try SyntheticStudy.with { study in
            let photo = try store(Self.one, marked: Box(x: 0, y: 0, width: 40, height: 40), in: study)
            try study.catalog.store(images: [
                Image(photo: photo, profile: .centre, digest: ImageDigest(hex: photo.hex)!)
            ])
            #expect(try study.catalog.images(.face).count == 1)
            try study.catalog.apply(
                [.box(photo, .trigger, Box(x: 1, y: 1, width: 2, height: 2)), .note(photo, SessionName("s1")!, "x")],
                made: "")
            #expect(try study.catalog.images(.face).count == 1)
            try study.catalog.apply([.box(photo, .face, box)], made: "")
            #expect(try study.catalog.images(.face).count == 0)
            #expect(try study.catalog.images(.centre).count == 1)
        }
    }

    @Test func correctedFaceBoxRemovesFaceImagesWhenAnotherBoxCounts() throws {
        try SyntheticStudy.with { study in
            let marked = Box(x: 0, y: 0, width: 40, height: 40)
            let photo = try store(Self.one, marked: marked, in: study)
            let image = Image(photo: photo, profile: .face, digest: ImageDigest(hex: photo.hex)!)
            let edits: [(box: Box?, count: Int)] = [
                (marked, 1), (Box(x: 5, y: 5, width: 9, height: 9), 0), (nil, 0), (nil, 1),
            ]
            for (box, count) in edits {
                try study.catalog.store(images: [image])
                try study.catalog.store([PhotoEdit(photo, boxes: [.face: box])], made: "")
                #expect(try study.catalog.images(.face).count == count, "\(String(describing: box))")
            }
        }
    }

    @Test(arguments: [
        "UPDATE measurement SET faces_found = 'none'", "UPDATE measurement SET faces_found = NULL",
        "UPDATE measurement SET faces_found = 'two'",
        "UPDATE measurement SET face_x = NULL", "UPDATE measurement SET face_width = 0",
        "UPDATE measurement SET left_eye_x = -1",
        "UPDATE measurement SET confidence = NULL", "UPDATE measurement SET suspected_rotation = 90",
        "UPDATE measurement SET detector = 'mtcnn'", "UPDATE measurement SET detector = NULL",
        "UPDATE measurement SET face_y = 1.5",
        "INSERT INTO measurement (photo, perceptual_hash, faces_found, detector, sharpness, luma, dark, bright, red, green, blue) VALUES ('\(String(repeating: "f", count: 64))', '0123456789abcdef', 'none', 'hog', 0, 0, 0, 0, 0, 0, 0)",
        "UPDATE measurement SET sharpness = NULL", "UPDATE measurement SET sharpness = 1001",
        "UPDATE measurement SET luma = 256", "UPDATE measurement SET red = NULL", "UPDATE measurement SET red = 2551",
        "UPDATE measurement SET green = -1", "UPDATE measurement SET blue = 0.5",
        "UPDATE measurement SET dark = -1", "UPDATE measurement SET bright = 0.5",
        "UPDATE measurement SET beyond_left = NULL", "UPDATE measurement SET beyond_bottom = 1001",
        "UPDATE measurement SET landmarks = ''", "UPDATE measurement SET landmarks = '1 2'",
        "UPDATE measurement SET landmarks = '\(String(repeating: "1 ", count: 136))'",
        "UPDATE measurement SET landmarks = '\(String(repeating: "1 ", count: 135))x'",
        "UPDATE measurement SET landmarks = '\(String(repeating: "1 ", count: 135))1.5'",
        "UPDATE measurement SET perceptual_hash = '0123456789ABCDEF'", "UPDATE measurement SET perceptual_hash = '0'",
        "UPDATE measurement SET perceptual_hash = NULL",
        "UPDATE measurement SET faces_found = 'none', face_x = NULL, face_y = NULL, face_width = NULL, face_height = NULL, left_eye_x = NULL, left_eye_y = NULL, right_eye_x = NULL, right_eye_y = NULL, confidence = NULL, suspected_rotation = 45",
    ])
    func incompleteOrInvalidMeasurementIsRejected(_ statement: String) throws {
        try SyntheticStudy.with { study in
            _ = try store(Self.one, in: study)
            let error = #expect(throws: DatabaseError.self, "\(statement)") {
                try study.raw { try $0.execute(sql: statement) }
            }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        }
    }
}

extension Profile {
    fileprivate static let face = Profile(name: "64-face-srgb")!
    fileprivate static let centre = Profile(name: "256-centre-srgb")!
}
