import Imaging
import Testing

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
}
