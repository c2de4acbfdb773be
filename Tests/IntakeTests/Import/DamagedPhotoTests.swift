import Core
import Imaging
import Intake
import Testing

/// Photos with damaged pixels or uncertain EXIF data, imported together with good photos.
@Suite struct DamagedPhotoTests {
    private static func reasons(_ report: ImportReport) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: report.quarantined.map { ($0.file, String($0.reason.prefix { $0 != ":" })) })
    }

    private static func jpeg(_ number: Int, orientation: Int = 1) throws -> [UInt8] {
        try picture(number, width: 160, height: 120).encoded(as: .jpeg, orientation: orientation)
    }

    /// Inserts a segment with this EXIF block.
    private static func withEXIF(_ block: [UInt8], _ jpeg: [UInt8]) -> [UInt8] {
        let body = Array("Exif\0\0".utf8) + block
        return jpeg.prefix(2) + [0xff, 0xe1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
            + jpeg.dropFirst(2)
    }

    @Test(
        "Photos with damaged pixels are quarantined, and thin photos are imported",
        arguments: [
            Profile.Crop.centre, .face, .none,
        ])
    func damagedPixels(_ crop: Profile.Crop) throws {
        try Study.with(profile: Profile(size: 256, crop: crop, colour: .srgb)!) { study in
            let whole = try Self.jpeg(1)
            var gap = try Self.jpeg(2)
            let middle = gap.count / 2
            gap.replaceSubrange(middle..<middle + 1500, with: [UInt8](repeating: 0, count: 1500))
            let files = [
                "cut.jpg": whole.prefix(whole.count * 2 / 3) + [0xff, 0xd9], "gap.jpg": gap,
                "padded.jpg": try Self.jpeg(3).dropLast(2) + [UInt8](repeating: 0, count: 40) + [0xff, 0xd9],
                "row.jpg": try picture(4, width: 2000, height: 1).encoded(as: .jpeg),
                "rows.jpg": try picture(5, width: 3000, height: 2).encoded(as: .jpeg),
            ]
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: files.keys.sorted().map { "\($0),a,none,none" }, files: files)
            let report = try study.run(shoot)
            #expect(Self.reasons(report) == ["s1/cut.jpg": "damaged", "s1/gap.jpg": "damaged"])
            #expect(report.imported == 3)
        }
    }

    @Test("A photo that exceeds its budget is quarantined with the reason, and the other photos are imported")
    func overBudget() throws {
        try Study.with { study in
            // Each scan repeats the means of the first channel.
            let scan: [UInt8] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 600)
            let progressive = try picture(1, width: 160, height: 120).encoded(as: .jpeg, isProgressive: true)
            let files = [
                "bomb.jpg": progressive.dropLast(2) + (0..<200).flatMap { _ in scan } + [0xff, 0xd9],
                "good.jpg": progressive,
            ]
            let shoot = try Shoot("s1", in: study.parent, sheet: files.keys.map { "\($0),a,none,none" }, files: files)
            for _ in 0..<2 {
                let report = try study.run(shoot)
                #expect(Self.reasons(report) == ["s1/bomb.jpg": "over-budget"])
                #expect(report.quarantined.first?.reason.contains("scans") == true)
            }
            #expect(try study.catalog.counts().photos == 1)
        }
    }

    @Test("A cut-off photo of any format is damaged, not another kind of file") func cutOffFormats() throws {
        try Study.with { study in
            var files: [String: [UInt8]] = [:]
            for format in [DecodedPhoto.Format.heic, .avif, .webp, .tiff, .png, .jpeg] {
                let whole = try picture(1, width: 160, height: 120).encoded(as: format)
                files["\(format.rawValue).bin"] = Array(whole.prefix(whole.count * 9 / 10))
                files["\(format.rawValue)-head.bin"] = Array(whole.prefix(40))
            }
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: files.keys.sorted().map { "\($0),a,none,none" }, files: files)
            let report = try study.run(shoot)
            #expect(report.quarantined.count == files.count)
            #expect(Set(Self.reasons(report).values) == ["damaged"])
        }
    }

    @Test("A uncertain orientation is reported, and the photo is imported") func uncertainOrientation() throws {
        try Study.with { study in
            let readable = Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
            let files = [
                "broken.jpg": Self.withEXIF(Array("nothing".utf8), try Self.jpeg(1)),
                "good.jpg": Self.withEXIF(readable, try Self.jpeg(2)), "plain.jpg": try Self.jpeg(3),
            ]
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: files.keys.sorted().map { "\($0),a,none,none" }, files: files)
            let report = try study.run(shoot)
            #expect(report.imported == 3)
            #expect(report.uncertainOrientations.map(\.file) == ["s1/broken.jpg"])
            #expect(report.uncertainOrientations.map(\.doubt) == [.unreadableEXIF])
            let turned = try #require(try study.fact(files["good.jpg"] ?? []))
            #expect((turned.width, turned.height) == (120, 160))
        }
    }
}
