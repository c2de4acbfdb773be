import Testing

@testable import Core
@testable import Documents

@Suite struct YAMLReaderTests {
    /// Returns the text of the key `a`.
    private func a(_ yaml: String) throws -> String { try a(Array(yaml.utf8)) }

    private func a(_ bytes: [UInt8]) throws -> String {
        try YAMLReader.read(bytes, "the text", file: "x.yaml") { reader in
            reader.members(allowed: ["a", "b"])?["a"]?.text
        }
    }

    @Test(arguments: [
        ("a: 007", "007"), ("a: on", "on"), ("a: 0.10", "0.10"), ("a: 2026-05-03", "2026-05-03"), ("a: ~", "~"),
        ("a: 'x'", "x"),
        ("\u{feff}a: x", "x"), ("\u{feff}b: y\r\na: x\r\n", "x"), ("\u{feff}# text\n\nb: y\na: x", "x"),
        ("a: x\r\nb: y\r\n", "x"), ("a: 3 & 4 * 5", "3 & 4 * 5"),
        ("a: Tom &co # *them", "Tom &co"),
    ])
    func scalarIsItsText(_ yaml: String, _ text: String) throws {
        #expect(try a(yaml) == text)
    }

    @Test(arguments: [
        "", " \n", "# nothing", "a: [", "a: x\na: y", "a: b: c", "\ta: x", "--- x\n--- y", "a: *x", "a: &x [*x]", "%",
        "a: \"\\xZZ\"", "a: \u{7}",
    ])
    func invalidDocumentIsAnError(_ yaml: String) {
        let error = #expect(throws: CurareError.self) { try a(yaml) }
        #expect(error?.code == .badInput)
    }

    /// Each message is one sentence with the position, and a next step.
    @Test(arguments: [
        ("a: x\nb: y: z\n", 2, 5, "there is a colon where no key can be"),
        ("a: x\n\tb: y\n", 2, 1, "the line is indented with a tab"),
        ("b:\n\t- y\n", 2, 1, "the line is indented with a tab"),
        ("a: @x\n", 1, 4, "a value cannot start with \"@\""),
        ("a: x\nb\n", 2, 1, "a line has no colon after its key"),
        ("a: x\nb\na: y\n", 2, 1, "a line has no colon after its key"),
        ("a: x\n b: y\n", 2, 3, "there is a colon where no key can be"),
        ("a:\nb: x\n  c: y\n", 2, 1, "the line has too few spaces"),
        ("a:\n\n# b\nb: x\n  c: y\n", 4, 1, "the line has too few spaces"),
        ("a: z\nb: x\n  c: y\n", 3, 4, "there is a colon where no key can be"),
        ("a: [x, y\nb: z\n", 2, 2, "the bracket of line 1 is not closed, or a comma is missing"),
        ("b: y\na: {b: x\n", 3, 1, "the bracket of line 2 is not closed, or a comma is missing"),
        ("a: {b: x y: z}\n", 1, 11, "the bracket of line 1 is not closed, or a comma is missing"),
        ("b: y\na: \"x\n", 2, 4, "a quotation mark is not closed"),
        ("a: - x\n", 1, 4, "there is a list item where none can be"),
        ("a:\n- x\n  - y\nb: z\n- c\n", 5, 1, "the line does not continue the lines above"),
        ("a:\n  - x\n y: z\n", 3, 2, "the line does not continue the lines above"),
        ("a:\n  b: x\n c: y\n", 3, 2, "the line does not continue the lines above"),
        ("a: x ? y\nb: ? z\n", 2, 4, "there is a question mark where no key can be"),
        ("a: ]\n", 1, 4, "there is a bracket or a comma where a value must be"),
        ("a: {b: x} y\n", 1, 11, "the line does not continue the lines above"),
        ("{a: x}\nb: y\n", 2, 1, "there is text after the end of the document"),
        ("a: x\n---\na: y\n", 2, 1, "there is a second document after a line ---"),
        ("a: \"x\n---\n", 2, 1, "there is a line --- or ... in a text in quotation marks"),
        ("a: \"x\" y\n", 1, 8, "there is text after a closing quotation mark"),
        ("b: z\na: 'x' # y\n  z\n", 3, 3, "the line does not continue the lines above"),
        ("a: >= 0.9\n", 1, 5, "there is text after | or >"),
        ("a: & b\n", 1, 5, "a value starts with & or *"),
        ("a: *x\n", 1, 4, "a value starts with & or *"),
        ("a: | x\n", 1, 6, "there is text after | or >"),
        ("a: |0\n", 1, 5, "there is a 0 after | or >"),
        ("a: \"\\xZZ\"\n", 1, 7, "a text in double quotation marks contains a backslash"),
        ("a: !x!y z\n", 1, 4, "a value starts with !"),
        ("a: !<x z\n", 1, 7, "a value starts with !"),
        ("%x\na: y\n", 1, 3, "a line starts with %"),
        ("%YAML 9.9\n---\na: y\n", 1, 1, "a line starts with %"),
        ("a: \"C:\\photos\"\n", 1, 7, "a text in double quotation marks contains a backslash"),
        ("a: x\nb: \u{7}\n", 2, 4, "control characters are not allowed: \\u0007"),
        ("b: y\na: x\na: z\n", 3, 1, "a key appears twice: \"a\""),
        ("a: x\nb:\n  a: y\n  c: a\n'a' : z\n", 5, 1, "a key appears twice: \"a\""),
        ("b:\n- a: x\n- a: y\n  aa: z\n  a: z\n", 5, 3, "a key appears twice: \"a\""),
        ("b: {a: x, c: {a: y},\n  a: z}\n", 2, 3, "a key appears twice: \"a\""),
        ("b: y,\na: x\na: z\n", 3, 1, "a key appears twice: \"a\""),
        ("b: {a: x, a: z}\n", 1, 11, "a key appears twice: \"a\""),
        // The second key is written in another way, so that the first one is reported.
        ("a: x\n? a\n: z\n", 1, 1, "a key appears twice: \"a\""),
    ])
    func syntaxErrorIsOneSentence(_ yaml: String, _ line: Int, _ column: Int, _ reason: String) {
        let error = #expect(throws: CurareError.self) { try a(yaml) }
        #expect(error?.message == "the text is not YAML: line \(line), column \(column): \(reason)")
        #expect(error?.location == "x.yaml:\(line)")
        #expect(error?.nextStep?.hasSuffix(", and run the command again; nothing was written") == true)
        #expect(error?.problems == [])
    }

