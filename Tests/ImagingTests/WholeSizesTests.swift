import Imaging
import Testing

/// Pictures larger than a codec's first rows, so that reading row by row shows.
@Suite struct WholeSizesTests {
    private static func drawn(_ width: Int, _ height: Int) -> Picture {
        Picture(
            width: width, height: height,
            rgb: (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) })!
    }

    @Test(arguments: [DecodedPhoto.Format.png, .tiff, .webp], [1, 3, 6, 7])
    func aLosslessPictureOfManyRowsIsItselfWhicheverWayItIsTurned(_ format: DecodedPhoto.Format, _ orientation: Int)
        throws
    {
        let upright = Self.drawn(517, 701)
        #expect(
            try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation)).picture.digest
                == upright.digest)
    }

    @Test func greyOfManyRowsIsRead() throws {
        let (width, height) = (411, 600)
        let grey = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let picture = try DecodedPhoto(Array("P5\n\(width) \(height)\n255\n".utf8) + grey).picture
        #expect(picture.rgb == grey.flatMap { [$0, $0, $0] })
    }

    /// At the profile's own size the image is the upright picture.
    @Test(arguments: [DecodedPhoto.Format.png, .tiff, .webp], 1...8)
    func anImageOfTheProfilesSizeHasTheUprightDigest(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        let upright = Self.drawn(96, 96)
        let image = try DecodedPhoto(upright.encoded(as: format, quality: 100, orientation: orientation)).picture
            .rendered(Rendering(size: 96, crop: .centre, colour: .srgb))
        #expect(image.digest == upright.digest)
    }

    @Test(arguments: 1...8)
    func aLossyWebPIsUprightWithinThreeLevels(_ orientation: Int) throws {
        let photo = try DecodedPhoto(scene().encoded(as: .webp, quality: 95, orientation: orientation))
        #expect(photo.orientation == orientation)
        #expect(photo.picture.meanError(scene()) < 3)
    }
}
