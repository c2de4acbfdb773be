import Core
import Imaging
import Intake
import Testing

/// What files are called, beside what they are.
@Suite struct NamesTests {
    @Test func aWrongSuffixIsReadByContentAndReported() throws {
        try Study.with { study in
            let heic = try picture(1).encoded(as: .heic)
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["IMG_1.JPG,a,none,none", "IMG_2.PNG,a,none,none", "IMG_3,a,none,none"],
                files: ["IMG_1.JPG": heic, "IMG_2.PNG": png(2), "IMG_3": png(3)])
            let importer = Importer(study.workspace, study.catalog, workers: ThreadBudget(2), limits: DecodingLimits()) {
                "2026-05-04T00:00:00Z"
            }
            let expected = ["s1/IMG_1.JPG heic"]
            #expect(
                try importer.rehearse(study.plan(shoot)) { _ in }.misnamed.map { "\($0.file) \($0.format)" } == expected
            )
            let report = try study.run(shoot)
            #expect(report.misnamed.map { "\($0.file) \($0.format)" } == expected)
            #expect((report.imported, report.quarantined.count) == (3, 0))
            #expect(
                study.files(below: study.workspace.photos).contains {
                    $0.hasSuffix("\(PhotoID.sha256(of: heic).hex).heic")
                })
            #expect(try study.run(shoot).misnamed == [], "a photo that is known already is not read again")
        }
    }

    @Test func clipsAndSidecarsArePassedOverWithACount() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(1)])
            for path in ["a.MOV", "a.aae", "a.xmp", "a.png.json", "d/CLIP.THM", "d/GX010042.LRV"] {
                try shoot.put("x", at: path)
            }
            let report = try study.run(shoot)
            #expect((report.imported, report.passedOver) == (1, 6))
            #expect(report.quarantined == [])
            #expect(try study.plan(shoot).map(\.passedOver) == [6])
            try shoot.sheet(["a.png,a,none,none", "a.MOV,a,none,none"])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: a.MOV is no photo; clips and sidecar files are passed over, so take the row out"
                ])
        }
    }

    @Test func withoutASheetClipsNeedNoFolderNames() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil,
                files: ["a/none/1.png": png(1), "export.json": [1], "a/none/1.mov": [2]])
            let report = try study.run(shoot)
            #expect((report.imported, report.passedOver) == (1, 2))
        }
    }
}
