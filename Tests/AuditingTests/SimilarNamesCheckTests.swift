import Core
import Testing

@testable import Auditing

@Suite struct SimilarNamesCheckTests {
    typealias Pair = SimilarNamesCheck.Pair

    @Test(
        "Names in another form, with a typing error, or with a number at the end are similar",
        arguments: [
            ("007", "7"), ("7", "7.0"), ("007", "7.0"), ("ada", "ada-1"), ("ada_2", "ada"), ("ada-1", "ada01"),
            ("anna.b", "anna_b"), ("bolland", "boland"), ("an21", "an2i"),
        ])
    func similar(_ left: String, _ right: String) {
        let pairs = SimilarNamesCheck.pairs(of: [left, right, "zoe"], withNumberedCopies: true)
        #expect(pairs == [Pair(left, right)])
    }

    @Test(
        "The names of real studies and public sets are not similar",
        arguments: [
            [
                "an2i", "boland", "ch4f", "choon", "glickman", "kawamura", "megak", "night", "saavik", "sz24",
                "9336923",
                "anpage", "asewil", "drbost", "elduns", "klclar", "mbutle", "sbains", "vstros",
            ],
            ["ada", "bruno", "carla", "dario", "emil", "fatima", "gita", "hugo", "ref-01", "ref-02", "ref-03"],
            ["v1", "v2", "v3", "v10", "v11", "v12", "v21", "v101"], ["1-12", "11-2", "112"], ["p-1", "p-2", "p-11"],
            ["subject-a", "subject-b"], ["2026-05-03", "2026-05-04", "2026-05-13"], ["1.0", "10", "100"],
        ])
    func different(_ names: [String]) {
        #expect(SimilarNamesCheck.pairs(of: names, withNumberedCopies: true) == [])
        #expect(SimilarNamesCheck.pairs(of: names.map { "cmu-\($0)" }) == [])
    }

    @Test("Two reference people are similar only in another form of one name") func references() {
        let names = ["smith_john", "smith_jahn", "0042", "42", "eve", "eve-1"]
        #expect(
            SimilarNamesCheck.pairs(of: names, references: Set(names), withNumberedCopies: true) == [Pair("0042", "42")]
        )
        #expect(
            SimilarNamesCheck.pairs(of: names, references: Set(names.dropFirst()), withNumberedCopies: true)
                == [Pair("0042", "42"), Pair("smith_jahn", "smith_john")])
    }

    @Test("Many names are compared by form only") func manyNames() {
        let many = (0..<2000).map { "v\($0)" } + ["bolland", "boland", "v007"]
        #expect(SimilarNamesCheck.pairs(of: many) == [Pair("v007", "v7")])
        #expect(SimilarNamesCheck.pairs(of: Array(many.suffix(3))) == [Pair("boland", "bolland")])
    }

    @Test("Similar names of volunteers are a warning that lists the photos of the smaller class") func volunteers()
        throws
    {
        let facts = bare(3, of: "007") + [fact("x", of: "7"), fact("y", of: "zoe")]
        let findings = SimilarNamesCheck().findings(in: AuditSubject(catalog: facts, distance: .standard))
        let finding = try #require(findings.first)
        #expect(findings.count == 1 && finding.severity == .warning && finding.count == 1)
        #expect(finding.photos == [photoID("x")])
        #expect(finding.detail.contains("007 (3 photos) and 7 (1 photos)"))
        let clean = AuditSubject(catalog: bare(3, of: "007", "8", "zoe"), distance: .standard)
        #expect(SimilarNamesCheck().findings(in: clean) == [])
    }

    @Test("Similar names of sessions are an information, also of sessions without photos") func sessions() {
        let facts = [fact("x", session: "s-01"), fact("y", session: "s1"), fact("z", session: "s2")]
        let record = AuditSubject.SessionRecord(date: "2026-05-03")
        let findings = SimilarNamesCheck().findings(
            in: AuditSubject(catalog: facts, distance: .standard, sessions: [SessionName("s02")!: record]))
        #expect(findings.map(\.severity) == [.info] && findings.map(\.count) == [2])
    }
}
