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
