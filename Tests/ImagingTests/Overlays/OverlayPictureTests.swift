import Core
import Testing

@testable import Imaging

/// Overlays that users provide as PNG.
@Suite struct OverlayPictureTests {
    private let picture = OverlayPicture(width: 3, height: 2, rgba: (0..<24).map { UInt8(10 * $0) })!

    @Test func pngRoundTripKeepsEveryValue() throws {
        #expect(try OverlayPicture(png: picture.png()) == picture)
    }

    @Test func digestDependsOnPixelsOnly() throws {
        #expect(digestPrefix(picture.digest) == "e6d66781eba858bd")
        let other = OverlayPicture(width: 2, height: 3, rgba: picture.rgba)!
        #expect(other.digest != picture.digest)
        #expect(try OverlayPicture(png: picture.png()).digest == picture.digest)
    }

    @Test func pngWithoutTransparencyIsOpaque() throws {
        let opaque = try OverlayPicture(png: scene(width: 8, height: 6, square: 2).png())
        #expect(stride(from: 3, to: opaque.rgba.count, by: 4).allSatisfy { opaque.rgba[$0] == 255 })
        #expect(Array(opaque.rgba.prefix(4)) == [255, 255, 255, 255])
    }

    @Test func sizesAreCheckedBeforeDecoding() throws {
        // A header with 60,000 × 60,000 pixels, without pixel data.
        let large: [UInt8] =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8) + [
                0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 6, 0, 0, 0,
            ]
        let error = #expect(throws: ImagingError.self) { try OverlayPicture(png: large) }
        #expect(error?.code == .tooManyPixels)
        #expect(error?.message == "the overlay is 60000 × 60000; a side has at most 1024 pixels")
        #expect(throws: ImagingError.self) { try OverlayPicture(png: large.map { $0 == 0xea || $0 == 0x60 ? 0 : $0 }) }
        let many = #expect(throws: ImagingError.self) {
            try OverlayPicture(png: Array(repeating: 0, count: OverlayPicture.maximumBytes + 1))
        }
        #expect(many?.code == .tooManyBytes)
        #expect(OverlayPicture(width: 1025, height: 1, rgba: Array(repeating: 0, count: 4100)) == nil)
        #expect(OverlayPicture(width: 2, height: 1, rgba: [0]) == nil)
    }

    @Test(arguments: ["", "not a picture", "\u{89}PNG"])
    func otherFormatsAreRejected(_ text: String) {
        let error = #expect(throws: ImagingError.self) { try OverlayPicture(png: Array(text.utf8)) }
        #expect(error?.code == .notAPhoto)
    }

    @Test func truncatedPNGIsRejected() throws {
        let whole = try OverlayPicture(
            width: 64, height: 64, rgba: (0..<4 * 64 * 64).map { UInt8(truncatingIfNeeded: $0 &* 31) })!.png()
        for length in [40, whole.count / 2, whole.count - 30] {
            #expect(throws: ImagingError.self, "\(length)") { try OverlayPicture(png: Array(whole.prefix(length))) }
        }
        #expect(throws: ImagingError.self) { try OverlayPicture(png: scene().encoded(as: .jpeg)) }
    }
}

/// Returns the first sixteen hexadecimal digits of a digest.
func digestPrefix(_ digest: OverlayDigest) -> String {
    String(digest.hex.prefix(16))
}
