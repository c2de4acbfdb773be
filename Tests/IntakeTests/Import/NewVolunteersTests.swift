import Core
import Testing

@testable import Intake

@Suite struct NewVolunteersTests {
    private func names(_ texts: String...) -> [VolunteerName] { texts.compactMap(VolunteerName.init) }

    @Test("New people are listed, and near names are asked about") func nearNames() {
        let locations = Dictionary(
            uniqueKeysWithValues: names("an2i", "7", "boland", "zoe", "007").map { ($0, "s1/session.csv:\($0)") })
        let new = NewVolunteers(locations, known: names("an21", "zoe", "ada"), withdrawn: names("bolland"))
        #expect(new.names == names("007", "7", "an2i", "boland"))
        let rest = "If so, correct the name and import again with --relabel"
        #expect(
            new.warnings == [
                "s1/session.csv:7: 7 is a new person; is this 007? \(rest), or after the import: curare volunteer merge 7 007",
                "s1/session.csv:an2i: an2i is a new person; is this an21? \(rest), or after the import: curare volunteer merge an2i an21",
                "s1/session.csv:boland: boland is a new person; is this bolland, who has withdrawn consent? \(rest)",
            ])
    }

    @Test("Known people are neither new nor near") func known() {
        let new = NewVolunteers(
            ["an21": "x", "an2i": "x"].reduce(into: [:]) { $0[VolunteerName($1.key)!] = $1.value },
            known: names("an21", "an2i"), withdrawn: [])
        #expect(new.names.isEmpty && new.warnings.isEmpty)
    }

    @Test("A renamed person is not asked about the own earlier name") func ownEarlierName() {
        let stored = [VolunteerName("bruno")!: "s1/session.csv:2"]
        let earlier = [VolunteerName("brunno")!: VolunteerName("bruno")!]
        #expect(
            NewVolunteers([:], stored: stored, known: names("bruno"), withdrawn: [], earlier: earlier).warnings == [])
        let other = [VolunteerName("brunno")!: VolunteerName("zoe")!]
        #expect(
            NewVolunteers([:], stored: stored, known: names("bruno", "zoe"), withdrawn: [], earlier: other).warnings
                .first?.contains("is this brunno, now called zoe?") == true)
    }

    @Test("The people of plans have the line of their first row") func plans() throws {
        try Study.with { study in
            try study.run(Shoot("s0", in: study.parent, sheet: ["a.png,bolland,none,none"], files: ["a.png": png(1)]))
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["b.png,ada,none,none,", "c.png,ada,none,none,boland"], more: ",also",
                files: ["b.png": png(2), "c.png": png(3)])
            let new = try NewVolunteers(study.plan(shoot), .none, study.catalog)
            #expect(new.names == names("ada", "boland"))
            #expect(new.warnings.count == 1)
            #expect(new.warnings.first?.hasPrefix("s1/session.csv:3: boland is a new person; is this bolland?") == true)
            try study.run(shoot)
            #expect(try NewVolunteers(study.plan(shoot), .none, study.catalog).names == [])
        }
    }

    @Test("The import after an interrupted one asks about near names again, and lists the people of the session")
    func continuedImport() throws {
        try Study.with { study in
            try study.run(Shoot("s0", in: study.parent, sheet: ["a.png,bruno,none,none"], files: ["a.png": png(1)]))
            let rows = ["b.png,brunno,none,none", "c.png,adaa,none,none", "d.png,ada,none,none"]
            let files = ["b.png": png(2), "c.png": png(3), "d.png": png(4)]
            // The import was interrupted after the first photo. The session names all people already.
            let part = try Shoot("s1", in: study.parent, sheet: [rows[0]], files: ["b.png": png(2)])
            try study.run(part)
            let session = try #require(study.catalog.sessions().first { $0.name.text == "s1" })
            try study.catalog.store(session, volunteers: names("ada", "adaa"), coSubjects: [])
            let whole = try Shoot("s1", in: study.parent, sheet: rows, files: files)
            let rest = "If so, correct the name and import again with --relabel"
            let expected = [
                "s1/session.csv:3: adaa is in no other session; is this ada? \(rest), or after the import: curare volunteer merge adaa ada",
                "s1/session.csv:2: brunno is in no other session; is this bruno? \(rest), or after the import: curare volunteer merge brunno bruno",
            ]
            let next = try NewVolunteers(study.plan(whole), .none, study.catalog)
            #expect(next.names == [] && next.earlierNames == names("ada", "adaa", "brunno"))
            #expect(next.warnings == expected)
            try study.run(whole)
            let complete = try NewVolunteers(study.plan(whole), .none, study.catalog)
            #expect(complete.earlierNames == [] && complete.warnings == expected)
        }
    }

    @Test("People who are in another session too are not asked about") func otherSession() throws {
        try Study.with { study in
            let first = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,ada,none,none", "b.png,adaa,none,none"],
                files: ["a.png": png(1), "b.png": png(2)])
            let second = try Shoot(
                "s2", in: study.parent, sheet: ["c.png,adaa,none,none", "d.png,ada,none,none"],
                files: ["c.png": png(3), "d.png": png(4)])
            try study.run(first)
            #expect(try NewVolunteers(study.plan(first), .none, study.catalog).warnings.count == 1)
            try study.run(second)
            #expect(try NewVolunteers(study.plan(first), .none, study.catalog).warnings == [])
        }
    }
}
