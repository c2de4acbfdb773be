import Catalog
import Core
import GRDB
import TestSupport
import Testing

/// Renames and merges change the name in every record, and keep the earlier name.
@Suite struct NamesTests {
    private func name(_ text: String) -> VolunteerName { VolunteerName(text)! }
    private func trigger(_ text: String) -> TriggerName { TriggerName(text)! }

    private func with(_ body: (SyntheticStudy) throws -> Void) throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["ada", "bruno"])
            try study.session("s2", of: ["brno", "bruno"], coSubjects: ["ghost"])
            try study.photo("a", in: "s1", label("ada", "dots", "on-face"), coSubjects: ["bruno", "brno"])
            try study.photo("b", in: "s1", label("bruno"), coSubjects: ["brno"])
            try study.photo("c", in: "s2", label("brno"), coSubjects: ["bruno", "ghost"])
            try study.photo("d", in: "s2", label("brno"))
            try study.add(label("ada"), to: photoID("d"), .review)
            try body(study)
            #expect(try study.raw { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
        }
    }

    private func coSubjects(_ study: SyntheticStudy, _ word: String) throws -> [String] {
        try study.catalog.known([photoID(word)])[photoID(word)]?.coSubjects.map(\.text).sorted() ?? []
    }

    @Test func aRenameChangesEveryRecordAndAddsNoLabel() throws {
        try with { study in
            let before = try study.catalog.newestLabel()
            try study.catalog.rename(name("brno"), to: name("zoe"))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["ada", "bruno", "ghost", "zoe"])
            #expect(try study.catalog.labels(of: photoID("d")).map(\.label.volunteer.text) == ["zoe", "ada"])
            #expect(try study.catalog.newestLabel() == before)
            #expect(try coSubjects(study, "a") == ["bruno", "zoe"])
            #expect(try study.catalog.sessions(of: name("zoe")).map(\.text) == ["s2"])
            #expect(try study.catalog.sessions(of: name("brno")) == [])
            #expect(try study.catalog.earlierNames().volunteers == [name("brno"): name("zoe")])
        }
    }

    @Test func earlierNamesFollowLaterRenamesAndMerges() throws {
        try with { study in
            try study.catalog.rename(name("brno"), to: name("x"))
            try study.catalog.rename(name("x"), to: name("y"))
            #expect(try study.catalog.earlierNames(of: name("y")) == [name("brno"), name("x")])
            try study.catalog.rename(name("y"), to: name("brno"))
            #expect(
                try study.catalog.earlierNames(of: name("brno")) == [name("x"), name("y")], "the first name is back")
            try study.catalog.merge(name("brno"), into: name("bruno"))
            #expect(
                try study.catalog.earlierNames().volunteers
                    == Dictionary(uniqueKeysWithValues: ["brno", "x", "y"].map { (name($0), name("bruno")) }))
        }
    }

    @Test func aMergeJoinsRecordsThatBothNamesHave() throws {
        try with { study in
            try study.catalog.merge(name("brno"), into: name("bruno"))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["ada", "bruno", "ghost"])
            #expect(try study.catalog.sessions(of: name("bruno")).map(\.text) == ["s1", "s2"])
            #expect(try coSubjects(study, "a") == ["bruno"])
            #expect(try coSubjects(study, "b") == [], "nobody is another person in their own photo")
            #expect(try coSubjects(study, "c") == ["ghost"])
            #expect(try study.catalog.labels(of: photoID("d")).map(\.label.volunteer.text) == ["bruno", "ada"])
            let records = try study.catalog.records(of: name("bruno"))
            #expect((records.photos, records.alsoVisible) == (2, 1))
            #expect(records.sessions.map(\.name.text) == ["s1", "s2"])
        }
    }

    @Test func aPersonWhoNeverPosedGetsTheKindOfTheOtherName() throws {
        try with { study in
            try study.session("faces", of: ["public"], kind: .reference)
            try study.catalog.merge(name("public"), into: name("ghost"))
            #expect(
                try study.catalog.volunteers().first { $0.name == name("ghost") }?.kind == .reference)
            try study.catalog.merge(name("brno"), into: name("bruno"))
            #expect(try study.catalog.volunteers().first { $0.name == name("bruno") }?.kind == .volunteer)
        }
    }

    @Test func aFailedMergeChangesNothing() throws {
        try with { study in
            let before = try study.catalog.known(study.catalog.photoIDs())
            #expect(throws: CurareError.self) { try study.catalog.merge(name("brno"), into: name("nobody")) }
            #expect(try study.catalog.known(study.catalog.photoIDs()) == before)
            #expect(try study.catalog.earlierNames().isEmpty)
        }
    }

    @Test func aWithdrawalKeepsTheEarlierNamesAsTombstones() throws {
        try with { study in
            try study.catalog.rename(name("brno"), to: name("zoe"))
            let subject = WithdrawalSubject.volunteer(name("zoe"))
            let withdrawal = try study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "2026-05-05T00:00:00Z")
            #expect(withdrawal.earlierNames == [name("brno")])
            #expect(try study.catalog.earlierNames().isEmpty)
            #expect(try study.catalog.earlierNames(of: name("zoe")) == [name("brno")])
            #expect(try study.catalog.tombstones(among: []).volunteers == [name("brno"), name("zoe")])
            #expect(try study.catalog.knownPeople() == ["ada", "brno", "bruno", "ghost", "zoe"])
        }
    }

    @Test func notesWithAnEarlierNameNeedReview() throws {
        try with { study in
            try study.photo("e", in: "s1", label("ada"), note: "BRNO stands behind")
            try study.catalog.rename(name("brno"), to: name("zoe"))
            #expect(
                try study.catalog.photosNeedingReview(of: name("zoe")).contains(
                    PhotoNeedingReview(photo: photoID("e"), reason: .note)))
        }
    }

    @Test func theWithdrawalOfASessionRemovesEarlierNamesOfItsPeople() throws {
        try with { study in
            try study.session("s3", of: ["carla"])
            try study.photo("c3", in: "s3", label("carla"))
            try study.catalog.rename(name("carla"), to: name("clara"))
            let subject = WithdrawalSubject.session(SessionName("s3")!)
            _ = try study.catalog.begin(
                WithdrawalOrder(subject, photos: study.catalog.photos(of: subject)), made: "2026-05-05T00:00:00Z")
            #expect(try study.catalog.earlierNames().isEmpty)
        }
    }

    @Test func aTriggerIsRenamedInAllLabels() throws {
        try with { study in
            try study.catalog.rename(trigger("dots"), to: trigger("points"))
            #expect(try !study.catalog.triggers().contains(trigger("dots")))
            #expect(try study.catalog.label(of: photoID("a"))?.label == label("ada", "points", "on-face"))
            #expect(try study.catalog.earlierNames().triggers == [trigger("dots"): trigger("points")])
            try study.catalog.rename(trigger("points"), to: trigger("dots"))
            #expect(try study.catalog.earlierNames().triggers == [trigger("points"): trigger("dots")])
        }
    }

    @Test func triggersAreCountedInLabelsAndInTheHistory() throws {
        try with { study in
            try study.add(label("bruno", "dots", "on-face"), to: photoID("b"), .sheet)
            try study.add(label("bruno"), to: photoID("b"), .review)
            let records = try study.catalog.records(of: trigger("dots"))
            #expect((records.photos, records.photosInHistory) == (1, 1))
            #expect(throws: CurareError.self) { try study.catalog.remove(trigger("dots")) }
            try study.catalog.rename(trigger("bandana"), to: trigger("scarf"))
            try study.catalog.remove(trigger("scarf"))
            #expect(try study.catalog.earlierNames().isEmpty && study.catalog.triggers().count == 6)
        }
    }

    @Test(arguments: [
        "INSERT INTO volunteer_alias VALUES ('a', 'nobody')", "INSERT INTO volunteer_alias VALUES ('ada', 'ada')",
        "INSERT INTO volunteer_alias VALUES ('A', 'ada')", "INSERT INTO trigger_alias VALUES ('none', 'dots')",
        "INSERT INTO trigger_alias VALUES ('x', 'nothing')", "INSERT INTO withdrawn_alias VALUES ('x', 1)",
    ])
    func invalidEarlierName(_ statement: String) throws {
        try with { study in
            let error = #expect(throws: DatabaseError.self) { try study.raw { try $0.execute(sql: statement) } }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        }
    }
}
