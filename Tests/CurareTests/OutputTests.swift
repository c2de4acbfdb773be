import Core
import Foundation
import Testing
import WorkflowTestSupport
import Workflows

@testable import curare

/// Text from outside never reaches a terminal as it is, and no error floods it.
@Suite struct OutputTests {
    /// Clears the terminal, reverses the writing direction, separates lines, and hides a space.
    private static let hostile = "a\u{1b}[2J\u{202e}b\nc\r\u{9b}d\u{200b}\u{2028}"
    private static let escaped = "a\\u001b[2J\\u202eb\\nc\\r\\u009bd\\u200b\\u2028"

    private func hasHidden(_ text: String) -> Bool { text.unicodeScalars.contains { $0.isHidden && $0 != "\n" } }

    @Test("An error prints its first 50 different problems, and JSON has all")
    func manyProblems() {
        func error(_ count: Int) -> CurareError {
            CurareError(
                .badInput, "bad", next: "fix",
                problems: (1...count).map { CurareError.Problem("s:\($0)", String(repeating: "x", count: $0)) })
        }
        let lines = Failure.text(of: error(51)).split(separator: "\n")
        #expect(lines.count == 53)
        #expect(lines[50].hasPrefix("  - s:50: xxx") && lines[51] == "    and 1 more; --json lists all")
        #expect(lines[52] == "  do: fix")
        #expect(Failure.text(of: error(50)).split(separator: "\n").count == 52)
        #expect(ErrorResult(error(51)).error.problems.count == 51)
    }

