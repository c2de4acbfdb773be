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
