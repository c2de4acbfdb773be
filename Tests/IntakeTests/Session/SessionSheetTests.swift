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

    @Test func aRowSaysWhoWearsWhatWhere() throws {
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
        #expect(row.place == "s1/session.csv:4")
        #expect(row.triggerBox == Box(x: 1, y: 2, width: 3, height: 4))
        #expect(row.faceBox == Box(x: 5, y: 6, width: 7, height: 8))
        #expect(row.also.map(\.text) == ["p", "q", "r"])
        #expect(row.note == "by the, window")
        #expect(sheet.rows[0].note == nil)
    }

    @Test func aRowWithABoxMayLeaveOpenWhereTheTriggerIs() throws {
        let sheet = try sheet("a.jpg,a,dots,,1 2 3 4", "b.jpg,a,dots,on-face,1 2 3 4")
        #expect(sheet.problems == [])
        #expect(sheet.rows.map(\.label) == [nil, label("a", "dots", "on-face")])
        #expect(
            sheet.rows.map(\.unplaced) == [
                Unplaced(volunteer: VolunteerName("a")!, trigger: TriggerName("dots")!), nil,
            ])
        #expect(sheet.rows.map(\.volunteer?.text) == ["a", "a"])
    }

    @Test func aRowMayLeaveOpenWhoIsInThePhoto() throws {
        let sheet = try sheet("a.jpg,,,")
        #expect(sheet.problems == [])
        #expect(sheet.rows.map(\.label) == [nil])
    }

    /// Each row is wrong in one way; the message must say in which.
    @Test(arguments: [
        (
            "a.jpg,a,sunglases,on-face",
            "unknown trigger \"sunglases\"; did you mean sunglasses? Known: none, bandana, dots, sunglasses. A new one: curare trigger add NAME"
        ),
        (
            "a.jpg,a,hat,on-face",
            "unknown trigger \"hat\". Known: none, bandana, dots, sunglasses. A new one: curare trigger add NAME"
        ),
        ("a.jpg,a,sunglasses+hat,on-face+on-face", "unknown trigger \"hat\""),
        ("a.jpg,a,none+dots,none+on-face", "unknown trigger \"none\""),
        ("a.jpg,a,dots,", "the trigger dots has no location; write on-face or off-face"),
        ("a.jpg,a,dots,none", "the trigger dots has no location; write on-face or off-face"),
        ("a.jpg,a,dots,none,1 2 3 4", "the trigger dots has no location; write on-face or off-face"),
        (
            "a.jpg,a,dots+bandana,,1 2 3 4",
            "the trigger dots+bandana has no location; write on-face or off-face, one for each trigger, joined by +: a box tells the location of a single trigger"
        ),
        ("a.jpg,a,hat,,1 2 3 4", "unknown trigger \"hat\""),
        ("a.jpg,A,dots,,1 2 3 4", "\"A\" is no volunteer's name"),
        ("a.jpg,,dots,,1 2 3 4", "a trigger or location is given, and no volunteer who wears it"),
        ("a.jpg,a,dots,,1 2 3", "box: \"1 2 3\" is no box"),
        ("a.jpg,a,,on-face", "a location is given without a trigger"),
        ("a.jpg,a,none,on-face", "the location \"on-face\" is given without a trigger; write none"),
        ("a.jpg,a,,", "the trigger is empty; write none for a bare face"),
        (
            "a.jpg,a,dots,onface",
            "\"onface\" is no location for dots: write on-face or off-face, one for each trigger, joined by +"
        ),
        ("a.jpg,a,dots+bandana,on-face", "\"on-face\" is no location for dots+bandana"),
        ("a.jpg,,dots,on-face", "a trigger or location is given, and no volunteer who wears it"),
        ("a.jpg,,none,", "a trigger or location is given, and no volunteer who wears it"),
        ("a.jpg,Alice,none,none", "\"Alice\" is no volunteer's name: a name starts with"),
        ("a.jpg,a,none,none,1 2 3", "box: \"1 2 3\" is no box; write x y w h in whole pixels of the upright photo"),
        ("a.jpg,a,none,none,1 2 0 4", "box:"),
        ("a.jpg,a,none,none,-1 2 3 4", "box:"),
        ("a.jpg,a,none,none,1.5 2 3 4", "box:"),
        ("a.jpg,a,none,none,1 2 3 99999999999999999999", "box:"),
        ("a.jpg,a,none,none,,x", "face_box: \"x\" is no box"),
        ("a.jpg,a,none,none,,,Bob", "also: \"Bob\" is no volunteer's name"),
        ("a.jpg,a,none,none,,,,\u{7}", "the note holds control characters"),
    ])
    func aWrongRowIsNamedWithItsLine(_ row: String, _ words: String) throws {
        let sheet = try sheet("ok.jpg,a,none,none", row)
        #expect(sheet.rows.map(\.file) == ["ok.jpg"])
        #expect(sheet.problems.map(\.location) == ["s1/session.csv:3"])
        #expect(sheet.problems.first?.message.hasPrefix(words) == true, "\(sheet.problems)")
    }

    @Test(arguments: [
        "../../etc/passwd", "/etc/passwd", "./a.jpg", "d/../a.jpg", "d//a.jpg", "d/", "..", "d\\a.jpg", "C:\\a.jpg",
        String(repeating: "x", count: 1025),
    ])
    func aPathThatLeadsOutOfTheFolderIsRefused(_ path: String) throws {
        let problems = try sheet("\(path),a,none,none").problems
        #expect(problems.map(\.message) == ["\"\(path.prefix(80))\" is no file below the session's folder"])
    }

    @Test func aRowWithoutAFileIsSaid() throws {
        #expect(try sheet(",a,none,none").problems.map(\.description) == ["s1/session.csv:2: the row names no file"])
    }

    @Test func everyProblemOfEveryRowComesAtOnce() throws {
        let sheet = try sheet("../a,B,hat,", "ok.jpg,a,none,none", "b.jpg,a,dots,on-face,,,,,9", ",,,,1")
        #expect(
            sheet.problems.map(\.location) == ["s1/session.csv:4"] + Array(repeating: "s1/session.csv:2", count: 4)
                + Array(repeating: "s1/session.csv:5", count: 2))
        #expect(sheet.files == ["../a", "ok.jpg", "b.jpg", ""])
    }

    @Test func withoutItsColumnsNothingIsReadOutOfTheRows() throws {
        let sheet = try sheet("a.jpg,Alice", columns: "file,volunteer")
        #expect(
            sheet.problems.map(\.description) == [
                "s1/session.csv:1: the column trigger is missing", "s1/session.csv:1: the column location is missing",
            ])
        #expect(sheet.files == nil)
    }
}
