import Catalog
import Core
import Foundation
import Intake
import Testing

/// The CSV of a further annotator.
@Suite struct AnnotationSheetTests {
    /// Runs `body` with two sessions that both have a file `a.png`.
    private func with(_ body: (Study) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "d/b.png,b,none,none"],
                    files: ["a.png": png(1), "d/b.png": png(2)]),
                Shoot("s2", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(3)]))
            try body(study)
        }
    }

    private func sheet(
        _ rows: [String], header: String = "file,volunteer,trigger,location", session: String? = nil, _ study: Study
    ) throws -> AnnotationSheet {
        let file = study.parent.appending(path: "bea.csv")
        try Data(([header] + rows).joined(separator: "\n").utf8).write(to: file)
        return try AnnotationSheet(file, session: session.flatMap(SessionName.init), in: study.catalog)
    }

    private func problems(
        _ rows: [String], header: String = "file,volunteer,trigger,location", session: String? = nil, _ study: Study
    ) throws -> [String] {
        let error = #expect(throws: CurareError.self) { try sheet(rows, header: header, session: session, study) }
        #expect(error?.code == .badInput)
        return error?.problems.map(\.description) ?? []
    }

    @Test("Photos are named by id, by SESSION/FILE, or by a file name") func references() throws {
        try with { study in
            let hex = PhotoID.sha256(of: png(1)).hex
            let sheet = try sheet(
                ["\(hex.prefix(8)),b,dots,on-face", "s2/a.png,a,none,", "d/b.png,b,bandana+dots,off-face+on-face"],
                study)
            #expect(sheet.labels.map(\.photo) == [1, 3, 2].map { .sha256(of: png($0)) })
            #expect(
                sheet.labels.map(\.label) == [
                    label("b", "dots", "on-face"), label("a"), label("b", "bandana+dots", "off-face+on-face"),
                ])
            #expect(sheet.skipped == 0)
        }
    }

    @Test("With a session, the column has its file names, and further columns are ignored") func ofSession() throws {
        try with { study in
            let sheet = try sheet(
                ["d\\b.png,b,dots,on-face,1 1 2 2,,a,a note", "./a.png,a,none,none,,,,", "x.png,,,,,,,"],
                header: "file,volunteer,trigger,location,box,face_box,also,note", session: "s1", study)
            #expect(sheet.labels.map(\.photo) == [2, 1].map { .sha256(of: png($0)) })
            #expect(sheet.labels.map(\.label) == [label("b", "dots", "on-face"), label("a")] && sheet.skipped == 1)
        }
    }

    @Test("Rows without a label are skipped") func openRows() throws {
        try with { study in
            let sheet = try sheet(["s1/a.png,,,", "s2/a.png,a,none,none", "anything,,,"], study)
            #expect(sheet.labels.count == 1 && sheet.skipped == 2)
        }
    }

    @Test("All problems are reported with their lines") func wrongRows() throws {
        try with { study in
            let found = try problems(
                [
                    "s1/a.png,a,none,none", "nothing.png,a,none,none", "s1/a.png,b,none,none", "s2/a.png,c,none,none",
                    "s1/d/b.png,b,hat,on-face", "s1/d/b.png,b,dots,", "a.png,a,none,none", "s2/a.png,,dots,on-face",
                ], study)
            #expect(found.map { String($0.prefix(10)) } == (3...9).map { "bea.csv:\($0):" })
            #expect(found[1].contains("line 2 has the same photo"))
            #expect(found[2].contains("unknown volunteer c"))
            #expect(found[3].contains("unknown trigger \"hat\""))
            #expect(found[4].contains("has no location"))
            #expect(found[5].contains("matches several photos"))
            #expect(found[6].contains("no volunteer"))
        }
    }

    @Test("A location that a box leaves open is a problem") func openLocation() throws {
        try with { study in
            let found = try problems(
                ["a.png,a,dots,,1 1 2 2"], header: "file,volunteer,trigger,location,box", session: "s1", study)
            #expect(found == ["bea.csv:2: the trigger has no location; write on-face or off-face"])
        }
    }

    @Test("A file that the session does not have is named") func unknownFile() throws {
        try with { study in
            let found = try problems(["A.png,a,none,none", "d/c.png,a,none,none"], session: "s1", study)
            #expect(
                found == [
                    "bea.csv:2: the session s1 has no file \"A.png\"; did you mean a.png?",
                    "bea.csv:3: the session s1 has no file \"d/c.png\"",
                ])
        }
    }

    @Test(
        "An unknown column and a missing column are problems",
        arguments: ["file,volunteer,trigger,location,age", "file"])
    func columns(_ header: String) throws {
        try with { study in
            let found = try problems(["a.png"], header: header, study)
            #expect(!found.isEmpty)
        }
    }

    @Test("After a thousand problems the rest of the file is not checked") func manyProblems() throws {
        try with { study in
            let rows = (0..<1100).map { "x\($0).png,a,none,none" }
            let found = try problems(rows, session: "s1", study)
            #expect(found.count == 1001)
            #expect(found.last == "bea.csv:1002: this row and the rows below were not checked")
        }
    }

    @Test("A missing file is missing input") func missingFile() throws {
        try with { study in
            let error = #expect(throws: CurareError.self) {
                try AnnotationSheet(study.parent.appending(path: "no.csv"), session: nil, in: study.catalog)
            }
            #expect(error?.code == .missingInput)
        }
    }
}
