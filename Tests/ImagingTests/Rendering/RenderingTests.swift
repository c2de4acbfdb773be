import Core
import Foundation
import Imaging
import Testing

@Suite struct RenderingTests {
    @Test func pictureOfTheRequestedSizeKeepsItsPixels() throws {
        let square = pattern(width: 5, height: 5)
        #expect(try square.rendered(size: 5, crop: .centre, colour: .srgb) == square)
        #expect(try pattern().rendered(size: 6, crop: .none, colour: .srgb) == pattern())
    }

    @Test func centreCropIsTheMiddleSquare() throws {
        let cropped = try pattern(width: 7, height: 3).rendered(size: 3, crop: .centre, colour: .srgb)
        let whole = pattern(width: 7, height: 3)
        let middle: [UInt8] = (0..<3).flatMap { (row: Int) -> [UInt8] in
            let first = (row * 7 + 2) * 3
            return Array(whole.rgb[first..<first + 9])
        }
        #expect(cropped.rgb == middle)
    }

    @Test func wholePictureKeepsItsAspectRatio() throws {
        let wide = try pattern(width: 8, height: 4).rendered(size: 16, crop: .none, colour: .srgb)
        #expect((wide.width, wide.height) == (16, 8))
        let thin = try pattern(width: 1, height: 24).rendered(size: 16, crop: .none, colour: .srgb)
        #expect((thin.width, thin.height) == (1, 16))
    }

    @Test func greyIsLumaInThreeChannels() throws {
        let red = Picture(width: 1, height: 1, rgb: [255, 0, 0])!
        #expect(try red.rendered(size: 1, crop: .centre, colour: .grey).rgb == [77, 77, 77])
    }

    @Test func imageFileContainsNoMetadata() throws {
        let photo = try DecodedPhoto(
            pattern().encoded(as: .jpeg, orientation: 6, captured: "2026:03:04 05:06:07", camera: "Serial 4711"))
        let png = String(decoding: try photo.picture.png(), as: UTF8.self)
        for word in ["Exif", "eXIf", "4711", "2026", "tEXt", "iCCP", "tIME"] { #expect(!png.contains(word)) }
    }

    @Test func digestMatchesTheDefinition() {
        // python3 -c "import hashlib; print(hashlib.sha256(bytes([0,0,0,2, 0,0,0,1, 1,2,3,4,5,6])).hexdigest())"
        let digest = Picture(width: 2, height: 1, rgb: [1, 2, 3, 4, 5, 6])!.digest
        #expect(
            digest.hex == "562f567f19e0af6f51b8a5ad9b2746b8a5f25051cc298eccdbc62ece11f7ab30")
    }

    @Test func pixelsDoNotDependOnThreads() async throws {
        let bytes = try pattern(width: 300, height: 200).encoded(as: .jpeg, orientation: 5)
        let digests = try await withThrowingTaskGroup(of: ImageDigest.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try DecodedPhoto(bytes).picture.rendered(size: 64, crop: .centre, colour: .srgb).digest
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(digests.count == 1)
    }
}
