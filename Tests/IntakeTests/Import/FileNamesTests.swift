import Core
import Imaging
import Intake
import Testing

/// Suffixes of photos, and files that are not photos.
@Suite struct FileNamesTests {
    @Test("A photo with the suffix of another format is imported and reported") func wrongSuffix() throws {
        try Study.with { study in
            let heic = try picture(1).encoded(as: .heic)
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["IMG_1.JPG,a,none,none", "IMG_2.PNG,a,none,none", "IMG_3,a,none,none"],
                files: ["IMG_1.JPG": heic, "IMG_2.PNG": png(2), "IMG_3": png(3)])
            let importer = Importer(study.workspace, study.catalog, threads: ThreadBudget(2), limits: DecodingLimits())
            {
                "2026-05-04T00:00:00Z"
            }
            let expected = ["s1/IMG_1.JPG heic"]
            #expect(
                try importer.dryRun(study.plan(shoot)) { _ in }.misnamed.map { "\($0.file) \($0.format)" } == expected
            )
            let report = try study.run(shoot)
            #expect(report.misnamed.map { "\($0.file) \($0.format)" } == expected)
            #expect((report.imported, report.quarantined.count) == (3, 0))
            #expect(
                study.files(below: study.workspace.photos).contains {
                    $0.hasSuffix("\(PhotoID.sha256(of: heic).hex).heic")
                })
            #expect(try study.run(shoot).misnamed == [], "a photo in the catalog is not decoded again")
        }
    }

    @Test("Clips and sidecar files are skipped and counted") func sidecars() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            for path in ["a.MOV", "a.aae", "a.xmp", "a.png.json", "d/CLIP.THM", "d/GX010042.LRV"] {
                try shoot.put("x", at: path)
            }
            let report = try study.run(shoot)
            #expect((report.imported, report.skipped) == (1, 6))
            #expect(report.quarantined == [])
            #expect(try study.plan(shoot).map(\.skipped) == [6])
            try shoot.sheet(["a.png,a,none,none", "a.MOV,a,none,none"])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: a.MOV is not a photo; clips and sidecar files are skipped; delete the row"
                ])
        }
    }

    @Test(
        "Files of phones, photo managers, network storage and spreadsheets are skipped and counted",
        arguments: [
            "PXL_1.MP", "PXL_1.MP~2", "PXL_1.mp~12", "a.MOV~3", "Picasa.ini", "Thumbs.db", "ehthumbs.db",
            "ehthumbs_vista.db", "desktop.ini", "Icon\r", "d/Icon\r", "~$session.xlsx", "~$notes.docx", "session.xlsx",
            "Session.XLSX", "session.ods", "session.xls", "session.numbers", "session.csv~",
            "@eaDir/a.png/SYNOPHOTO_THUMB_XL.jpg", "@eaDir/a.png@SynoEAStream", "d/@eaDir/x.jpg", "#recycle/old.jpg",
            "$RECYCLE.BIN/x.jpg", "System Volume Information/x", "__MACOSX/a.png", "@Recycle/b/c/d.png",
        ])
    func skippedFiles(_ path: String) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try shoot.put("x", at: path)
            let report = try study.run(shoot)
            #expect((report.imported, report.skipped, report.quarantined.count) == (1, 1, 0))
        }
    }

    @Test(
        "A file whose name is only similar to a skipped one is not skipped",
        arguments: [
            "PXL_1.MP.png", "PXL_1.MP~2.png", "a.MP~", "a.MP~x", "eaDir/a.png", "Icon", "MP", "notes.xlsx",
            "session.png", "picasa.ini.png", "session~.csv",
        ])
    func filesThatAreNotSkipped(_ path: String) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            try shoot.put(png(2), at: path)
            #expect(try study.problems(shoot) == ["s1/\(path): the file has no row in session.csv"])
            try shoot.sheet(["a.png,a,none,none", "\(path),a,none,none"])
            #expect(try study.run(shoot).imported == 2)
        }
    }

    @Test("Without a sheet, clips and sidecar files may be in any folder") func sidecarsWithoutSheet() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil,
                files: ["a/none/1.png": png(1), "export.json": [1], "a/none/1.mov": [2]])
            let report = try study.run(shoot)
            #expect((report.imported, report.skipped) == (1, 2))
        }
    }
}
