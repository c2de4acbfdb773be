import Core
import Documents
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "{}", "[]", "null", "true", "-12", "\"a\"", "[1,[],{\"a\":null}]", "{\"\":0,\"a\":\"\\u001f\\n\\\"\\\\\"}",
    ])
    func canonicalTextIsRestored(_ text: String) throws {
        #expect(try JSONReader.read(text.utf8).canonical == text)
    }

    /// The example of RFC 8785, section 3.2.3.
    @Test func membersAreSortedByUTF16() throws {
        let value = JSONValue.object([
            "\u{20ac}": .number(1), "\r": .number(2), "\u{fb33}": .number(3), "1": .number(4), "\u{1f600}": .number(5),
            "\u{80}": .number(6), "\u{f6}": .number(7),
        ])
        let text = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        #expect(value.canonical == text)
    }

    @Test func spaceIsIgnored() throws {
        #expect(try JSONReader.read(" { \"a\" : [ 1 , 2 ] }\r\n\t".utf8).canonical == "{\"a\":[1,2]}")
    }

    @Test(arguments: [
        "", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":1,\"a\":2}", "1.5", "1e3", "nul", "\"a", "\"\\x\"", "\"\\ud800\"",
        "1 2",
        "99999999999999999999", String(repeating: "[", count: 33),
    ])
    func otherTextIsAnError(_ text: String) {
        let error = #expect(throws: CurareError.self) { try JSONReader.read(text.utf8) }
        #expect(error?.code == .badInput)
        #expect(error?.message.hasPrefix("this is not JSON that Curare wrote: ") == true)
    }
}
