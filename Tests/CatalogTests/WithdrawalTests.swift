import Catalog
import Core
import Foundation
import GRDB
import TestSupport
import Testing

/// A withdrawal removes all records from the catalog and its files, except for the tombstones.
@Suite struct WithdrawalTests {
    static let ada = WithdrawalSubject.volunteer(VolunteerName("ada")!)
    static let made = "2026-05-05T00:00:00Z"

    private func with(_ body: (SyntheticStudy) throws -> Void) throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["ada", "bruno"])
            try study.session("s2", of: ["ada"])
            try study.photo("a1", in: "s1", label("ada"), note: "ada looks tired")
            try study.photo(
                "a2", in: "s2", label("ada", "sunglasses", "on-face"), box: Box(x: 0, y: 0, width: 1, height: 1))
            try study.photo("b1", in: "s1", label("bruno"), coSubjects: ["ada"])
            try study.photo("b2", in: "s1", label("bruno"), note: "near ADA's chair")
            try study.photo("b3", in: "s1", label("ada"))
            try study.add(label("bruno"), to: photoID("b3"), .review)
            try study.photo("x1", in: "s1", nil)
            try study.photo("x2", in: "s2", nil)
            try body(study)
        }
    }

    private func withdraw(_ study: SyntheticStudy, _ subject: WithdrawalSubject = ada) throws -> Withdrawal {
        try study.catalog.begin(
            WithdrawalOrder(
                subject, photos: study.catalog.photos(of: subject), otherFiles: [photoID("other")],
                paths: ["quarantine/s..1/k.json"], versions: ["t@1"]), made: Self.made)
    }

    @Test func photosOfVolunteerIncludeCoSubjectAndUnlabelledPhotos() throws {
        try with { study throws in
            #expect(try Set(study.catalog.photos(of: Self.ada)) == Set(["a1", "a2", "b1", "x2"].map(photoID)))
            #expect(try study.catalog.photos(of: .session(SessionName("s2")!)).count == 2)
            #expect(
                try Set(study.catalog.photosNeedingReview(of: VolunteerName("ada")!)) == [
                    PhotoNeedingReview(photo: photoID("x1"), reason: .unlabelled),
                    PhotoNeedingReview(photo: photoID("b3"), reason: .relabelled),
                    PhotoNeedingReview(photo: photoID("b2"), reason: .note),
                ])
        }
    }

    /// The label that an undo restores names the person too, so that both are removed.
    @Test func withdrawalRemovesRestoredLabels() throws {
        try with { study throws in
            let photo = photoID("b3")
            let first = try #require(study.catalog.labels(of: photo).first)
            try study.catalog.store([PhotoEdit(photo, label: first.label, restores: first.id)], made: "")
            try study.catalog.store([PhotoEdit(photo, label: label("bruno"))], made: "")
            #expect(try study.catalog.labels(of: photo).map(\.restores) == [nil, nil, first.id, nil])
            _ = try withdraw(study)
            #expect(try study.catalog.labels(of: photo).map(\.label) == [label("bruno"), label("bruno")])
        }
    }

    @Test func withdrawalLeavesTombstonesAndOtherPeople() throws {
        try with { study throws in
            let withdrawal = try withdraw(study)
            #expect(
                withdrawal.subject == Self.ada && withdrawal.isPending && withdrawal.versions == ["t@1"]
                    && withdrawal.made == Self.made)
            #expect(try Set(study.catalog.facts().map(\.photo)) == Set(["b2", "b3", "x1"].map(photoID)))
            #expect(try study.catalog.facts().first { $0.photo == photoID("b3") }?.label == label("bruno"))
            #expect(
                try study.catalog.labels(of: photoID("b3")).map(\.label.volunteer.text) == ["bruno"],
                "the history does not contain the name")
            #expect(try study.catalog.volunteers().map(\.name.text) == ["bruno"])
            #expect(try study.catalog.sessions().map(\.name.text) == ["s1"])
            #expect(try study.catalog.withdrawnPhotos() == Set(["a1", "a2", "b1", "x2", "other"].map(photoID)))
            #expect(
                try study.catalog.tombstones(among: ["a1", "b2", "other"].map(photoID))
                    == Tombstones(photos: [photoID("a1"), photoID("other")], volunteers: [VolunteerName("ada")!]))
            #expect(try study.catalog.paths(of: withdrawal) == ["quarantine/s..1/k.json"])
            #expect(try study.raw { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
            #expect(
                try study.raw {
                    try String.fetchAll(
                        $0, sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND name = 'image_by_photo'")
                } == [])
            try study.catalog.end(withdrawal)
            #expect(
                try study.catalog.withdrawals(.pending).isEmpty && study.catalog.paths(of: withdrawal).isEmpty)
            #expect(try study.catalog.withdrawal(of: Self.ada)?.state == .done)
            try study.catalog.end(withdrawal, isComplete: false)
            #expect(try study.catalog.withdrawals(.incomplete).map(\.subject) == [Self.ada])
            #expect(try study.catalog.withdrawals(.pending).isEmpty && study.catalog.withdrawals(.done).isEmpty)
            #expect(try study.catalog.knownPeople() == ["ada", "bruno"])
        }
    }

    @Test func secondOrderExtendsWithdrawal() throws {
        try with { study throws in
            try study.catalog.end(withdraw(study))
            let again = try study.catalog.begin(
                WithdrawalOrder(Self.ada, photos: [], versions: ["u@1"], redacts: true), made: "2027-01-01T00:00:00Z")
            #expect(again.isPending && again.redacts && again.versions == ["t@1", "u@1"] && again.made == Self.made)
            #expect(
                try study.catalog.begin(WithdrawalOrder(Self.ada, photos: []), made: Self.made).redacts,
                "a redaction is not taken back")
            #expect(try study.catalog.withdrawals().count == 1 && study.catalog.withdrawnPhotos(by: again).count == 5)
        }
    }

    @Test func sessionWithdrawalRemovesPeopleOfNoOtherRecord() throws {
        try with { study throws in
            try study.session("s3", of: ["carla"], coSubjects: ["dora"])
            try study.photo("c1", in: "s3", label("carla"), coSubjects: ["dora", "bruno"])
            _ = try withdraw(study, .session(SessionName("s3")!))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["ada", "bruno"])
            #expect(try study.catalog.session(SessionName("s3")!) == nil)
            #expect(
                try study.catalog.tombstones(among: [photoID("c1")])
                    == Tombstones(photos: [photoID("c1")], sessions: [SessionName("s3")!]))
        }
    }

    @Test func sessionWithdrawalKeepsEarlierNamesReserved() throws {
        try with { study throws in
            try study.session("s3", of: ["carla"])
            try study.photo("c1", in: "s3", label("carla"))
            try study.catalog.rename(VolunteerName("carla")!, to: VolunteerName("zoe")!)
            try study.catalog.rename(VolunteerName("bruno")!, to: VolunteerName("ben")!)
            let withdrawal = try withdraw(study, .session(SessionName("s3")!))
            #expect(withdrawal.earlierNames.map(\.text) == ["carla"])
            #expect(try study.catalog.withdrawnNames().map(\.text) == ["carla"])
            #expect(try study.catalog.earlierNames().volunteers.keys.map(\.text) == ["bruno"])
            #expect(try study.catalog.knownPeople() == ["ada", "ben", "bruno", "carla"])
        }
    }

    @Test func photoOfTwoSessionsIsRemovedWithEither() throws {
        try with { study throws in
            try study.photo("a2", in: "s1", nil)
            _ = try withdraw(study, .session(SessionName("s2")!))
            #expect(try !study.catalog.facts().contains { $0.photo == photoID("a2") })
            #expect(try study.catalog.photos(in: SessionName("s1")!).contains { $0.photo == photoID("a2") } == false)
        }
    }

    @Test func wipeLeavesNoFreePageAndEmptyLog() throws {
        try with { study throws in
            for number in 0..<300 {
                try study.photo(
                    "many-\(number)", in: "s2", label("ada"),
                    note: "secret-\(number)-" + String(repeating: "x", count: 400))
            }
            _ = try withdraw(study)
            try study.catalog.wipe()
            let log = study.workspace.root.appending(path: "curare.sqlite-wal")
            #expect(try (FileManager.default.attributesOfItem(atPath: log.path)[.size] as? Int ?? 0) == 0)
            #expect(try study.raw { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } == 0)
            for name in ["curare.sqlite", "curare.sqlite-wal", "curare.sqlite-shm"] {
                let bytes =
                    FileManager.default.contents(atPath: study.workspace.root.appending(path: name).path) ?? Data()
                for text in ["secret-7-", "ada looks tired", "many-8.jpg"] {
                    #expect(bytes.range(of: Data(text.utf8)) == nil, "\(name): \(text)")
                }
            }
            #expect(try study.catalog.facts().count == 3)
        }
    }

    @Test func wipeIsBusyWhileAnotherProcessReads() throws {
        try with { study throws in
            _ = try withdraw(study)
            let reader = try DatabaseQueue(path: study.workspace.catalogFile.path)
            try reader.inDatabase { db in
                try db.execute(sql: "BEGIN; SELECT count(*) FROM photo")
                let error = #expect(throws: CurareError.self) { try study.catalog.wipe() }
                #expect(error?.code == .busy)
                try db.execute(sql: "COMMIT")
            }
            try study.catalog.wipe()
        }
    }
}
