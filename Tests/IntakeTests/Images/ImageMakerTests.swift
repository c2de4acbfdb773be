import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing

@Suite struct ImageMakerTests {
    private func imported(_ study: Study) throws -> [PhotoID] {
        try study.run(
            Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                files: ["a.png": png(1), "b.png": png(2)]))
        return try study.catalog.facts().map(\.photo)
    }

    private func maker(_ study: Study) -> ImageMaker { ImageMaker(study.workspace, study.catalog, workers: ThreadBudget(2)) }

    @Test func aDeletedImageComesBackWithTheSameDigest() throws {
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
                try maker(study).images(of: photos, .standard) { _, _ in Issue.record("nothing is left to make") }
                    == digests)
        }
    }

    @Test func anotherProfileIsMadeAndRecorded() throws {
        try Study.with { study in
            let photos = try imported(study)
            let profile = try #require(Profile(size: 16, crop: .none, colour: .grey))
            let digests = try maker(study).images(of: photos, profile) { _, _ in }
            #expect(try study.catalog.images(profile) == digests)
            let image = try DecodedPhoto(Array(Data(contentsOf: study.workspace.imageFile(photos[0], profile)))).picture
            #expect((image.width, image.height) == (16, 12))
            #expect(ImageDigest(bytes: image.digest.bytes) == digests[photos[0]])
            #expect(try Set(study.catalog.profiles()) == [.standard, profile])
        }
    }

    @Test func anOriginalThatWasChangedIsRefused() throws {
        try Study.with { study in
            let photos = try imported(study)
            let original = study.workspace.photoFile(photos[0], format: "png")
            try AtomicFile.write(Data(png(3)), to: original)
            try FileManager.default.removeItem(at: study.workspace.imageFile(photos[0], .standard))
            let refusal = #expect(throws: CurareError.self) { try maker(study).images(of: photos, .standard) { _, _ in } }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.message == "the original of photo \(photos[0].short) was changed")
            #expect(refusal?.location == original.path)
        }
    }

    @Test func anOriginalThatIsGoneIsMissingInput() throws {
        try Study.with { study in
            let photos = try imported(study)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[1], format: "png"))
            try FileManager.default.removeItem(at: study.workspace.images)
            let refusal = #expect(throws: CurareError.self) { try maker(study).images(of: photos, .standard) { _, _ in } }
            #expect(refusal?.code == .missingInput)
        }
    }

    @Test func anImageThatComesOutOtherwiseIsNeverRecorded() throws {
        try Study.with { study in
            let photos = try imported(study)
            let wrong = ImageDigest.sha256(of: [0])
            let profile = try #require(Profile(size: 32))
            try study.catalog.store(images: [Image(photo: photos[0], profile: profile, digest: wrong)])
            let refusal = #expect(throws: CurareError.self) { try maker(study).images(of: photos, profile) { _, _ in } }
            #expect(refusal?.code == .bug)
            #expect(try study.catalog.images(profile)[photos[0]] == wrong)
        }
    }

    @Test func everyImageIsHeldAgainstWhatItsOriginalGivesToday() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            try picture(9).png().withUnsafeBytes {
                try Data($0).write(to: study.workspace.imageFile(photos[0], .standard))
            }
            try Data("no picture".utf8).write(to: study.workspace.imageFile(photos[1], .standard))
            let remade = try maker(study).remade(photos, .standard) { _, _ in }
            #expect(try photos.map { try remade[$0]?.fresh.get() } == photos.map { digests[$0] })
            #expect(remade[photos[0]]?.stored == ImageDigest(bytes: picture(9).digest.bytes))
            #expect(remade[photos[1]]?.stored == nil)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[0], format: "png"))
            #expect(throws: CurareError.self) {
                try maker(study).remade(photos, .standard) { _, _ in }[photos[0]]?.fresh.get()
            }
        }
    }

    @Test func aChangedOrMissingImageIsMadeAgainBeforeItGoesOut() throws {
        try Study.with { study in
            let photos = try imported(study)
            let digests = try study.catalog.images(.standard)
            let files = photos.map { study.workspace.imageFile($0, .standard) }
            let before = try files.map { try Data(contentsOf: $0) }
            let held = try photos.map { (photo: $0, image: try #require(digests[$0])) }
            try picture(9).png().withUnsafeBytes { try Data($0).write(to: files[0]) }
            try FileManager.default.removeItem(at: files[1])
            try maker(study).hold(held, .standard) { _, _ in }
            #expect(try files.map { try Data(contentsOf: $0) } == before)
        }
    }

    @Test func anImageOfTodayThatIsNotTheVersionsIsRefused() throws {
        try Study.with { study in
            let photos = try imported(study)
            let refusal = #expect(throws: CurareError.self) {
                try maker(study).hold([(photos[0], .sha256(of: [0]))], .standard) { _, _ in }
            }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.message.contains("other pixels today than the version says") == true)
        }
    }
}

/// What a version needs of images: the digests that the catalog knows, whether or not the files are still there.
@Suite struct RecordedImagesTests {
    private func maker(_ study: Study) -> ImageMaker { ImageMaker(study.workspace, study.catalog, workers: ThreadBudget(2)) }

    @Test func digestsOfImagesThatWereMadeAreTheCatalogsAndNoFileIsAskedFor() throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                    files: ["a.png": png(1), "b.png": png(2)]))
            let photos = try study.catalog.facts().map(\.photo)
            let digests = try study.catalog.images(.standard)
            try FileManager.default.removeItem(at: study.workspace.images)
            try FileManager.default.removeItem(at: study.workspace.photos)
            #expect(
                try maker(study).digests(of: photos, .standard) { _, _ in Issue.record("nothing is to be made") }
                    == photos.map { digests[$0] })
            #expect(throws: CurareError.self) {
                try maker(study).digests(of: photos, #require(Profile(name: "16-none-grey"))) { _, _ in }
            }
        }
    }

    @Test func onesThatWereNeverMadeAreMade() throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                    files: ["a.png": png(1), "b.png": png(2)]))
            let photos = try study.catalog.facts().map(\.photo)
            let profile = try #require(Profile(name: "16-none-grey"))
            let digests = try maker(study).digests(of: photos, profile) { _, _ in }
            #expect(digests.count == 2 && !digests.contains(nil))
            #expect(try photos.map { try study.catalog.images(profile)[$0] } == digests)
        }
    }

    @Test func aPhotoWithoutItsOriginalStaysUnmeasuredAndIsNamed() throws {
        let centre = try #require(Profile(name: "16-centre-grey"))
        let faces = try #require(Profile(name: "16-face-grey"))
        try Study.with(profile: centre) { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
                    files: ["a.png": png(1), "b.png": png(2)]))
            let photos = try study.catalog.facts().map(\.photo)
            try FileManager.default.removeItem(at: study.workspace.photoFile(photos[0], format: "png"))
            #expect(try study.catalog.unmeasured(faces: true) == photos)
            #expect(try maker(study).unmeasured(of: [photos[1]], faces) == [photos[1]])
            #expect(try maker(study).unmeasured(of: photos, centre) == [])
            #expect(try maker(study).measure(photos, faces: true) { _, _ in } == [photos[0]])
            #expect(try study.catalog.unmeasured(faces: true) == [photos[0]])
        }
    }
}