    /// Neither a long line nor a long key is repeated in the message.
    @Test(arguments: [
        "a: \"", "a: b: ", "a: [", "? ", "a: &", "a: !", "%", "a: x\n", "\u{7}", "a: \"\\", "- ", "{", "a: x\nxxxx",
    ])
    func messagesAreShort(_ start: String) {
        let long = String(repeating: "x", count: 300_000)
        for yaml in [start + long, start + long + "\n: y", "\(long): y\n\(long): \(start)", "\(long): \(start)"] {
            do {
                _ = try a(yaml)
            } catch let error as CurareError {
                #expect(error.description.utf8.count < 1_000, "\(error.description.prefix(300))")
                #expect(!error.message.contains("\n"))
            } catch {
                Issue.record(error)
            }
        }
    }

    /// The "billion laughs" attack: each level refers to the previous level ten times, so that the last level is too
    /// large to visit.
    @Test(arguments: ["b: *l30", "b: {? *l30 : x}", "b: {? [*l30] : x, ? [*l30, x] : y}", "? *l30\n: x", "<<: *l30"])
    func nestedAliasesAreRejectedQuickly(_ end: String) {
        let levels = (1...30).map {
            "- &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 10).joined(separator: ", "))]"
        }
        let yaml = "a:\n- &l0 x\n" + levels.joined(separator: "\n") + "\n" + end
        let start = ContinuousClock.now
        #expect(throws: CurareError.self) { try a(yaml) }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func aliasErrorHasMessage() {
        let error = #expect(throws: CurareError.self) { try a("a: &x y\nb: *x") }
        #expect(error?.message == "the text refers to an anchor: *x")
        #expect(error?.nextStep == "write the value out in both places")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "{? "])
    func deepNestingIsRejectedQuickly(_ opening: String) {
        let start = ContinuousClock.now
        #expect(throws: CurareError.self) { try a("a: " + String(repeating: opening, count: 100_000)) }
        #expect(throws: CurareError.self) { try a("a:\n  " + String(repeating: opening, count: 900) + "x") }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func nestedListIsNotAScalar() {
        let error = #expect(throws: CurareError.self) {
            try a("a: " + String(repeating: "[", count: 800) + String(repeating: "]", count: 800))
        }
        #expect(error?.problems.map(\.description) == ["x.yaml:1: a: a single value belongs here"])
    }

    @Test func invalidUTF8IsAnError() {
        for bytes: [UInt8] in [
            [0x61, 0x3a, 0x20, 0xff], Array("a: x\0y".utf8), [0xff, 0xfe, 0x61, 0], Array("a: \"\\0\"".utf8) + [0xc3],
        ] {
            let error = #expect(throws: CurareError.self) { try a(bytes) }
            #expect(error?.message == "the text is not UTF-8 text")
        }
    }

    @Test func sizeLimitIsOneMillionBytes() throws {
        let head = "a: x\n# "
        let longest = head + String(repeating: "y", count: 1_000_000 - head.utf8.count)
        #expect(try a(longest) == "x")
        let error = #expect(throws: CurareError.self) { try a(longest + "y") }
        #expect(error?.message == "the text has 1000001 bytes; at most 1000000 are read")
    }

    @Test func manyUnknownKeysAreReportedQuickly() {
        let start = ContinuousClock.now
        let error = #expect(throws: CurareError.self) {
            try a("a: x\n" + (0..<100_000).map { "k\($0): v" }.joined(separator: "\n"))
        }
        #expect(error?.problems.count == 1_000)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func problemsHavePathAndLine() {
        let error = #expect(throws: CurareError.self) {
            try YAMLReader.read(Array("a:\n  b: Big\n  c: 12\nd: tow\n".utf8), "the text", file: "x.yaml") {
                reader -> Int? in
                let members = reader.members(allowed: ["a", "b"])
                let inner = members?["a"]?.members(allowed: ["b", "c"])
                _ = inner?["b"]?.name(VolunteerName.self)
                return inner?["c"]?.whole(in: 1...9)
            }
        }
        #expect(
            error?.problems.map(\.description) == [
                "x.yaml:4: d: unknown key; did you mean a? Allowed here: a, b",
                "x.yaml:2: a.b: \"Big\" is not a name: \(VolunteerName.rule)",
                "x.yaml:3: a.c: \"12\" is not a whole number from 1 to 9",
            ])
    }
}
