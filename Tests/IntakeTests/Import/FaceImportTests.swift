import Catalog
import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing

/// Faces in sheets, in the catalog and in face crops. The photos are noise, in which no face is ever found.
@Suite struct FaceImportTests {
    private static let profile = Profile(name: "32-face-srgb")!
    private static let box = Box(x: 2, y: 3, width: 8, height: 8)
    private static let nothing = FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)

    private func maker(_ study: Study) -> ImageMaker {
        ImageMaker(study.workspace, study.catalog, threads: ThreadBudget(2))
    }

    private func shoot(_ study: Study, faceBox: String) throws -> Shoot {
        try Shoot(
            "s1", in: study.parent, sheet: ["a.png,a,none,none,\(faceBox)", "b.png,a,none,none,"], more: ",face_box",
            files: ["a.png": png(1), "b.png": png(2)])
    }

    private func cut(_ number: Int, by face: PhotoFace?) throws -> ImageDigest {
        try picture(number).rendered(size: 32, crop: .face, colour: .srgb, face: face).digest
    }

    private func face(_ left: Int, _ top: Int, _ side: Int, eyes: (Int, Int, Int, Int)) -> PhotoFace {
        PhotoFace(
            box: Box(x: left, y: top, width: side, height: side), leftEye: PixelPoint(x: eyes.0, y: eyes.1),
            rightEye: PixelPoint(x: eyes.2, y: eyes.3))
    }

    @Test("An import counts faces and stores the measures") func counts() throws {
        try Study.with { study in
            let report = try study.run(shoot(study, faceBox: "2 3 8 8"))
            #expect((report.facesFound, report.facesMissing) == (1, 1))
            #expect(report.severalFaces == [] && report.orientationSuspects == [])
            let marked = PhotoID.sha256(of: png(1))
            let bare = PhotoID.sha256(of: png(2))
            #expect(
                try study.catalog.faces() == [
                    marked: KnownFace(record: Self.nothing, marked: Self.box), bare: KnownFace(record: Self.nothing),
                ])
        }
    }

    @Test("The crop follows the marked face, and changes when another face is marked") func markedFace() throws {
        try Study.with { study in
            let first = try shoot(study, faceBox: "2 3 8 8")
            let photo = PhotoID.sha256(of: png(1))
            try study.run(first)
            #expect(try study.catalog.images(.standard).count == 2)
            #expect(
                try maker(study).images(of: [photo], Self.profile) { _, _ in }[photo]
                    == cut(1, by: face(2, 3, 8, eyes: (4, 6, 7, 6))))
            try first.sheet(["a.png,a,none,none,10 4 10 10", "b.png,a,none,none,"], more: ",face_box")
            try study.run(first, relabel: true)
            #expect(try study.catalog.images(.standard).count == 2, "the image with the new crop replaces the old one")
            #expect(
                try study.catalog.images(.standard)[photo]
                    == DecodedPhoto(Array(Data(contentsOf: study.workspace.imageFile(photo, .standard)))).picture.digest
            )
            #expect(
                !FileManager.default.fileExists(atPath: study.workspace.imageFile(photo, Self.profile).path),
                "no file without a record")
            #expect(
                try maker(study).images(of: [photo], Self.profile) { _, _ in }[photo]
                    == cut(1, by: face(10, 4, 10, eyes: (13, 7, 17, 7))))
            let stored = try DecodedPhoto(Array(Data(contentsOf: study.workspace.imageFile(photo, Self.profile))))
                .picture
            #expect(try stored.digest == cut(1, by: face(10, 4, 10, eyes: (13, 7, 17, 7))))
        }
    }

    /// The catalog contains a face where no detector would find one.
    @Test("The crop uses the face in the catalog without another search") func storedFace() throws {
        try Study.with { study in
            let record = FaceRecord(
                found: .one,
                face: PhotoFace(box: Self.box, leftEye: PixelPoint(x: 3, y: 5), rightEye: PixelPoint(x: 8, y: 6)),
                confidence: 900, suspectedRotation: nil)
            let photo = try store(png(1), record, in: study)
            let expected = try cut(1, by: face(2, 3, 8, eyes: (3, 5, 8, 6)))
            #expect(try maker(study).images(of: [photo], Self.profile) { _, _ in }[photo] == expected)
            #expect(try maker(study).remake([photo], Self.profile) { _, _ in }[photo]?.fresh.get() == expected)
            #expect(try study.catalog.faces() == [photo: KnownFace(record: record)])
        }
    }

    @Test("A photo without a face search is searched when a face crop is first needed") func laterSearch() throws {
        try Study.with { study in
            let photo = try store(png(1), nil, in: study)
            _ = try maker(study).images(of: [photo], Profile(name: "32-centre-srgb")!) { _, _ in }
            #expect(try study.catalog.faces() == [:], "a centre crop needs no face")
            #expect(try maker(study).images(of: [photo], Self.profile) { _, _ in }[photo] == cut(1, by: nil))
            #expect(try study.catalog.faces() == [photo: KnownFace(record: Self.nothing)])
        }
    }

    /// Searching for faces takes longer than the rest of an import.
    @Test("No face is searched while the images are not face crops") func noSearch() throws {
        try Study.with(profile: Profile(name: "32-centre-srgb")!) { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                files: ["a.png": png(1), "b.png": png(2)])
            let report = try study.run(shoot)
            #expect((report.facesFound, report.facesMissing, report.facesNotSearched) == (0, 0, 2))
            #expect(try study.catalog.facts().map(\.face) == [KnownFace(), KnownFace()])
            #expect(try study.catalog.facts().allSatisfy { $0.perceptualHash != nil && $0.quality != nil })
            let photos = try study.catalog.facts().map(\.photo)
            _ = try maker(study).images(of: photos, Self.profile) { _, _ in }
            #expect(
                try study.catalog.facts().map(\.face) == [
                    KnownFace(record: Self.nothing), KnownFace(record: Self.nothing),
                ])
        }
    }

    /// Stores a photo with the face in `record`, or without measures.
    private func store(_ bytes: [UInt8], _ record: FaceRecord?, in study: Study) throws -> PhotoID {
        let id = PhotoID.sha256(of: bytes)
        let session = SessionName("s1")!
        let photo = Photo(id: id, bytes: bytes.count, format: "png", width: 20, height: 15, captured: nil, camera: nil)
        try AtomicFile.write(Data(bytes), to: study.workspace.photoFile(id, format: "png"), mode: 0o400)
        try study.catalog.store(
            Session(name: session, date: "2026-05-03", kind: .volunteer, consent: .signed),
            volunteers: [VolunteerName("a")!], coSubjects: [])
        try study.catalog.store(
            [
                NewPhoto(
                    photo: photo, sessionPhoto: SessionPhoto(session: session, file: "a.png"), label: label("a"),
                    measures: record.map {
                        PhotoMeasures(
                            perceptualHash: PerceptualHash(0), face: $0, quality: Self.quality($0),
                            light: PhotoLight(red: 1000, green: 1000, blue: 1000))
                    })
            ], made: "2026-05-04T00:00:00Z")
        return id
    }

    private static func quality(_ record: FaceRecord) -> PhotoQuality {
        PhotoQuality(
            sharpness: 300, luma: 100, dark: 0, bright: 0,
            beyond: record.face.map { _ in PhotoQuality.Beyond(left: 0, top: 0, right: 0, bottom: 0) })
    }
}
