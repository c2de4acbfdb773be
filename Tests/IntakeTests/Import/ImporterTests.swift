import Catalog
import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing

@Suite struct ImporterTests {
    /// All formats that the tests can write. DNG can only be read.
    private static let formats = DecodedPhoto.Format.allCases.filter { $0 != .dng }

    /// Creates a session with a photo of each format and a row for each.
    private func shoot(in study: Study) throws -> (Shoot, [String: [UInt8]]) {
        var files: [String: [UInt8]] = [:]
        for (index, format) in Self.formats.enumerated() {
            files["\(format.rawValue).bin"] = try picture(index).encoded(
                as: format, orientation: format == .jpeg ? 6 : 1,
                captured: format == .jpeg ? "2026:05:03 10:11:12" : nil, camera: format == .jpeg ? "Model X" : nil)
        }
        return (
            try Shoot(
                "s1", in: study.parent,
                sheet: [
                    "jpeg.bin,a,none,none", "png.bin,a,sunglasses,on-face", "tiff.bin,b,none,",
                    "webp.bin,b,bandana+dots,off-face+on-face", "pnm.bin,,,", "heic.bin,a,none,none",
                    "avif.bin,b,none,none",
                ], files: files), files
        )
    }

    @Test("Photos of each format are measured, stored and rendered") func formats() throws {
        try Study.with { study in
            let (shoot, files) = try shoot(in: study)
            let report = try study.run(shoot)
            #expect((report.imported, report.duplicates, report.labelled, report.corrected) == (7, 0, 6, 0))
            #expect(report.quarantined == [])
            #expect(
                Set(report.misnamed.map { "\($0.file) \($0.format)" })
                    == Set(Self.formats.map { "s1/\($0.rawValue).bin \($0.rawValue)" }))
            let images = try study.catalog.images(.standard)
            for format in Self.formats {
                let bytes = try #require(files["\(format.rawValue).bin"])
                let id = PhotoID.sha256(of: bytes)
                let photo = try #require(try study.catalog.photo(id))
                let decoded = try DecodedPhoto(bytes)
                #expect(photo.format == format.rawValue)
                #expect((photo.bytes, photo.width, photo.height) == (bytes.count, 20, 15))
                #expect(
                    try study.fact(bytes)?.perceptualHash
                        == PhotoMeasurement(decoded.upright).perceptualHash)
                let original = study.workspace.photoFile(id, format: photo.format)
                #expect(try Array(Data(contentsOf: original)) == bytes)
                #expect(
                    try FileManager.default.attributesOfItem(atPath: original.path)[.posixPermissions] as? Int == 0o400)
                let expected = try decoded.picture.rendered(size: 256, crop: .centre, colour: .srgb)
                let stored = try DecodedPhoto(Array(Data(contentsOf: study.workspace.imageFile(id, .standard)))).picture
                #expect(stored == expected)
                #expect(images[id] == expected.digest)
            }
            let jpeg = try study.catalog.photo(.sha256(of: files["jpeg.bin"]!))
            #expect(jpeg?.captured == "2026-05-03T10:11:12")
            #expect(jpeg?.camera == "Model X")
            #expect(try study.fact(files["webp.bin"]!)?.label == label("b", "bandana+dots", "off-face+on-face"))
            #expect(try study.fact(files["pnm.bin"]!)?.label == nil)
        }
    }

    @Test("Boxes, other people and notes are stored") func details() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,dots,on-face,1 2 3 4,5 6 7 8,b+c,by the window"],
                more: ",box,face_box,also,note", files: ["a.png": png(1)])
            try study.run(shoot)
            let id = PhotoID.sha256(of: png(1))
            let s1 = SessionName("s1")!
            #expect(
                try study.catalog.known([id])[id]
                    == KnownPhoto(
                        label: label("a", "dots", "on-face"), notes: [s1: "by the window"],
                        coSubjects: [VolunteerName("b")!, VolunteerName("c")!],
                        boxes: [
                            .trigger: Box(x: 1, y: 2, width: 3, height: 4), .face: Box(x: 5, y: 6, width: 7, height: 8),
                        ]))
            #expect(try study.catalog.facts().map(\.consented) == [false], "b and c have no session with consent")
            #expect(try study.catalog.labels(of: id).map(\.source) == [.sheet])
            #expect(try study.catalog.labels(of: id).map(\.made) == ["2026-05-04T00:00:00Z"])
        }
    }

    @Test("A second import changes nothing") func secondImport() throws {
        try Study.with { study in
            let (shoot, _) = try shoot(in: study)
            try study.run(shoot)
            let (facts, files, labels) = (
                try study.catalog.facts(), study.files(below: study.workspace.root), try study.catalog.newestLabel()
            )
            let report = try study.run(shoot)
            #expect((report.imported, report.duplicates, report.labelled) == (0, 7, 0))
            #expect(try study.catalog.facts() == facts)
            #expect(try study.catalog.newestLabel() == labels)
            #expect(study.files(below: study.workspace.root) == files)
        }
    }

    @Test("Photos that were added to a session later are imported") func laterPhotos() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try study.run(shoot)
            try shoot.put(png(2), at: "b.png")
            try shoot.sheet(["a.png,a,none,none", "b.png,c,dots,on-face"])
            let report = try study.run(shoot)
            #expect((report.imported, report.duplicates, report.labelled) == (1, 1, 1))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["a", "c"])
        }
    }

    /// A kill before the record is stored leaves a complete file. A kill during writing leaves a partial file.
    @Test("An import after a kill uses complete files and removes partial files") func afterKill() throws {
        try Study.with { study in
            let (shoot, files) = try shoot(in: study)
            let bytes = try #require(files["png.bin"])
            let id = PhotoID.sha256(of: bytes)
            let original = study.workspace.photoFile(id, format: "png")
            try AtomicFile.write(Data(bytes), to: original, mode: 0o400)
            let partial = original.deletingLastPathComponent().appending(path: ".x.partial")
            try AtomicFile.write(Data(), to: partial)
            #expect(try study.run(shoot).imported == 7)
            #expect(!FileManager.default.fileExists(atPath: partial.path))
            #expect(try Array(Data(contentsOf: original)) == bytes)
        }
    }

    @Test("A dry run reports the same as the import and stores nothing") func dryRun() throws {
        try Study.with { study in
            let (shoot, _) = try shoot(in: study)
            try shoot.put("no photo", at: "bad.jpg")
            try shoot.sheet([
                "jpeg.bin,a,none,none", "png.bin,a,sunglasses,on-face", "tiff.bin,b,none,", "webp.bin,b,none,none",
                "pnm.bin,,,", "heic.bin,a,none,none", "avif.bin,b,none,none", "bad.jpg,a,none,none",
            ])
            let before = study.files(below: study.workspace.root)
            let importer = Importer(study.workspace, study.catalog, threads: ThreadBudget(2), limits: DecodingLimits())
            {
                ""
            }
            var last = 0
            let dryRun = try importer.dryRun(study.plan(shoot)) { last = $0 }
            #expect(last == 8)
            #expect(study.files(below: study.workspace.root) == before)
            #expect(try study.catalog.counts().sessions == 0)
            let report = try study.run(shoot)
            #expect(
                (dryRun.imported, dryRun.labelled, dryRun.duplicates) == (
                    report.imported, report.labelled, report.duplicates
                ))
            #expect(dryRun.quarantined == report.quarantined)
        }
    }

    /// Two sessions share a photo. Some photos show other people too, among them a reference volunteer before its own
    /// session.
    @Test("The order of sessions and the number of threads do not change the catalog") func determinism() throws {
        func facts(_ import: (Study, [Shoot]) throws -> Void) throws -> (
            [PhotoFacts], [PhotoID: ImageDigest], [Volunteer]
        ) {
            try Study.with { study in
                let shoots = [
                    try Shoot(
                        "s1", in: study.parent,
                        sheet: (0..<40).map { "\($0).png,a,none,none," } + ["x.png,,,,", "y.png,b,dots,on-face,r"],
                        more: ",also",
                        files: Dictionary(
                            uniqueKeysWithValues: (0..<40).map { ("\($0).png", png($0)) } + [
                                ("x.png", png(100)), ("y.png", png(101)),
                            ])),
                    try Shoot(
                        "s0", in: study.parent, consent: "missing", sheet: ["q.png,a,none,none", "x.png,c,none,none"],
                        files: ["q.png": png(7), "x.png": png(100)]),
                    try Shoot(
                        "s2", in: study.parent, kind: "reference", consent: "public-dataset",
                        sheet: ["r.png,r,none,none"], files: ["r.png": png(102)]),
                ]
                try `import`(study, shoots)
                return (try study.catalog.facts(), try study.catalog.images(.standard), try study.catalog.volunteers())
            }
        }
        let one = try facts { try $0.run($1[0], $1[1], $1[2], threads: 1) }
        let other = try facts { study, shoots in for shoot in shoots.reversed() { try study.run(shoot, threads: 4) } }
        let third = try facts { try $0.run($1[2], $1[0], $1[1], threads: 4) }
        #expect(one.0.count == 43)
        for that in [other, third] {
            #expect(one.0 == that.0)
            #expect(one.1 == that.1)
            #expect(one.2 == that.2)
        }
    }
}
