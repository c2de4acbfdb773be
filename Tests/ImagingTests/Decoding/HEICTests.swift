import Testing

@testable import Imaging

/// HEIC and AVIF files of other encoders. The decoder applies rotation, mirroring and cropping of the file exactly
/// once.
@Suite struct HEICTests {
    /// The encoder wrote the boxes `irot` and `imir`, and the same orientation to EXIF.
    @Test(arguments: 1...8)
    func rotatedOrMirroredHEICIsUpright(_ orientation: Int) throws {
        let photo = try DecodedPhoto(fixture("turned-\(orientation).heic"))
        #expect(photo.format == .heic)
        #expect(photo.orientation == 1)
        #expect(photo.camera == "Model X")
        #expect(photo.picture.meanError(scene()) < 3)
    }

    @Test func croppedHEICShowsTheCrop() throws {
        let picture = try DecodedPhoto(fixture("cropped.heic")).picture
        try #require((picture.width, picture.height) == (48, 32))
        // The crop is the middle of the scene, where the four quarters meet.
        #expect(picture.meanError(scene(width: 48, height: 32, square: 0)) < 3)
    }

    @Test(arguments: [("heif-enc.heic", DecodedPhoto.Format.heic), ("heif-enc.avif", .avif)])
    func decodesFilesOfHeifEnc(_ name: String, _ format: DecodedPhoto.Format) throws {
        let photo = try DecodedPhoto(fixture(name))
        #expect(photo.format == format)
        #expect(photo.picture.meanError(scene()) < 3)
    }

    @Test(arguments: [DecodedPhoto.Format.heic, .avif])
    func decodesOwnFilesByContent(_ format: DecodedPhoto.Format) throws {
        let photo = try DecodedPhoto(
            scene().encoded(as: format, quality: 95, captured: "2026:03:04 05:06:07", camera: "Model X"))
        #expect(photo.format == format)
        #expect((photo.captured, photo.camera) == ("2026-03-04T05:06:07", "Model X"))
        #expect(photo.picture.meanError(scene()) < 3)
        #expect(throws: ImagingError.self) { try scene().encoded(as: format, orientation: 6) }
    }

    @Test func limitsAreCheckedBeforeDecoding() throws {
        let bytes = try fixture("turned-1.heic")
        let error = try #require(throws: ImagingError.self) {
            try DecodedPhoto(bytes, limits: DecodingLimits(pixels: 96 * 64 - 1))
        }
        #expect(error.code == .tooManyPixels)
    }

    /// Since iOS 18 the gain map and the metadata of an iPhone's photo refer to two items. The expected pixels come from
    /// libheif 1.23.
    @Test(arguments: ["ios18", "ios18-turned"])
    func referencesToSeveralItemsAreRead(_ name: String) throws {
        let photo = try DecodedPhoto(fixture("\(name).heic"))
        let expected = try DecodedPhoto(fixture("\(name).expected.png")).picture
        try #require((photo.picture.width, photo.picture.height) == (expected.width, expected.height))
        #expect(zip(photo.picture.rgb, expected.rgb).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(photo.picture.meanError(scene()) < 3)
        #expect((photo.captured, photo.camera) == ("2026-05-03T10:11:12", "Maker Model H"))
        #expect(photo.orientationDoubt == nil)
    }

    @Test func orientationWithoutARotatingBoxIsReported() throws {
        let photo = try DecodedPhoto(fixture("exif-not-applied.heic"))
        let expected = try DecodedPhoto(fixture("exif-not-applied.expected.png")).picture
        #expect(zip(photo.picture.rgb, expected.rgb).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(photo.orientation == 1)
        #expect(photo.orientationDoubt == .notRotated)
        #expect(try DecodedPhoto(fixture("turned-6.heic")).orientationDoubt == nil)
    }

    @Test func manyTilesAreRead() throws {
        let picture = try DecodedPhoto(fixture("many-tiles.heic")) { _, _ in .quarter }.picture
        #expect((picture.width, picture.height) == (384, 512))
        #expect(picture.pixel(3, 3)[0] > picture.pixel(3, 3)[2] + 100)
        #expect(picture.pixel(380, 508)[2] > picture.pixel(380, 508)[0] + 100)
    }

    /// A picture without smooth areas: every coded byte has an effect on pixels.
    private static func noise(width: Int, height: Int) throws -> Picture {
        var state: UInt32 = 7
        let rgb = (0..<3 * width * height).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        return try #require(Picture(width: width, height: height, rgb: rgb))
    }

    /// libheif itself shows a picture with damaged data as if the picture were whole.
    @Test(arguments: [200, 1000, 4096, 16_384], [UInt8(0), 0x5a])
    func damagedPixelsAreRejected(_ count: Int, _ value: UInt8) throws {
        let bytes = try Self.noise(width: 640, height: 480).encoded(as: .heic, quality: 60)
        try #require(bytes.count > 60_000)
        _ = try DecodedPhoto(bytes)
        for tenth in 3...6 {
            var damaged = bytes
            let start = bytes.count * tenth / 10
            damaged.replaceSubrange(start..<start + count, with: [UInt8](repeating: value, count: count))
            let error = #expect(throws: ImagingError.self, "\(count) bytes at \(start)") { try DecodedPhoto(damaged) }
            #expect(error?.code == .damaged)
            #expect(error?.message == "the file is cut off or damaged")
        }
    }

    /// After changed bytes, a slice without wavefronts often ends before the end of the picture. libde265 leaves the rest
    /// of the picture as the memory was.
    @Test(arguments: [20, 200])
    func incompletePicturesAreRejected(_ count: Int) throws {
        let bytes = try fixture("no-wavefronts.heic")
        _ = try DecodedPhoto(bytes)
        for part in 20..<50 {
            var damaged = bytes
            let start = bytes.count * part / 60
            for index in start..<start + count { damaged[index] ^= 0x5a }
            let error = #expect(throws: ImagingError.self, "\(count) bytes at \(start)") { try DecodedPhoto(damaged) }
            #expect(error?.code == .damaged)
        }
    }

    /// The decoder has two bytes for each value. The sides are odd.
    @Test func tenBitsAreRead() throws {
        let picture = try DecodedPhoto(fixture("ten-bits.heic")).picture
        try #require((picture.width, picture.height) == (101, 67))
        // The picture is the scene with noise.
        #expect(picture.meanError(scene(width: 101, height: 67)) < 14)
    }

    @Test func damagedTileIsRejected() throws {
        var bytes = try fixture("many-tiles.heic")
        let end = bytes.count
        bytes.replaceSubrange(end - 60..<end - 20, with: [UInt8](repeating: 0xaa, count: 40))
        let error = #expect(throws: ImagingError.self) { try DecodedPhoto(bytes) }
        #expect(error?.code == .damaged)
    }

    /// Every byte of the boxes in turn, and every length of the file. No value may end the process.
    @Test func damagedBoxesDoNotTrap() throws {
        let bytes = try fixture("ios18.heic")
        let boxes = 1100
        for index in 0..<boxes {
            for value: UInt8 in [0, 0x7f, 0x80, 0xff] {
                var damaged = bytes
                damaged[index] = value
                _ = ISOMedia(ByteReader(damaged)).readable(damaged)
                _ = ContainerInfo(Array(damaged.prefix(index)))
            }
        }
    }
}
