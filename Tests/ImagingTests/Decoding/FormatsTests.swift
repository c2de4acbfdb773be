import Testing

@testable import Imaging

/// Variants of formats that phones, cameras and scanners write.
@Suite struct FormatsTests {
    @Test(arguments: [
        ("progressive-broken-profile.jpg", DecodedPhoto.Format.jpeg), ("two-pictures.mpo", .jpeg),
        ("cmyk-adobe.jpg", .jpeg), ("cmyk-plain.jpg", .jpeg),
        ("display-p3.jpg", .jpeg), ("palette.png", .png), ("sixteen-bits.png", .png), ("animated.webp", .webp),
        ("tiled.tif", .tiff),
        ("two-pages.tif", .tiff), ("preview.dng", .dng),
    ])
    func formatIsDeterminedByContent(_ name: String, _ format: DecodedPhoto.Format) throws {
        #expect(try DecodedPhoto(fixture(name)).format == format)
        #expect(format.matchesSuffix(of: name))
    }

    @Test(arguments: ["palette.png", "sixteen-bits.png", "animated.webp", "tiled.tif", "two-pages.tif"])
    func losslessFileGivesItsFirstPicture(_ name: String) throws {
        #expect(try DecodedPhoto(fixture(name)).picture == scene())
    }

    @Test(arguments: ["progressive-broken-profile.jpg", "two-pictures.mpo"])
    func jpegGivesItsMainPicture(_ name: String) throws {
        #expect(try DecodedPhoto(fixture(name)).picture.meanError(scene()) < 3)
    }

    /// With Adobe's marker inks are stored inverted, without the marker they are not.
    @Test func cmykIsReadWithAndWithoutAdobeMarker() throws {
        let adobe = try DecodedPhoto(fixture("cmyk-adobe.jpg")).picture
        let plain = try DecodedPhoto(fixture("cmyk-plain.jpg")).picture
        #expect(adobe.meanError(plain) < 3)
        #expect(adobe.pixel(8, 8).allSatisfy { $0 > 245 }, "white stays white")
        let (red, green, blue) = (adobe.pixel(30, 20), adobe.pixel(70, 20), adobe.pixel(20, 50))
        #expect(red[0] > red[1] + 60 && green[1] > green[0] + 60 && blue[2] > blue[0] + 40)
    }

    @Test func transparencyIsFlattenedOnWhite() throws {
        let picture = try DecodedPhoto(fixture("clear.png")).picture
        #expect(picture.pixel(90, 60) == [255, 255, 255])
        #expect(picture.pixel(20, 50) == [40, 40, 200])
    }

    @Test(arguments: DecodedPhoto.Format.allCases)
    func wrongSuffixIsDetectedAndMissingSuffixIsAccepted(_ format: DecodedPhoto.Format) {
        for suffix in format.suffixes { #expect(format.matchesSuffix(of: "a/B.\(suffix.uppercased())")) }
        for name in ["photo", ".hidden", "photo."] { #expect(format.matchesSuffix(of: name)) }
        #expect(!format.matchesSuffix(of: "a.jpg/photo.txt"))
        #expect(format == .jpeg || !format.matchesSuffix(of: "photo.jpg"))
    }

    @Test(arguments: [
        "\0\0\0\u{18}ftypcrx \0\0\0\u{1}crx isom", "\0\0\0\u{14}ftypqt  \0\0\0\0qt  ",
        "II*\0\u{10}\0\0\0CR\u{2}\0\0\0\0\0\0\0",
    ])
    func relatedFormatsAreRejected(_ text: String) throws {
        let error = try #require(throws: ImagingError.self) { try DecodedPhoto(Array(text.utf8)) }
        #expect(error.code == .notAPhoto)
    }

    /// Other files are decoded in a process of their own.
    @Test func plainFilesAreBaselineJPEGsAndSimplePNGs() throws {
        for name in ["display-p3.jpg", "two-pictures.mpo", "palette.png", "clear.png", "display-p3.png"] {
            #expect(ContainerInfo(try fixture(name)).isPlain, "\(name)")
        }
        for name in ["progressive-broken-profile.jpg", "cmyk-adobe.jpg", "tiled.tif", "turned-1.heic", "animated.webp"]
        {
            #expect(!ContainerInfo(try fixture(name)).isPlain, "\(name)")
        }
        var interlaced = try pattern().png()
        interlaced[28] = 1
        #expect(!ContainerInfo(interlaced).isPlain)
        #expect(!ContainerInfo(Array("P5 1 1 255 a".utf8)).isPlain)
    }
}
