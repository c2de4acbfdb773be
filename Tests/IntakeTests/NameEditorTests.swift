import Catalog
import Core
import Intake
import Testing

/// The names that a rename or a merge rejects. The catalog is then unchanged.
@Suite struct NameEditorTests {
    private func name(_ text: String) -> VolunteerName { VolunteerName(text)! }
    private func trigger(_ text: String) -> TriggerName { TriggerName(text)! }

    /// Runs `body` with a study of ada and bruno, in which carla was called karla.
    private func with(_ body: (Study, NameEditor) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent,
                    sheet: ["a.png,ada,dots,on-face", "b.png,bruno,none,none", "c.png,karla,none,none"],
                    files: ["a.png": png(1), "b.png": png(2), "c.png": png(3)]))
            let editor = NameEditor(study.catalog)
            _ = try editor.rename(name("karla"), to: "carla")
            try body(study, editor)
        }
    }

    private func error(_ code: CurareError.Code, _ words: String, _ body: () throws -> Void) {
        let error = #expect(throws: CurareError.self) { try body() }
        #expect(error?.code == code)
        #expect(error.map { "\($0)" }?.contains(words) == true, "\(String(describing: error))")
    }

    @Test("A name that the study does not have is reported with the nearest name") func unknown() throws {
        try with { _, editor throws in
            error(.missingInput, "did you mean bruno?") { _ = try editor.volunteer("brunoo") }
            error(.missingInput, "known: ada, bruno, carla") { _ = try editor.volunteer("!") }
            error(.badInput, "karla is an earlier name of carla") { _ = try editor.volunteer("karla") }
            error(.missingInput, "did you mean dots?") { _ = try editor.trigger("dotts") }
            #expect(try editor.volunteer("ada") == name("ada") && editor.trigger("dots") == trigger("dots"))
        }
    }

    @Test(
        "A new name must be free",
        arguments: [
            ("Ada!", "cannot name a volunteer"), ("ada", "the same name twice"),
            ("bruno", "curare volunteer merge ada bruno"), ("karla", "karla is an earlier name of carla"),
        ])
    func newName(_ text: String, _ words: String) throws {
        try with { study, editor in
            let before = try study.catalog.volunteers()
            error(.badInput, words) { _ = try editor.rename(name("ada"), to: text) }
            #expect(try study.catalog.volunteers() == before)
        }
    }

    @Test("The names of withdrawn people are never used again") func withdrawn() throws {
        try with { study, editor in
            let subject = WithdrawalSubject.volunteer(name("carla"))
            _ = try study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "")
            for text in ["carla", "karla"] {
                error(.badInput, "never used again") { _ = try editor.rename(name("ada"), to: text) }
                error(.badInput, "has withdrawn consent") { _ = try editor.volunteer(text) }
            }
        }
    }

    @Test("Two people of different kinds, or with different consent, are not merged") func merges() throws {
        try with { study, editor in
            error(.badInput, "the same name twice") { try editor.checkMerge(name("ada"), into: name("ada")) }
            try editor.checkMerge(name("ada"), into: name("bruno"))
            try study.run(
                Shoot(
                    "faces", in: study.parent, kind: "reference", consent: "public-dataset",
                    sheet: ["r.png,public,none,none"], files: ["r.png": png(4)]))
            error(.badInput, "public is a reference and ada is a volunteer") {
                try editor.checkMerge(name("public"), into: name("ada"))
            }
            try study.run(
                Shoot(
                    "s2", in: study.parent, consent: "missing", sheet: ["d.png,dora,none,none,ghost"], more: ",also",
                    files: ["d.png": png(5)]))
            for (from, into) in [("dora", "ada"), ("ada", "dora")] {
                error(.badInput, "curare consent s2 signed") {
                    try editor.checkMerge(name(from), into: name(into))
                }
            }
            try editor.checkMerge(name("ghost"), into: name("ada"))
            try study.catalog.set(consent: .missing, of: SessionName("s1")!)
            try editor.checkMerge(name("dora"), into: name("ada"))
        }
    }

    @Test("A trigger gets a free name, and is removed when no photo has it") func triggers() throws {
        try with { study, editor in
            error(.badInput, "bandana already") { try editor.rename(trigger("dots"), to: trigger("bandana")) }
            error(.badInput, "same name twice") { try editor.rename(trigger("dots"), to: trigger("dots")) }
            error(.badInput, "1 photos have the trigger") { try editor.remove(trigger("dots")) }
            try correct(study, "s1/a.png", LabelChange(trigger: "none"))
            error(.badInput, "0 photos have the trigger, and 1 other photos have dots in the label history") {
                try editor.remove(trigger("dots"))
            }
            try editor.rename(trigger("dots"), to: trigger("points"))
            error(.badInput, "dots is an earlier name of the trigger points") {
                try editor.rename(trigger("bandana"), to: trigger("dots"))
            }
            error(.badInput, "dots is an earlier name") { _ = try editor.trigger("dots") }
            try editor.rename(trigger("points"), to: trigger("dots"))
            try editor.remove(trigger("bandana"))
            #expect(try !study.catalog.triggers().contains(trigger("bandana")))
        }
    }

    @Test(
        "Names that are nearly the name of a trigger are found",
        arguments: [
            ("sunglases", ["sunglasses"]), ("sun-glasses", ["sunglasses"]), ("dot", ["dots"]),
            ("earring", ["earrings"]),
            ("bandanas", ["bandana"]), ("hat", []), ("face-mask", []), ("tattoo-small", []),
        ])
    func near(_ text: String, _ expected: [String]) throws {
        try with { _, editor throws in #expect(try editor.triggers(near: trigger(text)) == expected) }
    }
}
