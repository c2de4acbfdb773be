import Core
import Foundation
import Imaging
import Testing

@testable import Intake

/// Rebuilding images from a folder of photos, without a catalog.
@Suite struct ImageRebuilderTests {
    private let profile = Profile(size: 16, crop: .centre, colour: .srgb)!

    /// Runs `body` with a directory that contains two photos under other names next to other files, and with the
    /// expected images.
    private func withDirectory(
        _ body: (_ directory: URL, _ wanted: [ImageRebuilder.ExpectedImage], _ to: URL) throws -> Void
    ) throws {
        try withFolder { folder in
            let directory = folder.appending(path: "directory")
            try FileManager.default.createDirectory(
                at: directory.appending(path: "deep/er"), withIntermediateDirectories: true)
            let photos = [png(1), png(2)]
            try Data(photos[0]).write(to: directory.appending(path: "deep/er/z"))
            try Data(photos[0]).write(to: directory.appending(path: "the same again.jpg"))
            try Data(photos[1]).write(to: directory.appending(path: ".hidden"))
            try Data("no photo".utf8).write(to: directory.appending(path: "readme.txt"))
            try FileManager.default.createSymbolicLink(
                at: directory.appending(path: "loop"), withDestinationURL: directory)
            let wanted = try photos.map { bytes in
                let image = try DecodedPhoto(bytes).picture.rendered(size: 16, crop: .centre, colour: .srgb)
                return ImageRebuilder.ExpectedImage(
                    photo: .sha256(of: bytes), image: image.digest, face: nil)
            }
            try body(directory, wanted, folder.appending(path: "out"))
        }
    }

    private func rebuild(_ wanted: [ImageRebuilder.ExpectedImage], _ directory: URL, _ to: URL) throws
        -> ImageRebuilder.Outcome
    {
        try ImageRebuilder(profile, threads: ThreadBudget(2)).rebuild(
            wanted, from: directory, to: to, searching: { _, _ in }, making: { _, _ in })
    }

    @Test("Photos are found by their digests, whatever their names") func findByDigest() throws {
        try withDirectory { directory, wanted, to in
            let outcome = try rebuild(wanted, directory, to)
            #expect(outcome.isComplete)
            #expect(outcome.made == wanted)
            for each in wanted {
                let file = to.appending(path: "16-centre-srgb/\(each.photo.hex.prefix(2))/\(each.photo.hex).png")
                #expect(
                    try DecodedPhoto(Array(Data(contentsOf: file))).picture.digest
                        == each.image)
            }
            #expect(try rebuild(wanted, directory, to).made.count == 2, "rebuilding again gives the same result")
        }
    }

    @Test("An image from another person is not decoded when it is larger than the profile allows") func largeImage()
        throws
    {
        try withFolder { folder in
            let picture = try DecodedPhoto(png(1)).picture.rendered(size: 17, crop: .centre, colour: .srgb)
            let file = folder.appending(path: "image.png")
            try Data(picture.png()).write(to: file)
            #expect(
                try ImageFile(at: file).received(Profile(size: 17, crop: .centre, colour: .srgb)!)?.digest
                    == picture.digest)
            let large = try ImageFile(at: file).received(profile)
            #expect(large != nil && large?.digest == nil)
            let images = [(file: file, digest: picture.digest)]
            #expect(try ImageInspection().changed(images, receivedWith: profile) { _, _ in } == [file])
            #expect(try ImageInspection().changed(images) { _, _ in } == [])
            // More bytes than an image of the profile can have.
            try Data(count: 100_000).write(to: file)
            #expect(try ImageFile(at: file).received(profile)?.bytes == [])
            #expect(try ImageFile(at: folder.appending(path: "nothing")).received(profile) == nil)
            let error = #expect(throws: CurareError.self) { try ImageFile(at: folder).received(profile) }
            #expect(error?.code == .badInput)
        }
    }

    @Test("Missing, different and undecodable images are reported, and their files are not written") func outcome()
        throws
    {
        try withDirectory { directory, wanted, to in
            let missing = ImageRebuilder.ExpectedImage(
                photo: .sha256(of: "gone".utf8), image: wanted[0].image, face: nil)
            let other = ImageRebuilder.ExpectedImage(photo: wanted[0].photo, image: wanted[1].image, face: nil)
            let noPhoto = ImageRebuilder.ExpectedImage(
                photo: .sha256(of: "no photo".utf8), image: wanted[0].image, face: nil)
            let outcome = try rebuild([missing, other, noPhoto, wanted[1]], directory, to)
            #expect(!outcome.isComplete)
            #expect(outcome.missing == [missing])
            #expect(outcome.differing == [other])
            #expect(outcome.failed.map(\.expected) == [noPhoto])
            #expect(outcome.made == [wanted[1]])
            let files = try #require(FileManager.default.enumerator(atPath: to.path)).compactMap { $0 as? String }
                .filter { $0.hasSuffix(".png") }
            #expect(files.count == 1)
        }
    }

    @Test(
        "A face outside the photo is an error, whatever its numbers",
        arguments: [
            PhotoFace(
                box: Box(x: 0, y: 0, width: .max, height: .max), leftEye: PixelPoint(x: 0, y: 0),
                rightEye: PixelPoint(x: 1, y: 0)),
            PhotoFace(
                box: Box(x: .max, y: 0, width: 1, height: 1), leftEye: PixelPoint(x: 0, y: 0),
                rightEye: PixelPoint(x: 1, y: 0)),
            PhotoFace(
                box: Box(x: 0, y: 0, width: 1, height: 1), leftEye: PixelPoint(x: .min, y: 0),
                rightEye: PixelPoint(x: .max, y: 0)),
        ])
    func faceOutsidePhoto(_ face: PhotoFace) throws {
        try withDirectory { directory, wanted, to in
            let outcome = try ImageRebuilder(Profile(size: 16, crop: .face)!, threads: ThreadBudget(1))
                .rebuild(
                    [ImageRebuilder.ExpectedImage(photo: wanted[0].photo, image: wanted[0].image, face: face)],
                    from: directory,
                    to: to, searching: { _, _ in }, making: { _, _ in })
            #expect(outcome.failed.map(\.reason) == ["the face that determines the crop is outside the photo"])
        }
    }

    @Test("A photo directory that does not exist is missing input") func missingDirectory() throws {
        try withDirectory { directory, wanted, to in
            let error = #expect(throws: CurareError.self) {
                try rebuild(wanted, directory.appending(path: "nowhere"), to)
            }
            #expect(error?.code == .missingInput)
        }
    }
}
