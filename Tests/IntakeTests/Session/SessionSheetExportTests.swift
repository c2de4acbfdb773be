import Catalog
import Core
import Foundation
import Intake
import Testing

/// The sheet of a session with all corrections. An import with this sheet finds no difference.
@Suite struct SessionSheetExportTests {
    private let more = ",box,face_box,also,note"
    private let s1 = SessionName("s1")!

    private func export(_ study: Study, like shoot: Shoot? = nil) throws -> SessionSheetExport {
        try SessionSheetExport(
            s1, like: shoot?.folder.appending(path: "session.csv"), in: study.workspace, study.catalog)
    }

    private func text(_ export: SessionSheetExport) -> String { String(decoding: export.bytes, as: UTF8.self) }

    /// Expects that an import with the exported sheet changes nothing.
    private func expectNoDifference(_ study: Study, _ shoot: Shoot, _ export: SessionSheetExport) throws {
        // The labels and boxes that count, notes and visible people. The import can record that the sheet has a correction.
        func known() throws -> [PhotoID: KnownPhoto] {
            try study.catalog.known(study.catalog.photoIDs()).mapValues {
                KnownPhoto(label: $0.label, notes: $0.notes, coSubjects: $0.coSubjects, boxes: $0.boxes)
            }
        }
        let before = try known()
        try shoot.put(export.bytes, at: "session.csv")
        #expect(try study.plan(shoot)[0].discrepancies == [])
        #expect(try study.run(shoot, relabel: true).corrected == 0)
        #expect(try known() == before)
    }

