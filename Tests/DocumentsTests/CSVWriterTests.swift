import Testing

@testable import Documents

@Suite struct CSVWriterTests {
    private func text(_ writer: CSVWriter) -> String { String(decoding: writer.bytes, as: UTF8.self) }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a b", "a b"), ("a,b", "\"a,b\""), ("6\" x", "\"6\"\" x\""),
        ("two\nlines", "\"two\nlines\""), ("two\r\nlines", "\"two\r\nlines\""), ("\r", "\"\r\""), (" a", "\" a\""),
        ("a\t", "\"a\t\""), ("\u{a0}a", "\"\u{a0}a\""), ("=1+1", "=1+1"), ("-x", "-x"), ("a;b", "a;b"),
        ("\"\u{301}", "\"\"\"\u{301}\""), ("e\u{301}", "e\u{301}"),
    ])
    func aCellIsQuotedWhereItMustBe(_ cell: String, _ expected: String) {
        var writer = CSVWriter(["h"])
        writer.add([cell])
        #expect(Array(text(writer).unicodeScalars) == Array("h\n\(expected)\n".unicodeScalars))
    }

    @Test func theFormDeterminesSeparatorLineEndsAndStart() {
        var form = SheetForm()
        form.separator = UInt8(ascii: ";")
        form.lineEnd = Array("\r\n".utf8)
        form.hasByteOrderMark = true
        form.declaresSeparator = true
        var writer = CSVWriter(["a", "b"], form: form)
        writer.add(["x;y", "1,2"])
        #expect(text(writer) == "\u{feff}sep=;\r\na;b\r\n\"x;y\";1,2\r\n")
    }

    @Test(arguments: [
        "file,note\na,\"x,y\"\n", "\u{feff}file;note\r\na;\"1\"\"2\"\r\n", "sep=\t\nfile\tnote\n\"a\nb\"\tx\n",
        "\u{feff}sep=;\rfile;note\ra;b\r",
    ])
    func aTableIsWrittenInTheFormInWhichItWasRead(_ text: String) throws {
        let table = try SheetTable(
            Array(text.utf8), file: "t.csv", required: ["file", "note"], allowed: ["file", "note"])
        var writer = CSVWriter(table.columns, form: table.form)
        for row in table.rows { writer.add([row["file"], row["note"]]) }
        #expect(writer.bytes == Array(text.utf8))
    }

    @Test func cellsOfARowAreReplacedByColumn() throws {
        let table = try SheetTable(
            Array("file,note\na\n".utf8), file: "t.csv", required: ["file", "note"], allowed: ["file", "note"])
        let row = table.rows[0].replacing(["file": "b", "other": "x"])
        #expect((row["file"], row["note"], row["other"], row.line) == ("b", "", "", 2))
    }
}
