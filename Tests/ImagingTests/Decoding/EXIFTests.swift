import Testing

@testable import Imaging

/// EXIF blocks as phones and programs write them.
@Suite struct EXIFTests {
    /// Builds a TIFF directory structure in either byte order.
    struct Block {
        var isLittle = true
        /// Tag, type, count and value of each entry of the first directory.
        var entries: [(Int, Int, Int, Int)] = []
        /// The offset of the next directory.
        var next = 0
        var tail: [UInt8] = []
        /// The number of entries in the file; nil is the real one.
        var statedCount: Int?

        func number(_ value: Int, _ size: Int) -> [UInt8] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittle ? bytes : bytes.reversed()
        }

        var bytes: [UInt8] {
            var all = Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4)
            all += number(statedCount ?? entries.count, 2)
            for (tag, type, count, value) in entries {
                all += number(tag, 2) + number(type, 2) + number(count, 4)
                all += type == 3 ? number(value, 2) + [0, 0] : number(value, 4)
            }
            return all + number(next, 4) + tail
        }

        static func turned(_ orientation: Int, isLittle: Bool = true) -> Block {
            Block(isLittle: isLittle, entries: [(0x112, 3, 1, orientation)])
        }
    }

    private static func file(_ blocks: [UInt8]...) throws -> [UInt8] {
        var file = try JPEGFile(width: 48, height: 32)
        for block in blocks.reversed() { file.insert(0xe1, Array("Exif\0\0".utf8) + block) }
        return file.bytes
    }

    private static func expect(_ bytes: [UInt8], orientation: Int, _ doubt: OrientationDoubt? = nil) throws {
        let photo = try DecodedPhoto(bytes)
        #expect(photo.orientation == orientation)
        #expect(photo.orientationDoubt == doubt)
        #expect((photo.picture.width < photo.picture.height) == (orientation > 4))
    }

    @Test(arguments: 1...8, [true, false])
    func orientationIsReadInBothByteOrders(_ orientation: Int, _ isLittle: Bool) throws {
        try Self.expect(
            Self.file(Block.turned(orientation, isLittle: isLittle).bytes), orientation: orientation)
    }

    /// Samsung's phones write a thumbnail whose length leads outside the block.
    @Test(arguments: [true, false])
    func damagedThumbnailDoesNotMatter(_ isLittle: Bool) throws {
        var block = Block.turned(6, isLittle: isLittle)
        block.next = block.bytes.count
        block.tail =
            block.number(2, 2) + block.number(0x201, 2) + block.number(4, 2) + block.number(1, 4)
            + block.number(0x7fff_0000, 4) + block.number(0x202, 2) + block.number(4, 2) + block.number(1, 4)
            + block.number(0x7fff_ffff, 4) + block.number(0x7fff_ffff, 4)
        try Self.expect(Self.file(block.bytes), orientation: 6)
        block.next = 0x0fff_ffff
        try Self.expect(Self.file(block.bytes), orientation: 6)
    }

    @Test func pointersOutsideTheBlockAreIgnored() throws {
        let block = Block(entries: [
            (0x8825, 4, 1, 0x7fff_ffff), (0x10f, 2, 4000, 0x7fff_fff0), (0x112, 3, 1, 8), (0x8769, 4, 1, 0x7fff_ffff),
        ])
        try Self.expect(Self.file(block.bytes), orientation: 8)
        #expect(try DecodedPhoto(Self.file(block.bytes)).camera == nil)
    }

    @Test func orderOfTagsAndWidthOfTheNumberDoNotMatter() throws {
        let entries = [(0x9999, 3, 1, 0), (0x112, 4, 1, 3), (0x100, 4, 1, 48)]
        try Self.expect(Self.file(Block(entries: entries).bytes), orientation: 3)
        try Self.expect(Self.file(Block(isLittle: false, entries: entries).bytes), orientation: 3)
    }

    /// libexif needs 16 s for such a block.
    @Test func pointersToThemselvesEndAtOnce() throws {
        let entries = (0..<5000).map { _ in (0x8769, 4, 1, 8) } + [(0x112, 3, 1, 6)]
        let block = Block(entries: [(0x112, 3, 1, 6)] + entries)
        let clock = ContinuousClock()
        let time = try clock.measure { try Self.expect(Self.file(block.bytes), orientation: 6, .unreadableEXIF) }
        #expect(time < .seconds(2))
    }

    @Test func secondBlockCountsWhenTheFirstIsDamaged() throws {
        try Self.expect(Self.file(Array("no TIFF header".utf8), Block.turned(6).bytes), orientation: 6)
        try Self.expect(Self.file(Block.turned(6).bytes, Array("no TIFF header".utf8)), orientation: 6)
    }

    @Test func contradictoryBlocksAreReported() throws {
        try Self.expect(
            Self.file(Block.turned(6).bytes, Block.turned(8).bytes), orientation: 6, .contradictoryEXIF)
        try Self.expect(Self.file(Block.turned(6).bytes, Block.turned(6, isLittle: false).bytes), orientation: 6)
        try Self.expect(Self.file(Block.turned(6).bytes, Block().bytes), orientation: 6)
    }

    @Test func unreadableBlocksAreReported() throws {
        try Self.expect(Self.file(Array("no TIFF header".utf8)), orientation: 1, .unreadableEXIF)
        try Self.expect(Self.file(Block.turned(9).bytes), orientation: 1, .unreadableEXIF)
        var cut = Block.turned(6)
        cut.statedCount = 40
        try Self.expect(Self.file(cut.bytes), orientation: 6, .unreadableEXIF)
        try Self.expect(Self.file(Block.turned(0).bytes), orientation: 1)
        try Self.expect(Self.file(Block().bytes), orientation: 1)
    }

    @Test func pngAndWebPAreRotatedByTheirBlock() throws {
        for format in [DecodedPhoto.Format.png, .webp] {
            let photo = try DecodedPhoto(pattern().encoded(as: format, quality: 100, orientation: 6))
            #expect(photo.orientation == 6)
            #expect(photo.picture == pattern())
        }
    }
}

