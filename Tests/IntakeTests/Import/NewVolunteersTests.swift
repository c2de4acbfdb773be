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
                "s1/session.csv:7: 7 is a new person; is this 007? \(rest)",
                "s1/session.csv:an2i: an2i is a new person; is this an21? \(rest)",
                "s1/session.csv:boland: boland is a new person; is this bolland, who has withdrawn consent? \(rest)",
            ])
    }

    @Test("Known people are neither new nor near") func known() {
        let new = NewVolunteers(
            ["an21": "x", "an2i": "x"].reduce(into: [:]) { $0[VolunteerName($1.key)!] = $1.value },
            known: names("an21", "an2i"), withdrawn: [])
        #expect(new.names.isEmpty && new.warnings.isEmpty)
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
}
