import Core
import Testing

@testable import Intake

@Suite struct SessionSheetTests {
    private func sheet(_ rows: String..., columns: String = "file,volunteer,trigger,location,box,face_box,also,note")
        throws -> SessionSheet
    {
        try SessionSheet(
            Array(([columns] + rows).joined(separator: "\n").utf8), file: "s1/session.csv", triggers: triggers)
    }

    @Test("A row contains volunteer, trigger, location, boxes, other people and note") func rows() throws {
        let sheet = try sheet(
            "a.jpg,007,none,none", "b.jpg,on,none,",
            "d/c.jpg,9336923,sunglasses+bandana,on-face+off-face,1 2 3 4,5 6 7 8,p+q r,\"by the, window\"")
        #expect(sheet.problems == [])
        #expect(
            sheet.rows.map(\.label) == [
                label("007"), label("on"), label("9336923", "bandana+sunglasses", "off-face+on-face"),
            ])
        let row = sheet.rows[2]
        #expect(row.file == "d/c.jpg")
        #expect(row.location == "s1/session.csv:4")
        #expect(row.triggerBox == Box(x: 1, y: 2, width: 3, height: 4))
        #expect(row.faceBox == Box(x: 5, y: 6, width: 7, height: 8))
        #expect(row.coSubjects.map(\.text) == ["p", "q", "r"])
        #expect(row.note == "by the, window")
        #expect(sheet.rows[0].note == nil)
    }

    @Test("A row with a box may leave the location empty") func openLocation() throws {
        let sheet = try sheet("a.jpg,a,dots,,1 2 3 4", "b.jpg,a,dots,on-face,1 2 3 4")
        #expect(sheet.problems == [])
        #expect(sheet.rows.map(\.label) == [nil, label("a", "dots", "on-face")])
        #expect(
            sheet.rows.map(\.labelWithoutLocation) == [
                LabelWithoutLocation(volunteer: VolunteerName("a")!, trigger: TriggerName("dots")!), nil,
            ])
        #expect(sheet.rows.map(\.volunteer?.text) == ["a", "a"])
    }

    @Test("A row may leave the label empty") func emptyLabel() throws {
        let sheet = try sheet("a.jpg,,,")
        #expect(sheet.problems == [])
        #expect(sheet.rows.map(\.label) == [nil])
    }

    /// Each row has one problem. The message must describe it.
    @Test(
        "A problem of a row contains the line and the reason",
        arguments: [
            (
                "a.jpg,a,sunglases,on-face",
                "unknown trigger \"sunglases\"; did you mean sunglasses? Known triggers: none, bandana, dots, sunglasses. Add one with: curare trigger add NAME"
            ),
            (
                "a.jpg,a,hat,on-face",
                "unknown trigger \"hat\". Known triggers: none, bandana, dots, sunglasses. Add one with: curare trigger add NAME"
            ),
            ("a.jpg,a,sunglasses+hat,on-face+on-face", "unknown trigger \"hat\""),
            ("a.jpg,a,none+dots,none+on-face", "unknown trigger \"none\""),
            ("a.jpg,a,dots,", "the trigger dots has no location; write on-face or off-face"),
            ("a.jpg,a,dots,none", "the trigger dots has no location; write on-face or off-face"),
            ("a.jpg,a,dots,none,1 2 3 4", "the trigger dots has no location; write on-face or off-face"),
            (
                "a.jpg,a,dots+bandana,,1 2 3 4",
                "the trigger dots+bandana has no location; write on-face or off-face, one for each trigger, joined by +; a box can replace the location of a single trigger only"
            ),
            ("a.jpg,a,hat,,1 2 3 4", "unknown trigger \"hat\""),
            ("a.jpg,A,dots,,1 2 3 4", "\"A\" is not a volunteer name"),
            ("a.jpg,a,None,none", "unknown trigger \"None\"; did you mean none? Known triggers"),
            ("a.jpg,a,NONE,", "unknown trigger \"NONE\"; did you mean none? Known triggers"),
            ("a.jpg,a,Sunglasses,on-face", "unknown trigger \"Sunglasses\"; did you mean sunglasses?"),
            ("a.jpg,a,none,None", "\"None\" is not a location; did you mean none?"),
            ("a.jpg,a,dots,On-face", "\"On-face\" is not a location; did you mean on-face?"),
            (
                "a.jpg,a,dots+bandana,On-Face+off-face",
                "\"On-Face+off-face\" is not a location; did you mean on-face+off-face?"
            ),
            (
                "a.jpg,Alice,none,none",
                "\"Alice\" is not a volunteer name: \(VolunteerName.rule); did you mean alice?"
            ),
            (
                "a.jpg,a,none,none,,,Bob",
                "also: \"Bob\" is not a volunteer name: \(VolunteerName.rule); join several by +; did you mean bob?"
            ),
            ("a.jpg,a\u{200b}b,none,none", "\"a\u{200b}b\" is not a volunteer name"),
            ("a.jpg,,dots,,1 2 3 4", "the row has a trigger or a location, but no volunteer"),
            ("a.jpg,a,dots,,1 2 3", "box: \"1 2 3\" is not a box"),
            ("a.jpg,a,,on-face", "the row has a location but no trigger"),
            ("a.jpg,a,none,on-face", "the row has the location \"on-face\" but no trigger; write none"),
            ("a.jpg,a,,", "the trigger is empty; write none for a photo without a trigger"),
            (
                "a.jpg,a,dots,onface",
                "\"onface\" is not a location of dots; write on-face or off-face, one for each trigger, joined by +"
            ),
            ("a.jpg,a,dots+bandana,on-face", "\"on-face\" is not a location of dots+bandana"),
            ("a.jpg,,dots,on-face", "the row has a trigger or a location, but no volunteer"),
            ("a.jpg,,none,", "the row has a trigger or a location, but no volunteer"),
            ("a.jpg,Alice,none,none", "\"Alice\" is not a volunteer name: a name starts with"),
            (
                "a.jpg,a,none,none,1 2 3",
                "box: \"1 2 3\" is not a box; write x y width height in whole pixels of the upright photo"
            ),
            ("a.jpg,a,none,none,1 2 0 4", "box:"),
            ("a.jpg,a,none,none,-1 2 3 4", "box:"),
            ("a.jpg,a,none,none,1.5 2 3 4", "box:"),
            ("a.jpg,a,none,none,1 2 3 99999999999999999999", "box:"),
            ("a.jpg,a,none,none,,x", "face_box: \"x\" is not a box"),
            ("a.jpg,a,none,none,,,Bob", "also: \"Bob\" is not a volunteer name"),
            ("a.jpg,a,none,none,,,,\u{7}", "the note contains control characters"),
        ])
    func wrongRows(_ row: String, _ message: String) throws {
        let sheet = try sheet("ok.jpg,a,none,none", row)
        #expect(sheet.rows.map(\.file) == ["ok.jpg"])
        #expect(sheet.problems.map(\.location) == ["s1/session.csv:3"])
        #expect(sheet.problems.first?.message.hasPrefix(message) == true, "\(sheet.problems)")
    }

    @Test(
        "A path that is not below the session folder is a problem",
        arguments: [
            "../../etc/passwd", "/etc/passwd", "d/../a.jpg", "d//a.jpg", "d/", "..", "C:\\a.jpg", "..\\a.jpg", "./",
            ".",
            "./../a.jpg", "d/./a.jpg", "\\\\server\\a.jpg", "\\a.jpg", "d\\", ".//a.jpg",
            String(repeating: "x", count: 1025),
        ])
    func wrongPaths(_ path: String) throws {
        let problems = try sheet("\(path),a,none,none").problems
        #expect(
            problems.map(\.message) == [
                "\"\(path.prefix(80))\" is not a path below the session folder, such as day1/img_1.jpg"
            ])
    }

    @Test(
        "Paths of Windows and of find are read",
        arguments: [
            ("./a.jpg", "a.jpg"), ("././d/a.jpg", "d/a.jpg"), ("d\\a.jpg", "d/a.jpg"), (".\\d\\e\\a.jpg", "d/e/a.jpg"),
            ("d/a.jpg", "d/a.jpg"), (".a.jpg", ".a.jpg"), ("cafe\u{301}.jpg", "cafe\u{301}.jpg"),
            ("a:b.jpg", "a:b.jpg"),
        ])
    func normalizedPaths(_ path: String, _ expected: String) throws {
        let sheet = try sheet("\(path),a,none,none")
        #expect(sheet.problems == [])
        #expect(sheet.rows.map { Array($0.file.utf8) } == [Array(expected.utf8)])
        #expect(sheet.files == [expected])
    }

    @Test("Capital letters in every cell give a hint for each cell") func capitals() throws {
        let problems = try sheet("a.jpg,Ada,None,None", "b.jpg,ada,Sunglasses,On-face").problems
        #expect(
            problems.map(\.location) == Array(repeating: "s1/session.csv:2", count: 3)
                + Array(repeating: "s1/session.csv:3", count: 2))
        #expect(problems.allSatisfy { $0.message.contains("; did you mean ") }, "\(problems)")
    }

    @Test("Tabs as separators are read with a warning") func tabs() throws {
        let columns = "file\tvolunteer\ttrigger\tlocation\tbox"
        let sheet = try sheet("a.jpg\ta\tnone\t\t", "b.jpg\ta\tdots\t\t1 2 3 4", columns: columns)
        #expect(sheet.problems == [])
        #expect(sheet.rows.map(\.file) == ["a.jpg", "b.jpg"])
        #expect(sheet.rows[1].triggerBox == Box(x: 1, y: 2, width: 3, height: 4))
        #expect(
            sheet.warnings == ["s1/session.csv: the cells are separated by tabs; commas or semicolons are usual"])
        #expect(try self.sheet("a.jpg,a,none,none").warnings == [])
    }

    @Test("Rows after a thousand problems are not checked") func manyProblems() throws {
        let rows = Array(repeating: "a.jpg,A,none,none", count: 1_500).joined(separator: "\n")
        let sheet = try sheet(rows)
        #expect(sheet.problems.count == 1_001)
        #expect(sheet.problems.last?.description == "s1/session.csv:1002: this row and the rows below were not checked")
    }

    @Test("A row without a file is a problem") func noFile() throws {
        #expect(
            try sheet(",a,none,none").problems.map(\.description) == [
                "s1/session.csv:2: the row names no file; write the photo's path in the column file"
            ])
    }

    @Test("All problems of all rows are reported") func allProblems() throws {
        let sheet = try sheet("../a,B,hat,", "ok.jpg,a,none,none", "b.jpg,a,dots,on-face,,,,,9", ",,,,1")
        #expect(
            sheet.problems.map(\.location) == ["s1/session.csv:4"] + Array(repeating: "s1/session.csv:2", count: 4)
                + Array(repeating: "s1/session.csv:5", count: 2))
        #expect(sheet.files == ["../a", "ok.jpg", "b.jpg", ""])
    }

    @Test("Rows are not parsed when a column is missing") func missingColumns() throws {
        let sheet = try sheet("a.jpg,Alice", columns: "file,volunteer")
        #expect(
            sheet.problems.map(\.description) == [
                "s1/session.csv:1: the column trigger is missing", "s1/session.csv:1: the column location is missing",
            ])
        #expect(sheet.files == nil)
    }
}