    @Test("The standard form has all columns, and texts of every kind") func standardForm() throws {
        try Study.with { study in
            let nfd = "re\u{301}sume\u{301}, 1.png"
            let notes = ["=1+1", "a \"quoted\" word", "two\nlines; and a, comma", "@x", "-1"]
            let rows = notes.enumerated().map { index, note in
                "\(index).png,ada,none,none,,,,\"\(note.replacing("\"", with: "\"\""))\""
            }
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: rows + [
                    "\"\(nfd)\",ada,dots+bandana,off-face+on-face,1 1 2 2,3 3 4 4,zoe+bruno,", "z.png,,,,,,,",
                ],
                more: more,
                files: Dictionary(uniqueKeysWithValues: (0..<5).map { ("\($0).png", png($0)) }).merging([
                    nfd: png(8), "z.png": png(9),
                ]) { $1 })
            try study.run(shoot)
            try correct(study, "s1/1.png", LabelChange(trigger: "sunglasses", location: "on-face"))
            let export = try export(study)
            let lines = text(export)
            #expect(
                lines.hasPrefix("file,volunteer,trigger,location,box,face_box,also,note\n0.png,ada,none,none,,,,=1+1\n")
            )
            #expect(lines.contains("\n1.png,ada,sunglasses,on-face,,,,\"a \"\"quoted\"\" word\"\n"))
            #expect(lines.contains(",ada,bandana+dots,on-face+off-face,1 1 2 2,3 3 4 4,bruno+zoe,\n"))
            #expect((export.rows, export.kept, export.dropped, export.suggested) == (7, 0, 0, 0))
            try expectNoDifference(study, shoot, export)
        }
    }

    @Test("An existing sheet gives separator, line ends, order and columns") func existingForm() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: nil, files: ["a.png": png(1), "b.png": png(2), "c.png": png(3)])
            try shoot.put(
                "\u{feff}sep=;\r\nnote;file;location;trigger;volunteer\r\n;c.png;none;none;ada\r\n"
                    + "x;.\\a.png;on-face;dots;ada\r\n;b.png;;none;ada\r\n",
                at: "session.csv")
            try study.run(shoot)
            try correct(study, "s1/a.png", LabelChange(trigger: "none"))
            let first = try export(study, like: shoot)
            #expect(
                text(first)
                    == "\u{feff}sep=;\r\nnote;file;location;trigger;volunteer\r\n;c.png;none;none;ada\r\n"
                    + "x;a.png;none;none;ada\r\n;b.png;none;none;ada\r\n")
            try study.catalog.apply([.box(.sha256(of: png(2)), .face, Box(x: 1, y: 2, width: 3, height: 4))], made: "")
            let second = try export(study, like: shoot)
            #expect(
                text(second).contains("\r\n;b.png;none;none;ada;1 2 3 4\r\n"), "a column is added when it has a text")
            try expectNoDifference(study, shoot, second)
        }
    }

    @Test("Rows of files that are not in the catalog stay") func otherFiles() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: ["bad.jpg,ada,none,none,zoe", "copy.png,ada,none,none,", "a.png,ada,none,none,"], more: ",also",
                files: ["a.png": png(1), "copy.png": png(1), "bad.jpg": Array("no photo".utf8)])
            try study.run(shoot)
            try correct(study, PhotoID.sha256(of: png(1)).hex, LabelChange(trigger: "dots", location: "on-face"))
            let like = try export(study, like: shoot)
            #expect((like.rows, like.kept) == (3, 2))
            #expect(text(like).contains("bad.jpg,ada,none,none,zoe\n"))
            #expect(
                text(like).contains("copy.png,ada,dots,on-face,\n")
                    && text(like).contains("\na.png,ada,dots,on-face,\n"),
                "the copy of a photo has the label of the photo")
            try expectNoDifference(study, shoot, like)
            let standard = try export(study)
            #expect(text(standard).contains("bad.jpg,,,,,,ada+zoe,\n") && standard.kept == 1)
        }
    }

    @Test("Rows of withdrawn people are left out, and earlier names are replaced") func people() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: ["a.png,ada,none,none,", "b.png,brno,none,none,", "bad.jpg,brno,none,none,"],
                more: ",also", files: ["a.png": png(1), "b.png": png(2), "bad.jpg": Array("no photo".utf8)])
            try study.run(shoot)
            try study.catalog.rename(VolunteerName("brno")!, to: VolunteerName("bruno")!)
            let subject = WithdrawalSubject.volunteer(VolunteerName("ada")!)
            _ = try study.catalog.begin(WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "")
            let export = try export(study, like: shoot)
            #expect(
                text(export)
                    == "file,volunteer,trigger,location,also\nb.png,bruno,none,none,\nbad.jpg,bruno,none,none,\n")
            #expect((export.dropped, export.kept) == (1, 1))
        }
    }

    @Test("A suggested location stays open") func suggestion() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,ada,dots,,1 1 2 2"], more: ",box", files: ["a.png": png(1)])
            try study.run(shoot)
            let id = PhotoID.sha256(of: png(1))
            #expect(try text(export(study, like: shoot)).hasSuffix("a.png,ada,dots,,1 1 2 2\n"), "without a label")
            try study.catalog.append(labels: [(id, label("ada", "dots", "on-face"))], source: .rule, made: "")
            let export = try export(study, like: shoot)
            #expect(text(export).hasSuffix("a.png,ada,dots,,1 1 2 2\n") && export.suggested == 1)
            try expectNoDifference(study, shoot, export)
            #expect(try study.catalog.counts().suggestions == 1)
        }
    }

    @Test("Only the newest photo of a file has a row") func revisions() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,ada,none,none", "b.png,ada,none,none"],
                files: ["a.png": png(1), "b.png": png(2)])
            try study.run(shoot)
            try shoot.put(png(3), at: "a.png")
            try shoot.sheet(["a.png,ada,dots,on-face", "b.png,ada,none,none"])
            try study.run(shoot)
            let export = try export(study)
            #expect(text(export).contains("\na.png,ada,dots,on-face,") && export.rows == 2)
            try expectNoDifference(study, shoot, export)
        }
    }

    @Test("A session without a sheet gets one") func folderNames() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: nil, files: ["ada/dots/on-face/a.png": png(1)])
            try study.run(shoot)
            try expectNoDifference(study, shoot, export(study))
        }
    }

    @Test("A file name that a sheet cannot contain is an error") func fileNames() throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: nil, files: ["ada/none/a.png ": png(1)])
            try study.run(shoot)
            let error = #expect(throws: CurareError.self) { try export(study) }
            #expect(error?.code == .badInput && error?.problems.count == 1)
            #expect(error?.nextStep?.contains("nothing was written") == true)
        }
    }

    @Test("A file that is no session sheet gives no form", arguments: ["a,b\n1,2\n", "", "\u{ff}\u{0}"])
    func otherTable(_ text: String) throws {
        try Study.with { study in
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,ada,none,none"], files: ["a.png": png(1)])
            try study.run(shoot)
            try shoot.put(text, at: "session.csv")
            let error = #expect(throws: CurareError.self) { try export(study, like: shoot) }
            #expect(error?.code == .badInput)
            try shoot.remove("session.csv")
            let missing = #expect(throws: CurareError.self) { try export(study, like: shoot) }
            #expect(missing?.code == .missingInput)
        }
    }
}
