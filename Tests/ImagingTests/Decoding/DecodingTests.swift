import Foundation
import Testing

@testable import Imaging

/// Returns a small picture in which every pixel differs, so that every rotation and mirroring changes it.
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
    func losslessFilesAreUprightInEveryOrientation(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        let upright = pattern()
        let photo = try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation))
        #expect(photo.format == format)
        #expect(photo.picture == upright)
    }

    @Test(arguments: 1...8)
    func jpegIsUprightInEveryOrientation(_ orientation: Int) throws {
        let upright = try pattern(width: 7, height: 4).rendered(size: 96, crop: .none, colour: .srgb)
        let photo = try DecodedPhoto(upright.encoded(as: .jpeg, quality: 95, orientation: orientation))
        #expect(photo.orientation == orientation)
        #expect((photo.picture.width, photo.picture.height) == (upright.width, upright.height))
        let error = zip(photo.picture.rgb, upright.rgb).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(error) / Double(upright.rgb.count) < 3)
    }

    @Test func decodesPNM() throws {
        let bytes = try pattern().encoded(as: .pnm)
        #expect(try DecodedPhoto(bytes).picture == pattern())
        #expect(bytes == Array("P6\n6 4\n255\n".utf8) + pattern().rgb, "the header contains no time")
        let grey = try DecodedPhoto(Array("P2\n2 1\n255\n7 200\n".utf8))
        #expect(grey.picture.rgb == [7, 7, 7, 200, 200, 200])
    }

    @Test func captureTimeAndCameraAreReadIfValid() throws {
        let photo = try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "2026:03:04 05:06:07", camera: "Model X"))
        #expect(photo.captured == "2026-03-04T05:06:07")
        #expect(photo.camera == "Model X")
        #expect(try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "2026:13:04 05:06:07")).captured == nil)
        #expect(try DecodedPhoto(pattern().encoded(as: .jpeg, captured: "yesterday")).captured == nil)
    }

    @Test(arguments: [DecodedPhoto.Format.png, .jpeg, .tiff, .webp])
    func truncatedFileIsRejected(_ format: DecodedPhoto.Format) throws {
        let noise = Picture(
            width: 64, height: 64,
            rgb: (0..<64 * 64 * 3).map { (index: Int) -> UInt8 in
                UInt8(truncatingIfNeeded: index &* (2_654_435_761 >> 13))
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
    func filesThatAreNotPhotosAreRejected(_ text: String) {
        #expect(throws: ImagingError.self) { try DecodedPhoto(Array(text.utf8)) }
    }

    /// A file that begins like a photo is a damaged photo, not another kind of file.
    @Test(arguments: [
        "turned-1.heic", "heif-enc.avif", "animated.webp", "tiled.tif", "palette.png",
        "display-p3.jpg",
    ])
    func cutOffFilesAreDamaged(_ name: String) throws {
        let whole = try fixture(name)
        for count in [24, whole.count / 4, whole.count / 2, whole.count * 3 / 4] {
            let error = #expect(throws: ImagingError.self, "\(count) of \(whole.count) bytes") {
                try DecodedPhoto(Array(whole.prefix(count)))
            }
            #expect(error?.code == .damaged, "\(count) of \(whole.count) bytes")
        }
    }

    @Test func pngWithoutItsLastChunkIsDamaged() throws {
        let bytes = try pattern().png()
        let error = #expect(throws: ImagingError.self) { try DecodedPhoto(bytes.dropLast(12)) }
        #expect(error?.code == .damaged)
        #expect(throws: Never.self) { try DecodedPhoto(bytes + [1, 2, 3]) }
    }

    @Test func webPWithAZeroedEndIsDamaged() throws {
        let flat = Picture(width: 900, height: 600, rgb: [UInt8](repeating: 200, count: 3 * 900 * 600))!
        #expect(throws: Never.self) { try DecodedPhoto(flat.encoded(as: .webp, quality: 80)) }
        var bytes = try JPEGFile.picture(width: 320, height: 240).encoded(as: .webp, quality: 80)
        #expect(throws: Never.self) { try DecodedPhoto(bytes) }
        let half = bytes.count / 2
        bytes.replaceSubrange(half..., with: [UInt8](repeating: 0, count: bytes.count - half))
        let error = #expect(throws: ImagingError.self) { try DecodedPhoto(bytes) }
        #expect(error?.code == .damaged)
    }

    /// libpng decompresses texts, up to 8 MB each.
    @Test func compressedTextsAreNotRead() throws {
        let picture = pattern(width: 60, height: 40)
        var bytes = try picture.encoded(as: .png, orientation: 3)
        let bomb = Self.chunk("zTXt", Array("a\0\0".utf8) + Self.compressedZeros)
        let texts = (0..<3000).flatMap { _ in bomb }
        bytes.insert(contentsOf: texts, at: 33)
        let clock = ContinuousClock()
        var photo: DecodedPhoto?
        let time = try clock.measure { photo = try DecodedPhoto(bytes) }
        #expect(photo?.picture == picture && photo?.orientation == 3)
        #expect(time < .seconds(3))
    }

    /// A zlib stream of one block, which repeats a zero 258 times for each pair of bits: 64 kB in 100 bytes.
    private static let compressedZeros: [UInt8] = {
        // Deflate with fixed codes: the literal 0, then pairs of length 258 (11000101) and distance 1 (00000).
        var bits = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<254 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        bits += [Int](repeating: 0, count: 7)
        bits += [Int](repeating: 0, count: (8 - bits.count % 8) % 8)
        let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(UInt8(0)) { $0 | UInt8(bits[start + $1]) << UInt8($1) }
        }
        let length = 1 + 254 * 258
        // Adler-32 of zeros.
        return [0x78, 0x9c] + bytes + big16(length % 65_521) + big16(1)
    }()

    @Test func limitsAreCheckedBeforeDecoding() throws {
        let bytes = try pattern().png()
        #expect(throws: ImagingError.self) { try DecodedPhoto(bytes, limits: DecodingLimits(pixels: 23)) }
        #expect(throws: ImagingError.self) { try DecodedPhoto(bytes, limits: DecodingLimits(bytes: bytes.count - 1)) }
        #expect(throws: Never.self) { try DecodedPhoto(bytes, limits: DecodingLimits(pixels: 24, bytes: bytes.count)) }
        let huge = try #require(throws: ImagingError.self) { try DecodedPhoto(Self.pngHeader(60_000, 60_000)) }
        #expect(huge.code == .tooManyPixels)
    }

    /// Returns a PNG with `width` × `height` in its header and almost no pixel data.
    static func pngHeader(_ width: UInt32, _ height: UInt32) -> [UInt8] {
        [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
            + chunk("IHDR", big32(Int(width)) + big32(Int(height)) + [8, 2, 0, 0, 0])
            + chunk("IDAT", [0x78, 0x9c, 3, 0, 0, 0, 0, 1]) + chunk("IEND", [])
    }

    /// Returns a chunk of a PNG.
    static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        var crc: UInt32 = 0xffff_ffff
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
        }
        return big32(data.count) + body + big32(Int(~crc))
    }
}

