import Auditing
import Core
import Testing
import Versions

@Suite struct AuditTests {
    @Test("A catalog without problems has no findings") func noFindings() {
        let audit = Audit(catalog: bare(4, of: "a", "b"), groups: .standard) { _ in true }
        #expect(audit.findings == [])
        #expect(audit.passes)
    }

    @Test("A version without problems has no findings") func noVersionFindings() throws {
        let facts = bare(10, of: "a", "b")
        let audit = Audit(version: try version(of: facts), catalog: facts) { _ in true }
        #expect(audit.findings == [])
        #expect(audit.passes)
    }

    @Test("An empty catalog has no findings") func emptyCatalog() {
        let audit = Audit(catalog: [], groups: .standard) { _ in false }
        #expect(audit.findings == [])
        #expect(audit.composition.volunteers.isEmpty)
    }

    @Test("Findings are sorted by severity, then by check") func order() {
        var facts = bare(9, of: "a") + bare(2, of: "b")
        facts += [fact("c", of: "c"), fact("u", of: nil), fact("m", consented: false)]
        let audit = Audit(catalog: facts, groups: .standard) { _ in false }
        #expect(
            audit.findings.map(\.check.rawValue) == [
                "missing-image", "class-is-one-group", "consent", "imbalance", "unlabelled",
            ])
        #expect(audit.findings.map(\.severity) == [.error, .warning, .warning, .warning, .warning])
        #expect(audit.findings.map(\.count) == [14, 1, 1, 2, 1])
        #expect(!audit.passes)
    }

    @Test("An audit with warnings only passes") func warningsPass() {
        let audit = Audit(catalog: bare(4, of: "a", "b") + [fact("u", of: nil)], groups: .standard) { _ in true }
        #expect(audit.passes && audit.passes(failingOn: .error) && !audit.passes(failingOn: .warning))
        #expect(Audit(catalog: bare(4, of: "a", "b"), groups: .standard) { _ in true }.passes(failingOn: .info))
    }

    @Test("A version is compared with the current catalog") func versionAgainstCatalog() throws {
        let facts = bare(10, of: "a", "b")
        let version = try version(of: facts)
        let photo = facts[0].photo
        let today = facts.dropFirst(3) + [fact("a0", consented: false), fact("a1", of: nil)]
        let audit = Audit(version: version, catalog: Array(today)) { $0.photo != photo }
        #expect(audit.findings.map(\.check) == [.consent, .missingImage, .unlabelled, .staleVersion])
        #expect(audit.findings.map(\.severity) == [.error, .error, .error, .warning])
        #expect(audit.findings.map(\.count) == [2, 1, 1, 3])
    }

    @Test("The order of the photos does not change the findings") func orderOfFacts() {
        let facts =
            bare(9, of: "a") + bare(1, of: "b", "c") + [
                fact("u", of: nil), fact("m", session: "s9", consented: false), fact("n", consented: false),
            ]
        #expect(
            Audit(catalog: facts, groups: .standard) { _ in false }.findings
                == Audit(catalog: facts.reversed(), groups: .standard) { _ in false }.findings)
    }
}