/// Metadata that can identify a place, a device or a person.
@Suite struct IdentifyingMetadataTests {
    private static func kinds(_ entries: [(Int, Int, Int, Int)], tail: [UInt8] = [], count: Int? = nil) throws
        -> [IdentifyingMetadata]
    {
        var file = try JPEGFile(width: 48, height: 32)
        let block = EXIFTests.Block(entries: entries, tail: tail, statedCount: count)
        file.insert(0xe1, Array("Exif\0\0".utf8) + block.bytes)
        return IdentifyingMetadata.kinds(in: file.bytes)
    }

    @Test("Positions, owners and serial numbers are found in both directories of EXIF") func exif() throws {
        #expect(try Self.kinds([(0x112, 3, 1, 6)]) == [])
        #expect(try Self.kinds([(0x8825, 4, 1, 26)]) == [.position])
        #expect(try Self.kinds([(0x13b, 2, 4, 0)]) == [.owner])
        #expect(try Self.kinds([(0xc62f, 2, 4, 0), (0x8825, 4, 1, 26)]) == [.position, .serialNumber])
        // The second directory begins after the first: 8 + 2 + 12 + 4.
        let block = EXIFTests.Block()
        for (tag, kind) in [
            (0xa431, IdentifyingMetadata.serialNumber), (0xa435, .serialNumber), (0xa430, .owner),
        ] {
            let entry = block.number(tag, 2) + block.number(2, 2) + block.number(4, 4) + block.number(0, 4)
            #expect(
                try Self.kinds([(0x8769, 4, 1, 26)], tail: block.number(1, 2) + entry + block.number(0, 4)) == [kind])
        }
    }

    @Test("EXIF that cannot be read is reported") func unreadable() throws {
        #expect(try Self.kinds([(0x112, 3, 1, 6)], count: 5000) == [.unreadable])
    }

    @Test("XMP is searched as text, and a photo without metadata has none") func xmp() throws {
        var file = try JPEGFile(width: 48, height: 32)
        #expect(IdentifyingMetadata.kinds(in: file.bytes) == [])
        file.insert(0xe1, Array("http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='1' aux:SerialNumber='2'/>".utf8))
        #expect(IdentifyingMetadata.kinds(in: file.bytes) == [.position, .serialNumber])
        let png = try JPEGFile.picture(width: 8, height: 8).png()
        #expect(IdentifyingMetadata.kinds(in: png) == [])
        #expect(IdentifyingMetadata.kinds(in: []) == [])
    }
}
