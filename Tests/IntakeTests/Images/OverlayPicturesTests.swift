import Core
import Foundation
import Imaging
import Testing

@testable import Intake

/// Images with drawn triggers, and the pictures of overlays.
@Suite struct OverlayPicturesTests {
    private struct OverlayStudy {
        let study: Study
        let photo: PhotoID
        let profile = Profile(size: 16, crop: .centre)!
        var pictures = OverlayPictures()
        let red: OverlayDigest

        init(_ study: Study) throws {
            self.study = study
            try study.run(Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)]))
            photo = try #require(study.catalog.facts().first).photo
            let file = study.parent.appending(path: "red.png")
            try Data(
                OverlayPicture(
                    width: 2, height: 2, rgba: Array(repeating: [255, 0, 0, 255], count: 4).flatMap(\.self))!.png()
            ).write(to: file)
            red = try pictures.add(file: "red.png", below: study.parent)
        }

        var maker: ImageMaker { ImageMaker(study.workspace, study.catalog, threads: ThreadBudget(2)) }

        func copy(at x: Int = 10) -> OverlaidImage {
            let layer = OverlayLayer(
                picture: red, opacity: 65536, place: .eyes,
                position: OverlayPosition(x: x * 256, y: 7 * 256, u: 3 * 256, v: 0))
            return OverlaidImage(photo: photo, width: 20, height: 15, face: nil, layers: [layer])
        }

        func images() throws -> [PhotoID: ImageDigest] { try maker.images(of: [photo], profile) { _, _ in } }

        func file(_ image: ImageDigest) -> URL { study.workspace.overlaidImageFile(image, profile) }
    }

    private func withOverlayStudy(_ body: (OverlayStudy) throws -> Void) throws {
        try Study.with { try body(OverlayStudy($0)) }
    }

    @Test("An image with a drawn trigger has its own file, and the photo's image file is not changed") func draw()
        throws
    {
        try withOverlayStudy { fixture in
            let images = try fixture.images()
            let before = try Data(contentsOf: fixture.study.workspace.imageFile(fixture.photo, fixture.profile))
            let drawn = try fixture.maker.draw(
                [fixture.copy(), fixture.copy(at: 4)], on: images, fixture.pictures, fixture.profile
            ) { _, _ in }
            #expect(Set(drawn.values).count == 2 && !drawn.values.contains(images[fixture.photo]!))
            for image in drawn.values {
                #expect(
                    try DecodedPhoto(Array(Data(contentsOf: fixture.file(image)))).picture.digest == image)
                #expect(
                    (try FileManager.default.attributesOfItem(atPath: fixture.file(image).path)[.posixPermissions]
                        as? Int)
                        == 0o600)
            }
            #expect(try Data(contentsOf: fixture.study.workspace.imageFile(fixture.photo, fixture.profile)) == before)
        }
    }

    @Test("Missing and changed images are drawn again") func ensure() throws {
        try withOverlayStudy { fixture in
            let images = try fixture.images()
            let drawn = try fixture.maker.draw([fixture.copy()], on: images, fixture.pictures, fixture.profile) {
                _, _ in
            }
            let image = try #require(drawn[fixture.copy()])
            let expected = [(copy: fixture.copy(), image: image)]
            try fixture.maker.ensure(expected, on: images, fixture.pictures, fixture.profile) { _, _ in
                Issue.record("an image was drawn again")
            }
            try Data(png(2)).write(to: fixture.file(image))
            try fixture.maker.ensure(expected, on: images, fixture.pictures, fixture.profile) { _, _ in }
            #expect(try ImageFile(at: fixture.file(image)).digest == image)
            try FileManager.default.removeItem(at: fixture.file(image))
            try fixture.maker.ensure(expected, on: images, fixture.pictures, fixture.profile) { _, _ in }
            #expect(try ImageFile(at: fixture.file(image)).digest == image)
            let error = #expect(throws: CurareError.self) {
                try fixture.maker.ensure(
                    [(fixture.copy(), .sha256(of: [1]))], on: images, fixture.pictures, fixture.profile
                ) {
                    _, _ in
                }
            }
            #expect(error?.message.contains("has different pixels today than the version records") == true)
        }
    }

    @Test("Nothing is drawn on a changed image") func changedBase() throws {
        try withOverlayStudy { fixture in
            let images = try fixture.images()
            try Data(png(2)).write(to: fixture.study.workspace.imageFile(fixture.photo, fixture.profile))
            let error = #expect(throws: CurareError.self) {
                try fixture.maker.draw([fixture.copy()], on: images, fixture.pictures, fixture.profile) { _, _ in }
            }
            #expect(error?.code == .badInput)
            #expect(error?.location == fixture.study.workspace.imageFile(fixture.photo, fixture.profile).path)
        }
    }

    @Test("Images with drawn triggers are rendered from the originals") func remake() throws {
        try withOverlayStudy { fixture in
            let images = try fixture.images()
            let image = try #require(
                fixture.maker.draw([fixture.copy()], on: images, fixture.pictures, fixture.profile) { _, _ in }[
                    fixture.copy()])
            try FileManager.default.removeItem(at: fixture.study.workspace.images)
            let remade = try fixture.maker.remake(
                [fixture.photo], copies: [(fixture.copy(), image)], fixture.pictures, fixture.profile
            ) { _, _ in }
            #expect(
                try remade.copies[fixture.copy()]?.fresh.get() == image && remade.copies[fixture.copy()]?.stored == nil)
            #expect(try remade.photos[fixture.photo]?.fresh.get() == images[fixture.photo])
            try FileManager.default.removeItem(at: fixture.study.workspace.photoFile(fixture.photo, format: "png"))
            #expect(throws: CurareError.self) {
                try fixture.maker.remake(
                    [fixture.photo], copies: [(fixture.copy(), image)], fixture.pictures, fixture.profile
                ) {
                    _, _ in
                }.copies[fixture.copy()]?.fresh.get()
            }
        }
    }

    @Test("Images with drawn triggers are rebuilt from a folder of photos") func rebuild() throws {
        try withOverlayStudy { fixture in
            let images = try fixture.images()
            let image = try #require(
                fixture.maker.draw([fixture.copy()], on: images, fixture.pictures, fixture.profile) { _, _ in }[
                    fixture.copy()])
            let to = fixture.study.parent.appending(path: "rebuilt")
            let wanted = [
                ImageRebuilder.ExpectedImage(photo: fixture.photo, image: images[fixture.photo]!, face: nil),
                ImageRebuilder.ExpectedImage(photo: fixture.photo, image: image, face: nil, copy: fixture.copy()),
            ]
            let outcome = try ImageRebuilder(fixture.profile, fixture.pictures, threads: ThreadBudget(1)).rebuild(
                wanted, from: fixture.study.parent.appending(path: "s1"), to: to, searching: { _, _ in },
                making: { _, _ in })
            #expect(outcome.made == wanted)
            let drawn = to.appending(path: "16-centre-srgb/drawn/\(image.hex.prefix(2))/\(image.hex).png")
            #expect(try ImageFile(at: drawn).digest == image)
            let wrongSize = OverlaidImage(
                photo: fixture.photo, width: 21, height: 15, face: nil, layers: fixture.copy().layers)
            let other = try ImageRebuilder(fixture.profile, fixture.pictures, threads: ThreadBudget(1)).rebuild(
                [.init(photo: fixture.photo, image: image, face: nil, copy: wrongSize)],
                from: fixture.study.parent.appending(path: "s1"), to: to, searching: { _, _ in }, making: { _, _ in })
            #expect(other.failed.map(\.reason) == ["the photo has 20 × 15 pixels, but its entry records 21 × 15"])
        }
    }

    @Test("A version's picture must have the digest of the manifest") func storedPictures() throws {
        try withOverlayStudy { fixture in
            var pictures = OverlayPictures()
            try pictures.add(stored: fixture.study.parent.appending(path: "red.png"), as: fixture.red)
            #expect(try OverlayPicture(png: pictures.png(fixture.red)).digest == fixture.red)
            let other = #expect(throws: CurareError.self) {
                try pictures.add(stored: fixture.study.parent.appending(path: "red.png"), as: .sha256(of: [1]))
            }
            #expect(other?.code == .badInput)
            let gone = #expect(throws: CurareError.self) {
                try pictures.add(stored: fixture.study.parent.appending(path: "gone.png"), as: fixture.red)
            }
            #expect(gone?.code == .missingInput)
        }
    }

    @Test("A recipe's picture must be a PNG inside the recipe's folder") func recipePictures() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "recipes"), withIntermediateDirectories: false)
            try Data(png(1)).write(to: folder.appending(path: "outside.png"))
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "recipes/link.png"),
                withDestinationURL: folder.appending(path: "outside.png"))
            var pictures = OverlayPictures()
            let link = #expect(throws: CurareError.self) {
                try pictures.add(file: "link.png", below: folder.appending(path: "recipes"))
            }
            #expect(link?.message.contains("a link to a file outside the recipe's folder") == true)
            let gone = #expect(throws: CurareError.self) { try pictures.add(file: "gone.png", below: folder) }
            #expect(gone?.code == .missingInput)
            try Data("no picture".utf8).write(to: folder.appending(path: "bad.png"))
            let bad = #expect(throws: CurareError.self) { try pictures.add(file: "bad.png", below: folder) }
            #expect(bad?.message == "the overlay is not a PNG" && bad?.location?.hasSuffix("bad.png") == true)
            #expect(throws: CurareError.self) { try pictures.add(drawn: "moustache") }
        }
    }

    @Test("Each place of an overlay has an anchor") func anchors() {
        for place in OverlayPlace.allCases { #expect((PlacedOverlay.Anchor(place) == .photo) == place.requiresFace) }
    }
}

/// Returns the bytes of a digest.
private func bytes<Of>(_ digest: SHA256Digest<Of>) -> [UInt8] {
    let hex = Array(digest.hex)
    return stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0..<$0 + 2]), radix: 16) }
}
