import Core
import Documents
import Testing

/// Tables as spreadsheets write them, and files that are not tables.
@Suite struct SheetTableTests {
    private func table(_ text: String) throws -> SheetTable { try table(Array(text.utf8)) }

    private func table(_ bytes: [UInt8]) throws -> SheetTable {
        try SheetTable(bytes, file: "t.csv", required: ["file", "note"], allowed: ["file", "note", "box"])
    }

    private func parseError(_ bytes: [UInt8]) -> CurareError? {
        let error = #expect(throws: CurareError.self) { try table(bytes) }
        #expect(error?.code == .badInput)
        return error
    }

    @Test(arguments: [
        "file,note\na,x\nb,y\n", "\u{feff}file,note\na,x\nb,y\n", "file;note\na;x\nb;y\n",
        "file,note\r\na,x\r\nb,y\r\n", "file,note\ra,x\rb,y\r",
        "file,note\na,x\nb,y", "\u{feff}file;note\r\na;x\r\nb;y", "\"file\",\"note\"\n\"a\",\"x\"\n\"b\",\"y\"\n",
        " FILE , Note \n a , x \n b ,\ty\n",
        "file,note\n\na,x\n\n\nb,y\n,\n\n", "\n\nfile,note\na,x\nb,y", " ,\nfile,note\na,x\nb,y",
        "sep=;\r\nfile;note\r\na;x\r\nb;y\r\n", "\u{feff}\"sep=,\"\rfile,note\ra,x\rb,y",
        "SEP=;;\nfile;note\na;x\nb;y",
        "sep=\t\nfile\tnote\na\tx\nb\ty", "file\tnote\r\na\tx\r\n\r\nb\t y\r\n",
        "\u{200b}file,note\u{feff}\n\u{200b} a\u{2060},x\u{200b}\nb\u{feff} ,\u{a0}y\u{200b}\n",
        "file,note,,\na,x,,\nb,y,,\n", "note,file\nx,a\ny,b\n",
    ])
    func spreadsheetVariantsGiveSameTable(_ text: String) throws {
        let table = try table(text)
        #expect(table.problems == [])
        #expect(table.rows.map { $0["file"] } == ["a", "b"])
        #expect(table.rows.map { $0["note"] } == ["x", "y"])
        #expect(table.rows.map { $0["box"] } == ["", ""])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func quotedCellsKeepDelimitersQuotesAndLines(_ end: String) throws {
        let table = try table(
            ["file,note", "\"a,b\",\"x\(end)\"\"y\"\"\(end)z\"", "", "c,;", "\"\(end)d\",e"].joined(separator: end))
        #expect(table.rows.map { $0["file"] } == ["a,b", "c", "d"])
        #expect(table.rows.map { $0["note"] } == ["x\(end)\"y\"\(end)z", ";", "e"])
        #expect(table.rows.map(\.line) == [2, 6, 7])
    }

    @Test func tabsAreReported() throws {
        #expect(try table("file\tnote\na\tx,y;z\n").isTabSeparated)
        #expect(try table("file\tnote\na\tx,y;z\n").rows.map { $0["note"] } == ["x,y;z"])
        #expect(try !table("file,note\na,x\ty\n").isTabSeparated)
    }

    @Test func lineWithSeparatorCountsAsLine() throws {
        #expect(try table("sep=;\r\nfile;note\r\n\r\na;x\r\n").rows.map(\.line) == [4])
        #expect(try table("sep=,\nfile,hat\n").problems.map(\.location) == ["t.csv:2", "t.csv:2"])
        #expect(parseError(Array("sep=;\nfile;note\na;6\" tape\n".utf8))?.location == "t.csv:3")
    }

    @Test(arguments: ["sep=|\nfile|note\n", "sep=\nfile,note\n", "\"sep=x\"\nfile,note\n"])
    func unknownSeparatorIsAnError(_ text: String) {
        let error = parseError(Array(text.utf8))
        #expect(error?.location == "t.csv:1")
        #expect(error?.message.contains("names no separator") == true)
    }

    @Test func zeroWidthSpaceInsideIsKept() throws {
        #expect(try table("file,note\na\u{200b}b,x\n").rows.map { $0["file"].unicodeScalars.count } == [3])
    }

    @Test func multilineHeaderShiftsLineNumbers() throws {
        #expect(try table("\"file\",\"note\n\"\na,x\n").rows.map(\.line) == [3])
    }