    @Test("A problem of all rows is printed once, and JSON has all")
    func sameProblem() {
        let error = CurareError(
            .badInput, "bad", next: "fix",
            problems: (2...41).map { CurareError.Problem("s/session.csv:\($0)", "unknown trigger \"hat\"") })
        #expect(
            Failure.text(of: error) == """
                curare: bad
                  - s/session.csv:2: unknown trigger "hat"
                    the same problem: s/session.csv:3, s/session.csv:4, s/session.csv:5 and 36 more; --json lists all
                  do: fix
                """)
        #expect(ErrorResult(error).error.problems.count == 40)
    }

    @Test("All parts of an error are escaped, as text and as JSON")
    func errors() throws {
        let hostile = Self.hostile
        let error = CurareError(
            .badInput, "what \(hostile)", at: "at \(hostile)", next: "do \(hostile)",
            problems: [CurareError.Problem("place \(hostile)", "problem \(hostile)")])
        let escaped = Self.escaped
        #expect(
            Failure.text(of: error) == """
                curare: what \(escaped)
                  at: at \(escaped)
                  - place \(escaped): problem \(escaped)
                  do: do \(escaped)
                """)
        let json = try ResultJSON.text(of: ErrorResult(error))
        #expect(!hasHidden(json))
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [String: Any]]
        #expect(object?["error"]?["message"] as? String == "what \(escaped)")
    }

    @Test("JSON keeps the value of data, and a terminal receives escapes")
    func data() throws {
        let values = [Self.hostile, "\u{e0001}\u{10ffff}🙂\"\\/", "plain"]
        let json = try ResultJSON.text(of: values)
        #expect(!hasHidden(json))
        #expect(json.contains("\\u202e") && json.contains("\\udb40\\udc01"))
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == values)
    }

    @Test("A cell of a table is one line")
    func tables() {
        var table = Table("a", "b")
        table.add(Self.hostile, "x")
        #expect(table.text.split(separator: "\n").count == 2)
        #expect(table.text.contains("\(Self.escaped)  x"))
        #expect(Table.firstItems(["x\ny"]) == ["  x\\ny"])
    }

    @Test(
        "A size has a decimal unit",
        arguments: [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB")]
            + [(4_500_000, "4.5 MB"), (2_000_000_000_000_000, "2000.0 TB")])
    func sizes(_ bytes: Int, _ text: String) {
        #expect(fileSize(bytes) == text)
    }

    @Test("The program escapes file names, notes and arguments")
    func program() throws {
        let scratch = try Scratch()
        let name = "\u{202e}gnp.1\u{200b}x.png"
        let photo = Data(try SmallStudy.picture(class: 0, hasTrigger: false, seed: 5).png())
        try scratch.write(photo, to: "s/\(name)")
        try scratch.write(Data("text".utf8), to: "s/\u{2066}bad.png")
        try scratch.write(
            "file,volunteer,trigger,location,note\n\(name),a,none,none,\"one\n\u{202e}two\"\n\u{2066}bad.png,a,none,none,\n",
            to: "s/session.csv")
        try scratch.write(
            "session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\nplace: \u{202e}x\n", to: "s/session.yaml")
        let workspace = scratch.path("w")
        try Program.run("init", workspace, "--profile", "32-centre-srgb")
        func run(_ arguments: String...) throws -> Program.Outcome {
            let outcome = try Program.run(arguments + ["--workspace", workspace], in: scratch.root)
            #expect(!hasHidden(outcome.out) && !hasHidden(outcome.err), "\(arguments)")
            return outcome
        }
        let imported = try run("import", scratch.path("s"))
        #expect(imported.out.contains("s/\\u2066bad.png: not-a-photo"), "\(imported)")
        #expect(try run("show", "s").out.contains("\\u202egnp.1\\u200bx.png"))
        #expect(try run("show", "s/\(name)").out.contains("in s as \\u202egnp.1\\u200bx.png: one\\n\\u202etwo"))
        let shown = try run("show", "s/\(name)", "--json").json()
        let sessions = try #require(shown["sessions"] as? [[String: Any]])
        #expect(sessions.first?["file"] as? String == name && sessions.first?["note"] as? String == "one\n\u{202e}two")
        try scratch.write(Data(), to: "w/stray\u{202e}\n.txt")
        #expect(try run("check").out.contains("stray\\u202e\\n.txt: "))
        let faults = try #require(try run("check", "--json").json()["problems"] as? [[String: Any]])
        #expect(faults.contains { $0["path"] as? String == "stray\u{202e}\n.txt" })
        #expect(try run("show", "\u{1b}[2J").err.contains("\\u001b[2J"))
        #expect(try run("status", "--\u{202e}wrong").status == 64)
        #expect(try run("status", "--\u{202e}wrong").err.contains("\\u202ewrong"))
        try scratch.write(photo + Data([1]), to: "s/new\u{1b}[31m.png")
        #expect(try run("import", scratch.path("s")).err.contains("s/new\\u001b[31m.png: the file has no row"))
        #expect(try run("import", scratch.path("s"), "--json").status == 65)
    }

    @Test("The next step for an original without a record is an import or a removal, not a repair")
    func unknownOriginal() throws {
        let scratch = try Scratch()
        let study = try SmallStudy.shared.copy(in: scratch)
        func check() throws -> String { try Program.run("check", "--workspace", study.folder.path).out }
        #expect(try check() == "no faults\n")
        let photo = PhotoID.sha256(of: Data("photo".utf8)).hex
        let file = try scratch.write(Data("photo".utf8), to: "study/photos/\(photo.prefix(2))/\(photo).png")
        #expect(chmod(file, 0o600) == 0 && chmod(scratch.path("study/photos/\(photo.prefix(2))"), 0o700) == 0)
        let next = "\nnext: import the sessions of the unknown originals again, or delete these files"
        for more in [[], ["--repair"]] {
            let text = try Program.run(["check", "--workspace", study.folder.path] + more).out
            #expect(text.hasSuffix(next + "\n"), "\(text)")
        }
        #expect(chmod(file, 0o644) == 0)
        #expect(try check().hasSuffix("\(next); then: curare check --repair\n"))
    }

    @Test("The audit of a catalog without photos names the missing photos") func emptyAudit() throws {
        let scratch = try Scratch()
        try Program.run("init", scratch.path("w"), "--face-detector", "hog")
        let audit = try Program.run("audit", "--workspace", scratch.path("w"))
        #expect(audit.status == 0 && audit.out.contains("the catalog has no photos"), "\(audit)")
    }
}
