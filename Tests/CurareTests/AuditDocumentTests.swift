import Foundation
import Testing
import WorkflowTestSupport
import Workflows

@testable import curare

/// `docs/audit.md`, compared with the definitions of the checks. `CURARE_RECORD=1 swift test` writes the file again, to be
/// read in the diff.
@Suite struct AuditDocumentTests {
    private let scratch: Scratch
    private let checks: ListAuditChecks.Result

    init() throws {
        scratch = try Scratch()
        checks = try WorkspaceFixture(scratch.root).run(ListAuditChecks.self, ListAuditChecks.Request())
    }

    @Test("docs/audit.md is generated from the definitions") func document() throws {
        let file = WorkspaceFixture.repository.appending(path: "docs/audit.md")
        let text = AuditText.document(checks)
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try Data(text.utf8).write(to: file) }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
        for check in checks.checks { #expect(text.contains("\n### \(check.check)\n")) }
    }

    @Test("audit --list has a line for each check, and needs no workspace") func list() throws {
        let outcome = try Program.run("audit", "--list", in: scratch.root)
        #expect(outcome.status == 0 && outcome.err.isEmpty)
        let lines = outcome.out.split(separator: "\n")
        #expect(lines.count == checks.checks.count + 1)
        for (line, check) in zip(lines.dropFirst(), checks.checks) {
            #expect(line.hasPrefix("\(check.check) ") && line.hasSuffix(check.title), "\(line)")
        }
        let json = try Program.run("audit", "--list", "--json", in: scratch.root).json()
        let objects = try #require(json["checks"] as? [[String: Any]])
        #expect(objects.map { $0["check"] as? String } == checks.checks.map(\.check))
        #expect(objects.allSatisfy { $0["definition"] is String && $0["threshold"] is String })
    }
}