    @Test func allWrongColumnsAreReported() throws {
        let problems = try table("fille,note,note,Box,hat\na,x,,,\n").problems.map(\.description)
        #expect(
            problems == [
                "t.csv:1: the column file is missing",
                "t.csv:1: unknown column \"fille\"; did you mean file? Allowed: file, note, box",
                "t.csv:1: the column note appears twice",
                "t.csv:1: unknown column \"hat\". Allowed: file, note, box",
            ])
    }

    @Test func shortRowHasEmptyCellsAndLongRowIsAProblem() throws {
        #expect(try table("file,note\na\n").rows.map { $0["note"] } == [""])
        #expect(
            try table("file,note\na,x\nb,y,z\n").problems.map(\.description) == [
                "t.csv:3: the row has more cells than the header has columns"
            ])
        #expect(try table("file,note\na,x,,,\n").problems == [])
    }

    @Test func headerAloneIsATableWithoutRows() throws {
        let table = try table("file,note\n")
        #expect(table.rows.isEmpty)
        #expect(table.problems == [])
    }

    @Test(arguments: ["", " ", "\n\r\n\n", "\u{feff}"])
    func emptyFileIsAnError(_ text: String) {
        #expect(parseError(Array(text.utf8))?.message == "the file is empty")
    }

    @Test func encodingErrorsHaveLine() {
        let utf16 = "file,note\na,é\n".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(parseError([0xff, 0xfe] + utf16)?.message == "the file is UTF-16")
        #expect(parseError([0xfe, 0xff, 0, 0x66])?.message == "the file is UTF-16")
        #expect(parseError(utf16)?.message == "the line holds a NUL byte")
        let latin1 = parseError(Array("file,note\na,x\nb,caf".utf8) + [0xe9, 0x0a])
        #expect(latin1?.message == "the line is not UTF-8")
        #expect(latin1?.location == "t.csv:3")
        #expect(latin1?.nextStep == "save it as \"CSV UTF-8\"")
        #expect(parseError(Array("file,note\r\ra,x\rb,".utf8) + [0xe9])?.location == "t.csv:4")
        #expect(parseError(Array("file,note\na,x\0\n".utf8))?.location == "t.csv:2")
    }

    @Test(arguments: [
        "file,note\na,\"x\n", "file,note\n\"a\"b,x\"\n", "file,note\na,5\" and 6\" tape\n", "file,\"note\na,x",
    ])
    func misplacedQuotationMarksAreErrors(_ text: String) {
        #expect(parseError(Array(text.utf8)) != nil)
    }

    @Test func quotationMarkErrorsNameTheLine() {
        let inside = parseError(Array("file,note\na,x\n\nb,6\" phone\n".utf8))
        #expect(inside?.message == "the file is not CSV: line 4 has a quotation mark inside a cell")
        #expect(inside?.location == "t.csv:4")
        #expect(inside?.nextStep?.contains("\"6\"\" phone\"") == true)
        // The second mark is in a later row, but the first one is the mistake.
        let open = parseError(Array("file,note\na,\"6 phone\nb,\"y\"\n".utf8))
        #expect(
            open?.message
                == "the file is not CSV: a quotation mark is opened in line 2 and never closed at the end of a cell")
        #expect(open?.location == "t.csv:2")
    }

    /// A sheet of 49 MB can consist of blank lines only. None of them is a row.
    @Test(arguments: ["\n", "\r\n", "\r", ",\n", " \n", "\u{200b}\n"])
    func blankLinesCostNoRows(_ line: String) throws {
        let end = line == "\r" ? "\r" : "\n"
        let blank = Array(repeating: Array(line.utf8), count: 100_000).joined()
        let table = try table(Array("file,note\(end)".utf8) + blank + Array("a,x\(end)".utf8))
        #expect(table.rows.map(\.line) == [100_002])
        #expect(table.problems == [])
    }

    @Test func numberOfRowsIsLimited() throws {
        func table(_ rows: Int) throws -> SheetTable {
            try SheetTable(
                Array("file\n\n".utf8) + Array(repeating: Array("a\n\n".utf8), count: rows).joined(), file: "t.csv",
                required: ["file"], allowed: ["file"], maximumRows: 3)
        }
        #expect(try table(3).rows.count == 3)
        let error = #expect(throws: CurareError.self) { try table(4) }
        #expect(error?.code == .badInput)
        #expect(error?.message == "the file has more than 3 rows")
        #expect(error?.location == "t.csv:9")
    }

    @Test func numberOfProblemsIsLimited() throws {
        let long = try table("file,note\n" + String(repeating: "a,x,y\n", count: 3_000))
        #expect(long.problems.count == SheetTable.maximumProblems)
        #expect(long.rows.count == 3_000)
        let wide = try table((0..<9_000).map { "c\($0)" }.joined(separator: ",") + "\n")
        #expect((1...52).contains(wide.problems.count))
    }

    @Test func longLineIsAnErrorWithItsNumber() {
        let start = ContinuousClock.now
        let error = parseError(
            Array("file,note\na,".utf8) + Array(repeating: UInt8(ascii: "x"), count: 10_000_000) + Array("\nb,y\n".utf8)
        )
        #expect(error?.message == "the line has 10000002 bytes; at most 65536 are read")
        #expect(error?.location == "t.csv:2")
        #expect(error?.nextStep?.hasPrefix("shorten the line, or save the spreadsheet") == true)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func carriageReturnsEndLines() throws {
        #expect(
            try table("file,note\r" + String(repeating: "some/file.jpg,some note\r", count: 5_000)).rows.count == 5_000)
    }

    /// If every row had the width of the widest one, this table would need gigabytes.
    @Test func wideRowDoesNotWidenOthers() throws {
        let text =
            "file,note\n" + String(repeating: "a,x\n", count: 20_000) + String(repeating: ",", count: 60_000) + "\n"
            + String(repeating: ",", count: 60_000) + "x\n"
        let table = try table(text)
        #expect(table.rows.count == 20_001)
        #expect(table.problems.map(\.location) == ["t.csv:20003"])
    }
}
