import Foundation
import Imaging
import Testing

/// A small picture in which every pixel differs, so that no turn and no mirror goes unnoticed.
func pattern(width: Int = 6, height: Int = 4) -> Picture {
    var rgb: [UInt8] = []
    for index in 0..<width * height {
        rgb += [UInt8(index * 9 % 256), UInt8(index * 5 % 230 + 20), UInt8(250 - index * 7 % 250)]
    }
    return Picture(width: width, height: height, rgb: rgb)!
}

@Suite struct DecodingTests {
    static let lossless: [DecodedPhoto.Format] = [.png, .tiff, .webp]

    @Test(arguments: lossless, 1...8)
    func everyOrientationOfALosslessFileGivesTheUprightPixels(_ format: DecodedPhoto.Format, _ orientation: Int) throws
    {
        let upright = pattern()
        let photo = try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation))
        #expect(photo.format == format)
        #expect(photo.picture == upright)
    }

    @Test(arguments: 1...8)
    func everyOrientationOfAJPEGIsUprightWithinThreeLevels(_ orientation: Int) throws {
        let upright = try pattern(width: 7, height: 4).rendered(Rendering(size: 96, crop: .none, colour: .srgb))
        let photo = try DecodedPhoto(upright.encoded(as: .jpeg, quality: 95, orientation: orientation))
        #expect(photo.orientation == orientation)
        #expect((photo.picture.width, photo.picture.height) == (upright.width, upright.height))
        let error = zip(photo.picture.rgb, upright.rgb).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(error) / Double(upright.rgb.count) < 3)
    }

    @Test func aPNMIsRead() throws {
        let bytes = try pattern().encoded(as: .pnm)
        #expect(try DecodedPhoto(bytes).picture == pattern())
        #expect(bytes == Array("P6\n6 4\n255\n".utf8) + pattern().rgb, "no clock's time in the header")
        let grey = try DecodedPhoto(Array("P2\n2 1\n255\n7 200\n".utf8))
        #expect(grey.picture.rgb == [7, 7, 7, 200, 200, 200])
    }

    @Test func captureTimeAndCameraAreReadAndNonsenseIsNot() throws {
        let photo = try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "2026:03:04 05:06:07", camera: "Model X"))
        #expect(photo.captured == "2026-03-04T05:06:07")
        #expect(photo.camera == "Model X")
        #expect(try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "2026:13:04 05:06:07")).captured == nil)
        #expect(try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "yesterday")).captured == nil)
    }

    @Test(arguments: [DecodedPhoto.Format.png, .jpeg, .tiff, .webp])
    func aFileCutOffAnywhereIsRefused(_ format: DecodedPhoto.Format) throws {
        let noise = Picture(
            width: 64, height: 64,
            rgb: (0..<64 * 64 * 3).map { (index: Int) -> UInt8 in
                UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13)
            })!
        let whole = try noise.encoded(as: format, quality: 90)
        for share in [0.1, 0.5, 0.9] {
            #expect(throws: ImagingError.self, "\(format) cut at \(share)") {
                try DecodedPhoto(Array(whole.prefix(Int(Double(whole.count) * share))))
            }
        }
    }

    @Test(arguments: [
        "", "hello", "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>", "GIF89a", "%PDF-1.4",
        "P6\n60000 60000\n255\n",
    ])
    func whatIsNoPhotoIsRefused(_ text: String) {
        #expect(throws: ImagingError.self) { try DecodedPhoto(Array(text.utf8)) }
    }

    @Test func limitsAreAskedBeforeDecoding() throws {
        let bytes = try pattern().png()
        #expect(throws: ImagingError.self) { try DecodedPhoto(bytes, limits: DecodingLimits(pixels: 23)) }
        #expect(throws: ImagingError.self) { try DecodedPhoto(bytes, limits: DecodingLimits(bytes: bytes.count - 1)) }
        #expect(throws: Never.self) { try DecodedPhoto(bytes, limits: DecodingLimits(pixels: 24, bytes: bytes.count)) }
        let huge = try #require(throws: ImagingError.self) { try DecodedPhoto(Self.pngHeader(60_000, 60_000)) }
        #expect(huge.code == .tooManyPixels)
    }

    /// A PNG that says it is `width` × `height` and holds next to nothing.
    static func pngHeader(_ width: UInt32, _ height: UInt32) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + data
            var crc: UInt32 = 0xffff_ffff
            for byte in body {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
            }
            return big(UInt32(data.count)) + body + big(~crc)
        }
        return [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10] + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
            + chunk("IDAT", [0x78, 0x9c, 3, 0, 0, 0, 0, 1]) + chunk("IEND", [])
    }
}

@Suite struct RenderingTests {
    @Test func aPictureOfTheProfilesSizeKeepsItsPixels() throws {
        let square = pattern(width: 5, height: 5)
        #expect(try square.rendered(Rendering(size: 5, crop: .centre, colour: .srgb)) == square)
        #expect(try pattern().rendered(Rendering(size: 6, crop: .none, colour: .srgb)) == pattern())
    }

    @Test func theCentreCropIsTheMiddleSquare() throws {
        let cropped = try pattern(width: 7, height: 3).rendered(Rendering(size: 3, crop: .centre, colour: .srgb))
        let whole = pattern(width: 7, height: 3)
        let middle: [UInt8] = (0..<3).flatMap { (row: Int) -> [UInt8] in
            let first = (row * 7 + 2) * 3
            return Array(whole.rgb[first..<first + 9])
        }
        #expect(cropped.rgb == middle)
    }

    @Test func theWholePictureKeepsItsShape() throws {
        let wide = try pattern(width: 8, height: 4).rendered(Rendering(size: 16, crop: .none, colour: .srgb))
        #expect((wide.width, wide.height) == (16, 8))
        let thin = try pattern(width: 1, height: 24).rendered(Rendering(size: 16, crop: .none, colour: .srgb))
        #expect((thin.width, thin.height) == (1, 16))
    }

    @Test func greyIsLumaInThreeChannels() throws {
        let red = Picture(width: 1, height: 1, rgb: [255, 0, 0])!
        #expect(try red.rendered(Rendering(size: 1, crop: .centre, colour: .grey)).rgb == [77, 77, 77])
    }

    @Test func anImageCarriesNothingButPixels() throws {
        let photo = try DecodedPhoto(
            pattern().encoded(as: .jpeg, orientation: 6, captured: "2026:03:04 05:06:07", camera: "Serial 4711"))
        let png = String(decoding: try photo.picture.png(), as: UTF8.self)
        for word in ["Exif", "eXIf", "4711", "2026", "tEXt", "iCCP", "tIME"] { #expect(!png.contains(word)) }
    }

    @Test func theDigestIsDefinedToTheByte() {
        // python3 -c "import hashlib; print(hashlib.sha256(bytes([0,0,0,2, 0,0,0,1, 1,2,3,4,5,6])).hexdigest())"
        let digest = Picture(width: 2, height: 1, rgb: [1, 2, 3, 4, 5, 6])!.digest
        #expect(
            digest.bytes.map { String(format: "%02x", $0) }.joined()
                == "562f567f19e0af6f51b8a5ad9b2746b8a5f25051cc298eccdbc62ece11f7ab30")
    }

    @Test func thePixelsDoNotHangOnThreads() async throws {
        let bytes = try pattern(width: 300, height: 200).encoded(as: .jpeg, orientation: 5)
        let digests = try await withThrowingTaskGroup(of: PixelDigest.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try DecodedPhoto(bytes).picture.rendered(Rendering(size: 64, crop: .centre, colour: .srgb)).digest
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(digests.count == 1)
    }
}
