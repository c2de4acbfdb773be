import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing

/// Imports a session with two photos, and returns their ids in order.
private func imported(_ study: Study) throws -> [PhotoID] {
    try study.run(
        Shoot(
            "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
            files: ["a.png": png(1), "b.png": png(2)]))
    return try study.catalog.facts().map(\.photo)
}

@Suite struct ImageMakerTests {
    private func maker(_ study: Study) -> ImageMaker {
        ImageMaker(study.workspace, study.catalog, threads: ThreadBudget(2))
    }

    @Test("A deleted image is made again with the same bytes") func deletedImage() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            let file = study.workspace.imageFile(photos[0], .standard)
            let bytes = try Data(contentsOf: file)
            try FileManager.default.removeItem(at: study.workspace.images)
            var made = 0
            #expect(try maker(study).images(of: photos, .standard) { made = $0 + $1 } == digests)
            #expect(made == 4)
            #expect(try Data(contentsOf: file) == bytes)
            #expect(
                try maker(study).images(of: photos, .standard) { _, _ in Issue.record("an image was made again") }
                    == digests)
        }
    }

    @Test("Images under another profile are made and recorded") func otherProfile() throws {
        try Study.with { study in
            let photos = try imported(study)
            let profile = try #require(Profile(size: 16, crop: .none, colour: .grey))
            let digests = try maker(study).images(of: photos, profile) { _, _ in }
            #expect(try study.catalog.images(profile) == digests)
            let image = try DecodedPhoto(Array(Data(contentsOf: study.workspace.imageFile(photos[0], profile)))).picture
            #expect((image.width, image.height) == (16, 12))
            #expect(image.digest == digests[photos[0]])
            #expect(try Set(study.catalog.profiles()) == [.standard, profile])
        }
    }

    @Test("A changed original is bad input") func changedOriginal() throws {
        try Study.with { study in
            let photos = try imported(study)
            let original = study.workspace.photoFile(photos[0], format: "png")
            try AtomicFile.write(Data(png(3)), to: original)
            try FileManager.default.removeItem(at: study.workspace.imageFile(photos[0], .standard))
            let error = #expect(throws: CurareError.self) { try maker(study).images(of: photos, .standard) { _, _ in } }
            #expect(error?.code == .badInput)
            #expect(error?.message == "the original of photo \(photos[0].short) was changed")
            #expect(error?.location == original.path)
        }
    }

    @Test("A missing original is missing input") func missingOriginal() throws {
        try Study.with { study in
            let photos = try imported(study)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[1], format: "png"))
            try FileManager.default.removeItem(at: study.workspace.images)
            let error = #expect(throws: CurareError.self) { try maker(study).images(of: photos, .standard) { _, _ in } }
            #expect(error?.code == .missingInput)
        }
    }

    @Test("An image with other pixels than before is an error and is not recorded") func differentImage() throws {
        try Study.with { study in
            let photos = try imported(study)
            let wrong = ImageDigest.sha256(of: [0])
            let profile = try #require(Profile(size: 32))
            try study.catalog.store(images: [Image(photo: photos[0], profile: profile, digest: wrong)])
            let error = #expect(throws: CurareError.self) { try maker(study).images(of: photos, profile) { _, _ in } }
            #expect(error?.code == .bug)
            #expect(try study.catalog.images(profile)[photos[0]] == wrong)
        }
    }

    @Test("Images are rendered from their originals and compared with the image files") func remake() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            try picture(9).png().withUnsafeBytes {
                try Data($0).write(to: study.workspace.imageFile(photos[0], .standard))
            }
            try Data("no picture".utf8).write(to: study.workspace.imageFile(photos[1], .standard))
            let remade = try maker(study).remake(photos, .standard) { _, _ in }
            #expect(try photos.map { try remade[$0]?.fresh.get() } == photos.map { digests[$0] })
            #expect(remade[photos[0]]?.stored == picture(9).digest)
            #expect(remade[photos[1]]?.stored == nil)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[0], format: "png"))
            #expect(throws: CurareError.self) {
                try maker(study).remake(photos, .standard) { _, _ in }[photos[0]]?.fresh.get()
            }
        }
    }

    @Test("Missing and changed image files are made again with the same bytes") func ensure() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            let files = photos.map { study.workspace.imageFile($0, .standard) }
            let before = try files.map { try Data(contentsOf: $0) }
            let images = try photos.map { (photo: $0, image: try #require(digests[$0])) }
            try picture(9).png().withUnsafeBytes { try Data($0).write(to: files[0]) }
            try FileManager.default.removeItem(at: files[1])
            try maker(study).ensure(images, .standard) { _, _ in }
            #expect(try files.map { try Data(contentsOf: $0) } == before)
        }
    }

    @Test("An image that differs from the version's is bad input") func ensureDifferentImage() throws {
        try Study.with { study in
            let photos = try imported(study)
            let error = #expect(throws: CurareError.self) {
                try maker(study).ensure([(photos[0], .sha256(of: [0]))], .standard) { _, _ in }
            }
            #expect(error?.code == .badInput)
            #expect(error?.message.contains("different pixels today than the version records") == true)
        }
    }
}

/// Digests from the catalog, whether or not the image files exist.
@Suite struct RecordedImagesTests {
    private func maker(_ study: Study) -> ImageMaker {
        ImageMaker(study.workspace, study.catalog, threads: ThreadBudget(2))
    }

    @Test("The digests of recorded images need neither image files nor originals") func recordedDigests() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            try FileManager.default.removeItem(at: study.workspace.images)
            try FileManager.default.removeItem(at: study.workspace.photos)
            #expect(
                try maker(study).digests(of: photos, .standard) { _, _ in Issue.record("an image was made again") }
                    == photos.map { digests[$0] })
            #expect(throws: CurareError.self) {
                try maker(study).digests(of: photos, #require(Profile(name: "16-none-grey"))) { _, _ in }
            }
        }
    }

    @Test("Images that were never made are made") func newDigests() throws {
        try Study.with { study in
            let photos = try imported(study)
            let profile = try #require(Profile(name: "16-none-grey"))
            let digests = try maker(study).digests(of: photos, profile) { _, _ in }
            #expect(digests.count == 2 && !digests.contains(nil))
            #expect(try photos.map { try study.catalog.images(profile)[$0] } == digests)
        }
    }

    @Test("A photo without its original stays unmeasured and is returned") func unmeasured() throws {
        let centre = try #require(Profile(name: "16-centre-grey"))
        let faces = try #require(Profile(name: "16-face-grey"))
        try Study.with(profile: centre) { study in
            let photos = try imported(study)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[0], format: "png"))
            #expect(try study.catalog.photosWithoutFaceSearch() == photos)
            #expect(try maker(study).unmeasured(of: [photos[1]], faces) == [photos[1]])
            #expect(try maker(study).unmeasured(of: photos, centre) == [])
            #expect(try maker(study).measure(photos, faces: true) { _, _ in } == [photos[0]])
            #expect(try study.catalog.photosWithoutFaceSearch() == [photos[0]])
        }
    }
}
