import Core
import Foundation
import Schemas
import Testing
import WorkflowTestSupport

@testable import Workflows

@Suite struct AcceptFindingTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
        // An audit of a study without consent has an error or a warning in the catalog, and an error in the version.
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
    }

    private func audit(_ version: String? = nil) throws -> AuditDataset.Result {
        try study.run(AuditDataset.self, AuditDataset.Request(version: version))
    }

    private func consent(_ audit: AuditDataset.Result) throws -> AuditDataset.Result.ReportedFinding {
        try #require(audit.findings.first { $0.check == "consent" })
    }

    @discardableResult
    private func accept(
        _ key: String, _ reason: String = "checked", check: String? = nil, version: String? = nil, author: String? = nil
    ) throws -> AcceptFinding.Result {
        try study.run(
            AcceptFinding.self,
            AcceptFinding.Request(.accept(key: key, reason: reason), check: check, version: version, author: author))
    }

    @Test("An accepted finding of a version does not fail the audit until it is opened again") func version() throws {
        let before = try audit("small")
        let finding = try consent(before)
        #expect(finding.severity == "error" && finding.accepted == nil && !before.passes)
        let others = before.findings.filter { $0.severity == "error" && $0.check != "consent" }
        let result = try accept(finding.key, " the forms are on paper ", version: "small", author: "bea")
        #expect(result.check == "consent" && result.detail == finding.detail && result.key == finding.key)
        #expect(result.accepted?.reason == "the forms are on paper" && result.accepted?.author == "bea")
        let after = try audit("small")
        #expect(after.findings.last?.check == "consent" && after.findings.count == before.findings.count)
        #expect(after.findings.last?.accepted?.made == result.accepted?.made)
        #expect(after.passes == others.isEmpty && after.isNegative != after.passes)
        let reopened = try study.run(AcceptFinding.self, AcceptFinding.Request(.reopen(key: finding.key)))
        #expect(reopened.accepted == nil && reopened.check == "consent")
        #expect(try audit("small").findings.map(\.key) == before.findings.map(\.key))
    }

    @Test("A second acceptance replaces the first") func again() throws {
        let key = try consent(audit()).key
        try accept(key, "first", author: "bea")
        try accept(key, "second", check: "consent")
        let accepted = try consent(audit()).accepted
        #expect(accepted?.reason == "second" && accepted?.author == nil)
    }

    @Test("An unknown key is missing input, and the keys are listed") func unknownKey() throws {
        let key = try consent(audit()).key
        for wrong in ["0123456789abcdef", "", String(key.dropLast()), "\u{1b}[31m"] {
            let error = #expect(throws: CurareError.self) { try accept(wrong) }
            #expect(error?.code == .missingInput && error?.nextStep?.contains("\(key) (consent)") == true)
            #expect(error?.message.contains("\u{1b}") == false)
        }
        #expect(try errorCode { try accept(key, check: "blurred") } == .missingInput)
        #expect(try errorCode { try accept(key, version: "nothing") } == .missingInput)
        let reopening = AcceptFinding.Request(.reopen(key: key))
        #expect(try errorCode { _ = try study.run(AcceptFinding.self, reopening) } == .missingInput)
    }

    @Test(
        "A wrong reason or author stores nothing",
        arguments: [
            ("", nil, CurareError.Code.usage), (" \n ", nil, .usage),
            (String(repeating: "x", count: 501), nil, .badInput),
            ("checked", "a\u{7}", .usage),
        ])
    func wrongValues(_ reason: String, _ author: String?, _ code: CurareError.Code) throws {
        let key = try consent(audit()).key
        #expect(try errorCode { try accept(key, reason, author: author) } == code)
        #expect(try consent(audit()).accepted == nil)
    }

    @Test("Known findings make no second audit") func knownFindings() throws {
        let findings = try audit().findings
        let key = try #require(findings.first).key
        let request = AcceptFinding.Request(.accept(key: key, reason: "checked"), version: "nothing", known: findings)
        #expect(try study.run(AcceptFinding.self, request).key == key)
    }

    @Test("The JSON of the results has the keys of the schemas") func schemas() throws {
        let finding = try consent(audit())
        let schema = try SchemaWalk(text: try #require(Schemas.documents.first { $0.name == "audit-accept" }).text)
        let accepted = try accept(finding.key, "line\nbreak \u{202e}", author: "bea")
        #expect(try schema.problems(inText: ResultJSON.text(of: accepted)) == [])
        let audits = try SchemaWalk(text: try #require(Schemas.documents.first { $0.name == "audit" }).text)
        #expect(try audits.problems(inText: ResultJSON.text(of: audit())) == [])
        let reopened = try study.run(AcceptFinding.self, AcceptFinding.Request(.reopen(key: finding.key)))
        #expect(try schema.problems(inText: ResultJSON.text(of: reopened)) == [])
    }

    @Test("A withdrawal opens findings whose reason names the person") func withdrawal() throws {
        let key = try consent(audit()).key
        try accept(key, "Ada forgot the form")
        try study.withdraw("ada")
        let reopening = AcceptFinding.Request(.reopen(key: key))
        #expect(try errorCode { _ = try study.run(AcceptFinding.self, reopening) } == .missingInput)
    }
}
