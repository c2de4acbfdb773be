import Core
import Foundation
import Imaging
import Testing

@testable import Intake

/// Copies on which triggers are drawn: made, held, made again, and rebuilt.
@Suite struct CopiesTests {
    private struct Scene {
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

        var maker: ImageMaker { ImageMaker(study.workspace, study.catalog, workers: ThreadBudget(2)) }

        func copy(at x: Int = 10) -> OverlaidImage {
            let layer = OverlayLayer(
                picture: red, opacity: 65536, place: .eyes,
                position: OverlayPosition(x: x * 256, y: 7 * 256, u: 3 * 256, v: 0))
            return OverlaidImage(photo: photo, width: 20, height: 15, face: nil, layers: [layer])
        }

        func images() throws -> [PhotoID: ImageDigest] { try maker.images(of: [photo], profile) { _, _ in } }

        func file(_ image: ImageDigest) -> URL { study.workspace.drawnFile(image, profile) }
    }

    private func withScene(_ body: (Scene) throws -> Void) throws { try Study.with { try body(Scene($0)) } }

    @Test func aCopyLiesUnderItsOwnDigestAndThePhotosImageIsUntouched() throws {
        try withScene { scene in
            let images = try scene.images()
            let before = try Data(contentsOf: scene.study.workspace.imageFile(scene.photo, scene.profile))
            let drawn = try scene.maker.draw(
                [scene.copy(), scene.copy(at: 4)], on: images, scene.pictures, scene.profile
            ) { _, _ in }
            #expect(Set(drawn.values).count == 2 && !drawn.values.contains(images[scene.photo]!))
            for image in drawn.values {
                #expect(
                    try DecodedPhoto(Array(Data(contentsOf: scene.file(image)))).picture.digest.bytes
                        == Array(PixelBytes(image)))
                #expect(
                    (try FileManager.default.attributesOfItem(atPath: scene.file(image).path)[.posixPermissions] as? Int)
                        == 0o600)
            }
            #expect(try Data(contentsOf: scene.study.workspace.imageFile(scene.photo, scene.profile)) == before)
        }
    }

    @Test func whatIsMissingOrChangedIsDrawnAgain() throws {
        try withScene { scene in
            let images = try scene.images()
            let drawn = try scene.maker.draw([scene.copy()], on: images, scene.pictures, scene.profile) { _, _ in }
            let image = try #require(drawn[scene.copy()])
            let held = [(copy: scene.copy(), image: image)]
            try scene.maker.hold(held, on: images, scene.pictures, scene.profile) { _, _ in
                Issue.record("nothing is to be drawn")
            }
            try Data(png(2)).write(to: scene.file(image))
            try scene.maker.hold(held, on: images, scene.pictures, scene.profile) { _, _ in }
            #expect(ImageFile(at: scene.file(image)).digest == image)
            try FileManager.default.removeItem(at: scene.file(image))
            try scene.maker.hold(held, on: images, scene.pictures, scene.profile) { _, _ in }
            #expect(ImageFile(at: scene.file(image)).digest == image)
            let refusal = #expect(throws: CurareError.self) {
                try scene.maker.hold([(scene.copy(), .sha256(of: [1]))], on: images, scene.pictures, scene.profile) {
                    _, _ in
                }
            }
            #expect(refusal?.message.contains("has other pixels today than the version says") == true)
        }
    }

    @Test func aChangedImageIsNotDrawnOn() throws {
        try withScene { scene in
            let images = try scene.images()
            try Data(png(2)).write(to: scene.study.workspace.imageFile(scene.photo, scene.profile))
            let refusal = #expect(throws: CurareError.self) {
                try scene.maker.draw([scene.copy()], on: images, scene.pictures, scene.profile) { _, _ in }
            }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.location == scene.study.workspace.imageFile(scene.photo, scene.profile).path)
        }
    }

    @Test func copiesAreMadeAgainFromTheOriginal() throws {
        try withScene { scene in
            let images = try scene.images()
            let image = try #require(
                scene.maker.draw([scene.copy()], on: images, scene.pictures, scene.profile) { _, _ in }[scene.copy()])
            try FileManager.default.removeItem(at: scene.study.workspace.images)
            let remade = try scene.maker.remade(
                [scene.photo], copies: [(scene.copy(), image)], scene.pictures, scene.profile
            ) { _, _ in }
            #expect(try remade.copies[scene.copy()]?.fresh.get() == image && remade.copies[scene.copy()]?.stored == nil)
            #expect(try remade.photos[scene.photo]?.fresh.get() == images[scene.photo])
            try FileManager.default.removeItem(at: scene.study.workspace.photoFile(scene.photo, format: "png"))
            #expect(throws: CurareError.self) {
                try scene.maker.remade([scene.photo], copies: [(scene.copy(), image)], scene.pictures, scene.profile) {
                    _, _ in
                }.copies[scene.copy()]?.fresh.get()
            }
        }
    }

    @Test func aHeapOfPhotosGivesTheCopiesToo() throws {
        try withScene { scene in
            let images = try scene.images()
            let image = try #require(
                scene.maker.draw([scene.copy()], on: images, scene.pictures, scene.profile) { _, _ in }[scene.copy()])
            let to = scene.study.parent.appending(path: "rebuilt")
            let wanted = [
                ImageRebuilder.Wanted(photo: scene.photo, image: images[scene.photo]!, face: nil),
                ImageRebuilder.Wanted(photo: scene.photo, image: image, face: nil, copy: scene.copy()),
            ]
            let outcome = try ImageRebuilder(scene.profile, scene.pictures, workers: ThreadBudget(1)).rebuild(
                wanted, from: scene.study.parent.appending(path: "s1"), to: to, looking: { _, _ in },
                making: { _, _ in })
            #expect(outcome.made == wanted)
            let drawn = to.appending(path: "16-centre-srgb/drawn/\(image.hex.prefix(2))/\(image.hex).png")
            #expect(ImageFile(at: drawn).digest == image)
            let other = OverlaidImage(photo: scene.photo, width: 21, height: 15, face: nil, layers: scene.copy().layers)
            let refused = try ImageRebuilder(scene.profile, scene.pictures, workers: ThreadBudget(1)).rebuild(
                [.init(photo: scene.photo, image: image, face: nil, copy: other)],
                from: scene.study.parent.appending(path: "s1"), to: to, looking: { _, _ in }, making: { _, _ in })
            #expect(refused.failed.map(\.reason) == ["the photo is 20 × 15, and its entry says 21 × 15"])
        }
    }

    @Test func picturesOfAVersionAreHeldToItsManifest() throws {
        try withScene { scene in
            var pictures = OverlayPictures()
            try pictures.add(kept: scene.study.parent.appending(path: "red.png"), as: scene.red)
            #expect(try OverlayPicture(png: pictures.png(scene.red)).digest.bytes == Array(PixelBytes(scene.red)))
            let other = #expect(throws: CurareError.self) {
                try pictures.add(kept: scene.study.parent.appending(path: "red.png"), as: .sha256(of: [1]))
            }
            #expect(other?.code == .badInput)
            let gone = #expect(throws: CurareError.self) {
                try pictures.add(kept: scene.study.parent.appending(path: "gone.png"), as: scene.red)
            }
            #expect(gone?.code == .missingInput)
        }
    }

    @Test func picturesOfARecipeStayInItsFolder() throws {
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
            #expect(link?.message.contains("leads out of the recipe's folder") == true)
            let gone = #expect(throws: CurareError.self) { try pictures.add(file: "gone.png", below: folder) }
            #expect(gone?.code == .missingInput)
            try Data("no picture".utf8).write(to: folder.appending(path: "bad.png"))
            let bad = #expect(throws: CurareError.self) { try pictures.add(file: "bad.png", below: folder) }
            #expect(bad?.message == "the overlay is no PNG" && bad?.location?.hasSuffix("bad.png") == true)
            #expect(throws: CurareError.self) { try pictures.add(drawn: "moustache") }
        }
    }

    @Test func everyPlaceHasAnAnchor() {
        for place in OverlayPlace.allCases { #expect((PlacedOverlay.Anchor(place) == .photo) == place.isOfFace) }
    }
}

/// A digest's bytes.
private func PixelBytes<Of>(_ digest: SHA256Digest<Of>) -> [UInt8] {
    let hex = Array(digest.hex)
    return stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0..<$0 + 2]), radix: 16) }
}
