import Testing

@testable import Imaging

@Suite struct DNGTests {
    @Test func largestPreviewIsRotatedByTheFirstDirectory() throws {
        let photo = try DecodedPhoto(fixture("preview.dng"))
        #expect(photo.format == .dng)
        #expect(photo.orientation == 6)
        #expect(photo.camera == "Maker Model D")
        #expect(photo.picture.meanError(scene(width: 576, height: 384)) < 3)
    }

    @Test func otherRawFilesAreRejected() throws {
        var bytes = try fixture("preview.dng")
        try Self.rename(50_706, to: 50_999, in: &bytes)
        let error = try #require(throws: ImagingError.self) { try DecodedPhoto(bytes) }
        #expect(error.code == .notAPhoto)
        #expect(error.message.contains("raw file"))
    }

    @Test func dngWithoutALargePreviewIsRejected() throws {
        var bytes = try fixture("preview.dng")
        try Self.rename(330, to: 331, in: &bytes)
        let error = try #require(throws: ImagingError.self) { try DecodedPhoto(bytes) }
        #expect(error.message.contains("16 × 24"))
        #expect(error.nextStep == "convert it to JPEG")
    }

    @Test func truncatedDNGIsRejected() throws {
        let whole = try fixture("preview.dng")
        for count in stride(from: 0, to: whole.count, by: 97) {
            #expect(throws: ImagingError.self, "cut at \(count)") { try DecodedPhoto(Array(whole.prefix(count))) }
        }
    }

    @Test func invalidDirectoriesAreRejected() {
        #expect(TIFFDirectory(ByteReader(Array("II*\0".utf8) + [255, 255, 255, 255])) == nil)
        #expect(TIFFDirectory(ByteReader(Array("MM\0*".utf8) + [255, 255, 255, 255])) == nil)
        #expect(TIFFDirectory(ByteReader(Array("II".utf8))) == nil)
        // The directory announces 65,535 entries and has one.
        let one: [UInt8] = Array("II*\0".utf8) + [8, 0, 0, 0, 255, 255] + [0x12, 0xc6, 1, 0, 4, 0, 0, 0, 1, 4, 0, 0]
        #expect(TIFFDirectory(ByteReader(one))?.isDNG == true)
    }

    /// Changes the number of a tag in the first directory.
    private static func rename(_ tag: Int, to other: Int, in bytes: inout [UInt8]) throws {
        let reader = ByteReader(bytes)
        let start = try #require(reader.number(4, 4, isLittle: true))
        let count = try #require(reader.number(start, 2, isLittle: true))
        let entry = try #require(
            (0..<count).map { start + 2 + 12 * $0 }.first { reader.number($0, 2, isLittle: true) == tag })
        bytes[entry] = UInt8(other & 255)
        bytes[entry + 1] = UInt8(other >> 8)
    }
}
