import Core
import Documents
import Testing

@testable import Intake

/// The CSV files that spreadsheets write, and files that are not CSV.
@Suite struct SheetTableTests {
    private func table(_ text: String) throws -> SheetTable { try table(Array(text.utf8)) }

    private func table(_ bytes: [UInt8]) throws -> SheetTable {
        try SheetTable(bytes, file: "t.csv", required: ["file", "note"], allowed: ["file", "note", "box"])
    }

    private func error(_ bytes: [UInt8]) -> CurareError? {
        let error = #expect(throws: CurareError.self) { try table(bytes) }
        #expect(error?.code == .badInput)
        return error
    }

    @Test(
        "The CSV dialects of spreadsheets give the same table",
        arguments: [
            "file,note\na,x\nb,y\n", "\u{feff}file,note\na,x\nb,y\n", "file;note\na;x\nb;y\n",
            "file,note\r\na,x\r\nb,y\r\n", "file,note\ra,x\rb,y\r",
            "file,note\na,x\nb,y", "\u{feff}file;note\r\na;x\r\nb;y", "\"file\",\"note\"\n\"a\",\"x\"\n\"b\",\"y\"\n",
            " FILE , Note \n a , x \n b ,\ty\n",
            "file,note\n\na,x\n\n\nb,y\n,\n\n", "file,note,,\na,x,,\nb,y,,\n", "note,file\nx,a\ny,b\n",
        ])
    func dialects(_ text: String) throws {
        let table = try table(text)
        #expect(table.problems == [])
        #expect(table.rows.map { $0["file"] } == ["a", "b"])
        #expect(table.rows.map { $0["note"] } == ["x", "y"])
        #expect(table.rows.map { $0["box"] } == ["", ""])
    }

    @Test(
        "Quoted cells may contain commas, quotation marks and line ends, and line numbers stay correct",
        arguments: ["\n", "\r\n", "\r"])
    func quotedCells(_ end: String) throws {
        let table = try table(
            ["file,note", "\"a,b\",\"x\(end)\"\"y\"\"\(end)z\"", "", "c,;", "\"\(end)d\",e"].joined(separator: end))
        #expect(table.rows.map { $0["file"] } == ["a,b", "c", "d"])
        #expect(table.rows.map { $0["note"] } == ["x\(end)\"y\"\(end)z", ";", "e"])
        #expect(table.rows.map(\.line) == [2, 6, 7])
    }

    @Test("A header over several lines shifts the line numbers") func longHeader() throws {
        #expect(try table("\"file\",\"note\n\"\na,x\n").rows.map(\.line) == [3])
    }

    @Test("All wrong columns are reported") func wrongColumns() throws {
        let problems = try table("fille,note,note,Box,hat\na,x,,,\n").problems.map(\.description)
        #expect(
            problems == [
                "t.csv:1: the column file is missing",
                "t.csv:1: unknown column \"fille\"; did you mean file? Allowed: file, note, box",
                "t.csv:1: the column note stands twice",
                "t.csv:1: unknown column \"hat\". Allowed: file, note, box",
            ])
    }

    @Test("A short row has empty cells, and a long row is a problem") func rowLengths() throws {
        #expect(try table("file,note\na\n").rows.map { $0["note"] } == [""])
        #expect(
            try table("file,note\na,x\nb,y,z\n").problems.map(\.description) == [
                "t.csv:3: the row has more cells than the header has columns"
            ])
        #expect(try table("file,note\na,x,,,\n").problems == [])
    }

    @Test("A header without rows is an empty table") func headerOnly() throws {
        let table = try table("file,note\n")
        #expect(table.rows.isEmpty)
        #expect(table.problems == [])
    }

    @Test("An empty file is an error", arguments: ["", " ", "\n\r\n\n", "\u{feff}"])
    func emptyFile(_ text: String) {
        #expect(error(Array(text.utf8))?.message == "the sheet is empty")
    }

    @Test("The error for another encoding contains the line") func encodings() {
        let utf16 = "file,note\na,é\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(error([0xff, 0xfe] + utf16)?.message == "the sheet is UTF-16")
        #expect(error([0xfe, 0xff, 0, 0x66])?.message == "the sheet is UTF-16")
        #expect(error(utf16)?.message == "the line holds a NUL byte")
        let latin1 = error(Array("file,note\na,x\nb,caf".utf8) + [0xe9, 0x0a])
        #expect(latin1?.message == "the line is not UTF-8")
        #expect(latin1?.location == "t.csv:3")
        #expect(latin1?.nextStep == "save it as \"CSV UTF-8\"")
        #expect(error(Array("file,note\r\ra,x\rb,".utf8) + [0xe9])?.location == "t.csv:4")
        #expect(error(Array("file,note\na,x\0\n".utf8))?.location == "t.csv:2")
    }

    @Test(
        "Misplaced quotation marks are an error",
        arguments: [
            "file,note\na,\"x\n", "file,note\n\"a\"b,x\"\n", "file,note\na,5\" and 6\" tape\n", "file,\"note\na,x",
        ])
    func quotationMarks(_ text: String) {
        #expect(error(Array(text.utf8)) != nil)
    }

    @Test("The error for a very long line contains its number") func longLine() {
        let start = ContinuousClock.now
        let error = error(
            Array("file,note\na,".utf8) + Array(repeating: UInt8(ascii: "x"), count: 10_000_000) + Array("\nb,y\n".utf8)
        )
        #expect(error?.message == "the line has 10000002 bytes; at most 65536 are read")
        #expect(error?.location == "t.csv:2")
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("A long table with carriage returns as line ends is read") func oldLineEnds() throws {
        #expect(
            try table("file,note\r" + String(repeating: "some/file.jpg,some note\r", count: 5_000)).rows.count == 5_000)
    }

    /// If every row were as wide as the widest, this table would need gigabytes.
    @Test("One wide row does not make the other rows wide") func wideRow() throws {
        let text =
            "file,note\n" + String(repeating: "a,x\n", count: 20_000) + String(repeating: ",", count: 60_000) + "\n"
            + String(repeating: ",", count: 60_000) + "x\n"
        let table = try table(text)
        #expect(table.rows.count == 20_001)
        #expect(table.problems.map(\.location) == ["t.csv:20003"])
    }
}