/// Pictures with more rows than a codec decodes at once.
@Suite struct ManyRowsTests {
    private static func drawn(_ width: Int, _ height: Int) -> Picture {
        Picture(
            width: width, height: height,
            rgb: (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* (2_654_435_761 >> 11)) })!
    }

    @Test(arguments: [DecodedPhoto.Format.png, .tiff, .webp], [1, 3, 6, 7])
    func losslessFilesKeepPixelsInEveryOrientation(_ format: DecodedPhoto.Format, _ orientation: Int)
        throws
    {
        let upright = Self.drawn(517, 701)
        #expect(
            try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation)).picture.digest
                == upright.digest)
    }

    @Test func decodesGreyPNMWithManyRows() throws {
        let (width, height) = (411, 600)
        let grey = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let picture = try DecodedPhoto(Array("P5\n\(width) \(height)\n255\n".utf8) + grey).picture
        #expect(picture.rgb == grey.flatMap { [$0, $0, $0] })
    }

    /// At its own size the image is the upright picture.
    @Test(arguments: [DecodedPhoto.Format.png, .tiff, .webp], 1...8)
    func renderingAtTheSameSizeKeepsTheDigest(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        let upright = Self.drawn(96, 96)
        let image = try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation)).picture
            .rendered(size: 96, crop: .centre, colour: .srgb)
        #expect(image.digest == upright.digest)
    }

    @Test(arguments: 1...8)
    func lossyWebPIsUprightWithinThreeLevels(_ orientation: Int) throws {
        let photo = try DecodedPhoto(scene().encoded(as: .webp, quality: 95, orientation: orientation))
        #expect(photo.orientation == orientation)
        #expect(photo.picture.meanError(scene()) < 3)
    }
}
