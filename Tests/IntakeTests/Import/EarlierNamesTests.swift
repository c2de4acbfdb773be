import Catalog
import Core
import Foundation
import Intake
import Testing

/// Session folders that still have earlier names of people and triggers.
@Suite struct EarlierNamesTests {
    private func name(_ text: String) -> VolunteerName { VolunteerName(text)! }

    @Test("A sheet with earlier names is read with the current names") func sheet() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent,
                sheet: ["a.png,brno,dots+sunglasses,on-face+off-face,ada", "b.png,ada,none,,brno"],
                more: ",also", files: ["a.png": png(1), "b.png": png(2), "c.png": png(3)])
            try shoot.remove("c.png")
            try study.run(shoot)
            try study.catalog.rename(name("brno"), to: name("bruno"))
            try study.catalog.rename(TriggerName("dots")!, to: TriggerName("points")!)
            let plan = try study.plan(shoot)[0]
            #expect(plan.discrepancies == [])
            #expect(
                plan.warnings == [
                    "s1/session.csv: brno is now called bruno; 2 rows were read with the current name",
                    "s1/session.csv: dots is now called points; 1 row was read with the current name",
                ])
            #expect(try NewVolunteers([plan], .all, study.catalog).names == [])
            #expect(try study.run(shoot, relabel: true).corrected == 0)
            try shoot.put(png(3), at: "c.png")
            try shoot.sheet(
                [
                    "a.png,brno,dots+sunglasses,on-face+off-face,ada", "b.png,ada,none,,brno",
                    "c.png,brno,dots,on-face,",
                ], more: ",also")
            #expect(try study.run(shoot).imported == 1)
            #expect(try study.fact(png(3))?.label == label("bruno", "points", "on-face"))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["ada", "bruno"])
        }
    }

    @Test("After a merge, a row does not name its own person as another person") func merge() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,brno,none,none,bruno", "b.png,bruno,none,none,brno+ada"],
                more: ",also", files: ["a.png": png(1), "b.png": png(2)])
            try study.run(shoot)
            try study.catalog.merge(name("brno"), into: name("bruno"))
            #expect(try study.plan(shoot)[0].discrepancies == [])
            #expect(try study.run(shoot, relabel: true).corrected == 0)
        }
    }

    @Test("Folder names and labels of curare label can be earlier names") func otherSources() throws {
        try Study.with { study in
            try study.run(Shoot("s0", in: study.parent, sheet: ["x.png,brno,none,none"], files: ["x.png": png(9)]))
            try study.catalog.rename(name("brno"), to: name("bruno"))
            let shoot = try Shoot("s1", in: study.parent, sheet: nil, files: ["brno/none/a.png": png(1)])
            #expect(
                try study.plan(shoot)[0].warnings == [
                    "s1: brno is now called bruno; 1 row was read with the current name"
                ])
            try study.run(shoot)
            #expect(try study.fact(png(1))?.label == label("bruno"))
            try correct(study, "s0/x.png", LabelChange(volunteer: "brno", trigger: "dots", location: "on-face"))
            #expect(try study.fact(png(9))?.label == label("bruno", "dots", "on-face"))
        }
    }

    @Test("A new name that resembles an earlier name is asked about") func nearEarlierName() throws {
        try Study.with { study in
            try study.run(Shoot("s0", in: study.parent, sheet: ["x.png,bolland,none,none"], files: ["x.png": png(9)]))
            try study.catalog.rename(name("bolland"), to: name("zoe"))
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,boland,none,none"], files: ["a.png": png(1)])
            let warnings = try NewVolunteers(study.plan(shoot), .none, study.catalog).warnings
            #expect(warnings.count == 1 && warnings[0].contains("is this bolland, now called zoe?"))
        }
    }

    @Test("An earlier name of a withdrawn person is rejected") func withdrawn() throws {
        try Study.with { study in
            try study.run(Shoot("s0", in: study.parent, sheet: ["x.png,brno,none,none"], files: ["x.png": png(9)]))
            try study.catalog.rename(name("brno"), to: name("bruno"))
            let subject = WithdrawalSubject.volunteer(name("bruno"))
            _ = try study.catalog.begin(WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "")
            let shoot = try Shoot("s1", in: study.parent, sheet: ["a.png,brno,none,none"], files: ["a.png": png(1)])
            #expect(try study.problems(shoot).first?.contains("brno has withdrawn consent") == true)
        }
    }
}
