import Auditing
import Core
import Foundation
import Testing

@testable import Reports

@Suite struct AuditMarkdownTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private var findings: [Finding] {
        let photos = (0..<14).map { AuditFixture.photo("p\($0)") }.sorted()
        return [
            Finding(.leakage, .error, count: 1, "1 near-duplicate group is in training and in a test"),
            Finding(
                .labelSuspect, .warning, count: 14, "14 photos look like another volunteer", photos: photos,
                scores: [photos[0]: 0.125]),
        ]
    }

    /// `CURARE_RECORD=1 swift test` writes the files again, to be read in the diff.
    @Test("The reports of a catalog and of a version are the recorded ones", arguments: ["catalog", "version"])
    func golden(_ name: String) throws {
        let report =
            name == "catalog"
            ? AuditFixture.report(findings, effects: AuditFixture.effects) { finding in
                finding.check == .leakage
                    ? AuditReport.Acceptance(reason: "known * case", author: nil, made: "2026-06-30T08:00:00Z") : nil
            } : AuditFixture.report(of: try AuditFixture.version(), findings)
        let text = AuditMarkdown(report).text
        let file = Self.folder.appending(path: "audit-\(name).md")
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try Data(text.utf8).write(to: file) }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    @Test("Text from outside has no meaning in Markdown")
    func hostileNames() {
        #expect(AuditMarkdown.escaped("a_b*c|d<e>`f`") == "a\\_b\\*c\\|d\\<e\\>\\`f\\`")
        #expect(AuditMarkdown.escaped("- item") == "\\- item")
        #expect(AuditMarkdown.escaped("on-face") == "on-face")
        #expect(AuditMarkdown.escaped("a\nb\u{202e}") == "a\\\\nb\\\\u202e")
        let name = AuditFixture.hostile
        let report = AuditFixture.report(
            [Finding(.blurred, .info, count: 1, name)], facts: [AuditFixture.fact("1", of: name, name, session: name)],
            sessions: [])
        let text = AuditMarkdown(report).text
        #expect(
            !text.replacing("\\<", with: "").contains("<script") && !text.contains("\n# line")
                && !text.contains("\u{202e}"))
        // All rows of a table have the same number of cells.
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| \\<script") }
        #expect(!rows.isEmpty)
        for row in rows { #expect([3, 6].contains(row.replacing("\\|", with: "").count { $0 == "|" }), "\(row)") }
    }

    @Test("An empty catalog has a report") func empty() {
        let text = AuditMarkdown(AuditFixture.report(facts: [], sessions: [])).text
        #expect(text.contains("No findings.") && text.contains("No photos.") && text.contains("No gaps."))
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    }

    @Test("A long table and a long list of photos are cut off, with the number of the rest") func limits() {
        let facts = (0..<100).map { AuditFixture.fact("\($0)", of: "v\($0)") }
        let photos = facts.map(\.photo).sorted()
        let text = AuditMarkdown(
            AuditFixture.report([Finding(.blurred, .info, count: 100, "n", photos: photos)], facts: facts)
        ).text
        #expect(text.contains("and 40 more; curare audit --json lists all") && text.contains(" and 88 more."))
    }

    @Test("Each section of the datasheet has questions, and marked blanks where only a person can write")
    func datasheet() throws {
        for report in [AuditFixture.report(), AuditFixture.report(of: try AuditFixture.version())] {
            let sheet = Datasheet(report)
            #expect(
                sheet.sections.map(\.title) == [
                    "Motivation", "Composition", "Collection process", "Preprocessing, cleaning and labelling", "Uses",
                    "Distribution", "Maintenance",
                ])
            let questions = sheet.sections.flatMap(\.questions)
            #expect(questions.allSatisfy { !$0.facts.isEmpty || $0.blank != nil })
            #expect(sheet.sections.allSatisfy { $0.questions.contains { $0.blank != nil } })
            #expect(!questions.contains { $0.facts.contains { $0.contains("Optional(") } })
            let blanks = questions.count { $0.blank != nil }
            #expect(AuditMarkdown(report).text.matches(of: /> \*\*TO BE FILLED IN:\*\*/).count == blanks)
        }
    }

    @Test("The datasheet has the facts of the catalog and of the version") func facts() throws {
        let version = try AuditFixture.version()
        let facts = Datasheet(AuditFixture.report(of: version)).sections.flatMap(\.questions).flatMap(\.facts)
        for text in [
            "Photographers in the sessions: Grace.", "Cameras: X100V.", "Places: garden.",
            "The photos were taken from 2026-05-03 to 2026-06-10.", "Sessions by state of consent: signed 2.",
            "The longer side has 400 pixels.", "digest \(version.manifest.digest.hex).",
        ] {
            #expect(facts.contains { $0.contains(text) }, "\(text)")
        }
    }
}
