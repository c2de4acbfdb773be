import Testing

@testable import Documents

@Suite struct CSVReaderTests {
    private func records(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [CSVReader.Record] {
        try CSVReader.records(Array(text.utf8)[...], delimiter: delimiter)
    }

    @Test(arguments: [
        ("a,b", [["a", "b"]]), ("a,b\n", [["a", "b"]]), ("a,", [["a", ""]]), (",\n", [["", ""]]), ("\n", []),
        ("\n\r\n\ra\n\nb", [["a"], ["b"]]), (" \n", [[""]]), ("\"a,b\",c", [["a,b", "c"]]), ("\"a\"\"b\"", [["a\"b"]]),
        ("a\"\"b", [["a\"b"]]), ("  \"a\" \t,b", [["a", "b"]]), ("\"\"", [[""]]), ("\"a\nb\"\r\nc", [["a\nb"], ["c"]]),
        ("a b ,c", [["a b ", "c"]]), ("", []), ("ä,☃", [["ä", "☃"]]),
    ])
    func cells(_ text: String, _ expected: [[String]]) throws {
        #expect(try records(text).map(\.cells) == expected)
    }

    @Test func otherDelimiters() throws {
        #expect(try records("a,b;c", delimiter: UInt8(ascii: ";")).map(\.cells) == [["a,b", "c"]])
        #expect(try records("a\t b\t", delimiter: UInt8(ascii: "\t")).map(\.cells) == [["a", "b", ""]])
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func linesAreCountedInsideQuotes(_ end: String) throws {
        let text = ["a", "\"b", "", "c\"", "d", "", "e"].joined(separator: end)
        #expect(try records(text).map(\.line) == [1, 2, 5, 7])
    }

    @Test(arguments: [
        ("a\"b", CSVReader.ParseError.misplacedQuote(line: 1)), ("x\na,b\"", .misplacedQuote(line: 2)),
        ("\"a\"b", .misplacedQuote(line: 1)), ("\"a", .unclosedQuote(line: 1)), ("x\n\"a\n\n", .unclosedQuote(line: 2)),
        ("x\n\"a\n\nb\"c", .unclosedQuote(line: 2)),
    ])
    func errorsHaveLines(_ text: String, _ expected: CSVReader.ParseError) {
        #expect(throws: expected) { try records(text) }
    }
}
