import Core
import Testing

/// Authors of labels and acceptances of findings: what a person may type.
@Suite struct AuthorTests {
    @Test(
        "An author has 1 to 64 printable characters",
        arguments: [
            ("a", "a"), ("  Ada Lovelace ", "Ada Lovelace"), ("女王", "女王"), ("O'Neil-2 <x>", "O'Neil-2 <x>"),
            (String(repeating: "x", count: 64), String(repeating: "x", count: 64)),
        ])
    func valid(_ text: String, _ stored: String) {
        #expect(Author(text)?.text == stored)
    }

    @Test(
        "Control characters, invisible marks and long names are rejected",
        arguments: [
            "", " ", "\t", String(repeating: "x", count: 65), "a\nb", "a\u{0}", "a\u{7f}b", "\u{202e}a", "a\u{200b}b",
            "a\u{2066}b", "a\u{ad}b", "\u{feff}",
        ])
    func invalid(_ text: String) {
        #expect(Author(text) == nil)
        let error = #expect(throws: CurareError.self) { try Author.parsing(text) }
        #expect(error?.code == .usage && error?.nextStep == Author.rule)
    }

    @Test("No text is no author") func absent() throws {
        #expect(try Author.parsing(nil) == nil)
    }

    @Test("Authors are compared by their bytes") func comparison() throws {
        let composed = try #require(Author("\u{e9}"))
        let combining = try #require(Author("e\u{301}"))
        #expect(composed != combining && Set([composed, combining, composed]).count == 2)
    }

    @Test(
        "A name is found as a word, with upper or lower case",
        arguments: [
            ("ada", true), ("Ada moved", true), ("with ADA.", true), ("ada-1", true), ("adam", false), ("sada", false),
            ("ada2", false), ("2ada", false), ("ädada", false), ("", false), ("ad", false), ("adam and ada", true),
        ])
    func words(_ text: String, _ isFound: Bool) throws {
        #expect(try #require(VolunteerName("ada")).isWord(in: text) == isFound)
    }

    @Test("A name with separators is one word") func wordWithSeparators() throws {
        let name = try #require(VolunteerName("p-1.x"))
        #expect(name.isWord(in: "See P-1.X!") && !name.isWord(in: "p-1.xy") && !name.isWord(in: "p-1"))
    }

    @Test("A reason has 1 to 500 characters", arguments: [1, 500]) func reason(_ count: Int) throws {
        let text = String(repeating: "x", count: count)
        let acceptance = try Acceptance(reason: " \(text)\n", author: nil, made: "t")
        #expect(acceptance.reason == text && acceptance.author == nil && acceptance.made == "t")
    }

    @Test(
        "An empty reason is a wrong use, and a long reason is bad input",
        arguments: [
            ("", CurareError.Code.usage), (" \n", .usage), (String(repeating: "x", count: 501), .badInput),
            ("a\u{0}b", .badInput),
        ])
    func wrongReason(_ text: String, _ code: CurareError.Code) {
        let error = #expect(throws: CurareError.self) { try Acceptance(reason: text, author: nil, made: "") }
        #expect(error?.code == code)
    }
}
