import Core
import Foundation
import Imaging
import Intake
import Testing

/// Images from a heap of photos, with no catalog to ask.
@Suite struct ImageRebuilderTests {
    private let profile = Profile(size: 16, crop: .centre, colour: .srgb)!

    /// Two photos, what their images must be, and a heap that holds them under other names, among other things.
    private func withHeap(_ body: (_ heap: URL, _ wanted: [ImageRebuilder.Wanted], _ to: URL) throws -> Void) throws {
        try withFolder { folder in
            let heap = folder.appending(path: "heap")
            try FileManager.default.createDirectory(
                at: heap.appending(path: "deep/er"), withIntermediateDirectories: true)
            let photos = [png(1), png(2)]
            try Data(photos[0]).write(to: heap.appending(path: "deep/er/z"))
            try Data(photos[0]).write(to: heap.appending(path: "the same again.jpg"))
            try Data(photos[1]).write(to: heap.appending(path: ".hidden"))
            try Data("no photo".utf8).write(to: heap.appending(path: "readme.txt"))
            try FileManager.default.createSymbolicLink(at: heap.appending(path: "loop"), withDestinationURL: heap)
            let wanted = try photos.map { bytes in
                let image = try DecodedPhoto(bytes).picture.rendered(Rendering(size: 16, crop: .centre, colour: .srgb))
                return ImageRebuilder.Wanted(
                    photo: .sha256(of: bytes), image: ImageDigest(bytes: image.digest.bytes)!, face: nil)
            }
            try body(heap, wanted, folder.appending(path: "out"))
        }
    }

    private func rebuild(_ wanted: [ImageRebuilder.Wanted], _ heap: URL, _ to: URL) throws -> ImageRebuilder.Outcome {
        try ImageRebuilder(profile, workers: ThreadBudget(2)).rebuild(
            wanted, from: heap, to: to, looking: { _, _ in }, making: { _, _ in })
    }

    @Test func photosAreFoundByTheirBytes() throws {
        try withHeap { heap, wanted, to in
            let outcome = try rebuild(wanted, heap, to)
            #expect(outcome.isWhole)
            #expect(outcome.made == wanted)
            for each in wanted {
                let file = to.appending(path: "16-centre-srgb/\(each.photo.hex.prefix(2))/\(each.photo.hex).png")
                #expect(
                    try ImageDigest(bytes: DecodedPhoto(Array(Data(contentsOf: file))).picture.digest.bytes)
                        == each.image)
            }
            #expect(try rebuild(wanted, heap, to).made.count == 2, "a second time it does the same")
        }
    }

    @Test func whatIsMissingOrOtherIsNamedAndNothingIsWrittenForIt() throws {
        try withHeap { heap, wanted, to in
            let missing = ImageRebuilder.Wanted(photo: .sha256(of: "gone".utf8), image: wanted[0].image, face: nil)
            let other = ImageRebuilder.Wanted(photo: wanted[0].photo, image: wanted[1].image, face: nil)
            let noPhoto = ImageRebuilder.Wanted(photo: .sha256(of: "no photo".utf8), image: wanted[0].image, face: nil)
            let outcome = try rebuild([missing, other, noPhoto, wanted[1]], heap, to)
            #expect(!outcome.isWhole)
            #expect(outcome.missing == [missing])
            #expect(outcome.differing == [other])
            #expect(outcome.failed.map(\.wanted) == [noPhoto])
            #expect(outcome.made == [wanted[1]])
            let files = try #require(FileManager.default.enumerator(atPath: to.path)).compactMap { $0 as? String }
                .filter { $0.hasSuffix(".png") }
            #expect(files.count == 1)
        }
    }

    @Test(arguments: [
        PhotoFace(
            box: Box(x: 0, y: 0, width: .max, height: .max), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0)),
        PhotoFace(
            box: Box(x: .max, y: 0, width: 1, height: 1), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0)),
        PhotoFace(
            box: Box(x: 0, y: 0, width: 1, height: 1), leftEye: PixelPoint(x: .min, y: 0), rightEye: PixelPoint(x: .max, y: 0)),
    ])
    func aFaceOutsideThePhotoIsNoReasonToCrash(_ face: PhotoFace) throws {
        try withHeap { heap, wanted, to in
            let outcome = try ImageRebuilder(Profile(size: 16, crop: .face)!, workers: ThreadBudget(1))
                .rebuild(
                    [ImageRebuilder.Wanted(photo: wanted[0].photo, image: wanted[0].image, face: face)], from: heap,
                    to: to, looking: { _, _ in }, making: { _, _ in })
            #expect(outcome.failed.map(\.reason) == ["the face that the image should be cut by lies outside the photo"])
        }
    }

    @Test func aHeapThatIsNotThereIsMissingInput() throws {
        try withHeap { heap, wanted, to in
            let refusal = #expect(throws: CurareError.self) { try rebuild(wanted, heap.appending(path: "nowhere"), to) }
            #expect(refusal?.code == .missingInput)
        }
    }
}
