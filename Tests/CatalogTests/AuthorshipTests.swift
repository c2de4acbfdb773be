import Catalog
import Core
import Foundation
import GRDB
import TestSupport
import Testing

/// Authors of labels and boxes, annotations of further annotators, and accepted findings.
@Suite struct AuthorshipTests {
    private let bea = Author("bea")!
    private let ada = VolunteerName("ada")!

    private func with(_ body: (SyntheticStudy) throws -> Void) throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["ada", "bruno"])
            try study.photo("a", label("ada", "dots", "on-face"))
            try study.photo("b", label("bruno"), box: Box(x: 0, y: 0, width: 1, height: 1))
            try study.photo("c", label("bruno"))
            try body(study)
            #expect(try study.raw { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
        }
    }

    private func annotate(_ study: SyntheticStudy, _ labels: [(String, Label)], by author: String) throws
        -> [Int]
    {
        let labels = labels.map { (photo: photoID($0.0), label: $0.1) }
        let author = try #require(Author(author))
        let planned = try study.catalog.changes(ofAnnotations: labels, by: author)
        let changes = try study.catalog.store(annotations: labels, by: author, made: "2026-05-05T00:00:00Z")
        #expect(planned == changes)
        return [changes.added, changes.replaced, changes.unchanged]
    }

    private func annotations(_ study: SyntheticStudy, _ word: String) throws -> [String] {
        try study.catalog.annotations(of: [photoID(word)]).map {
            "\($0.author): \($0.label.volunteer) \($0.label.triggerState)"
        }
    }

    private func accept(_ study: SyntheticStudy, _ key: String, _ reason: String, by author: String? = nil) throws {
        let acceptance = try Acceptance(reason: reason, author: Author.parsing(author), made: "t")
        try study.catalog.store(
            AcceptedFinding(check: "blurred", key: String(repeating: key, count: 16), acceptance))
    }

    // MARK: - Labels and boxes

    @Test func labelsAndBoxesHaveTheirAuthorAndTime() throws {
        try with { study in
            let box = Box(x: 1, y: 1, width: 2, height: 2)
            let edit = PhotoEdit(photoID("b"), label: label("ada"), boxes: [.face: box, .trigger: nil])
            try study.catalog.store([edit], made: "t1", author: bea)
            try study.catalog.store([PhotoEdit(photoID("b"), boxes: [.face: nil])], made: "t2")
            try study.catalog.apply([.box(photoID("b"), .trigger, box)], made: "t3")
            #expect(try study.catalog.labels(of: photoID("b")).map(\.author) == [nil, bea])
            #expect(try study.catalog.label(of: photoID("b"))?.author == bea)
            #expect(try study.catalog.countingLabels()[photoID("b")]?.author == bea)
            let history = try study.catalog.boxHistory(of: photoID("b"))
            #expect(history.map(\.region) == [.trigger, .face, .face, .trigger])
            #expect(history.map(\.box) == [nil, box, nil, box])
            #expect(history.map(\.source) == [.review, .review, .review, .sheet])
            #expect(history.map(\.author) == [bea, bea, nil, nil] && history.map(\.made) == ["t1", "t1", "t2", "t3"])
            #expect(try study.catalog.boxHistory(of: photoID("a")).isEmpty, "the box of the import is no change")
        }
    }

    /// The CHECK constraint accepts every author of the program, and rejects control characters and marks of the writing
    /// direction.
    @Test func theSchemaChecksAuthors() throws {
        try with { study in
            for text in ["a", String(repeating: "x", count: 64), "女王", "-]^[*?", "é"] {
                let author = try #require(Author(text))
                try study.catalog.append(
                    labels: [(photoID("a"), label("ada"))], source: .review, made: "", author: author)
                #expect(try study.catalog.label(of: photoID("a"))?.author == author)
            }
            let tables = [
                "UPDATE label SET author = ?",
                """
                INSERT INTO region_history (photo, kind, source, made, author)
                SELECT id, 'face', 'review', '', ? FROM photo LIMIT 1
                """,
                "INSERT INTO annotation SELECT id, ?, 'ada', '', 0 FROM photo LIMIT 1",
                "INSERT INTO accepted_finding VALUES ('blurred', '0123456789abcdef', 'r', ?, '')",
            ]
            let wrong = [
                "", String(repeating: "x", count: 65), "a\n", "\u{1}", "a\u{7f}", "a\u{85}", "\u{200b}", "a\u{202e}",
                "\u{2066}", "\u{61c}", "\u{feff}",
            ]
            for sql in tables {
                for author in wrong {
                    let error = #expect(throws: DatabaseError.self, "\(sql) \(author.debugDescription)") {
                        try study.raw { try $0.execute(sql: sql, arguments: [author]) }
                    }
                    #expect(error?.resultCode == .SQLITE_CONSTRAINT)
                }
            }
        }
    }

    @Test(arguments: [
        "INSERT INTO annotation SELECT id, 'label', 'ada', '', 0 FROM photo LIMIT 1",
        "INSERT INTO annotation SELECT id, NULL, 'ada', '', 0 FROM photo LIMIT 1",
        "INSERT INTO annotation SELECT id, 'bea', 'nobody', '', 0 FROM photo LIMIT 1",
        "INSERT INTO annotation SELECT id, 'bea', 'ada', '', -1 FROM photo LIMIT 1",
        "INSERT INTO annotation_placement SELECT id, 'bea', 'dots', 'on-face' FROM photo LIMIT 1",
        "INSERT INTO accepted_finding VALUES ('Blurred', '0123456789abcdef', 'r', NULL, '')",
        "INSERT INTO accepted_finding VALUES ('blurred', '0123456789abcde', 'r', NULL, '')",
        "INSERT INTO accepted_finding VALUES ('blurred', '0123456789abcdeg', 'r', NULL, '')",
        "INSERT INTO accepted_finding VALUES ('blurred', '0123456789abcdef', '', NULL, '')",
        "INSERT INTO region_history (photo, kind, source, made) SELECT id, 'nose', 'review', '' FROM photo LIMIT 1",
        "INSERT INTO region_history (photo, kind, source, made) SELECT id, 'face', 'rule', '' FROM photo LIMIT 1",
        "INSERT INTO region_history (photo, kind, source, x, made) SELECT id, 'face', 'review', 1, '' FROM photo LIMIT 1",
    ])
    func invalidRecord(_ statement: String) throws {
        try with { study in
            let error = #expect(throws: DatabaseError.self) { try study.raw { try $0.execute(sql: statement) } }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        }
    }

    // MARK: - Annotations

    @Test func annotationsAreAddedReplacedAndUnchanged() throws {
        try with { study in
            let before = try study.catalog.countingLabels()
            #expect(try annotate(study, [("a", label("bruno")), ("b", label("bruno"))], by: "bea") == [2, 0, 0])
            #expect(
                try annotate(
                    study, [("a", label("ada", "bandana+dots", "off-face+on-face")), ("b", label("bruno"))], by: "bea")
                    == [0, 1, 1])
            #expect(try annotate(study, [("a", label("ada"))], by: "carl") == [1, 0, 0])
            #expect(
                try annotations(study, "a") == ["bea: ada bandana off-face + dots on-face", "carl: ada none"])
            #expect(try study.catalog.annotations().count == 3)
            #expect(try study.catalog.annotations().map(\.newestLabel) == [3, 3, 3])
            #expect(try study.catalog.countingLabels() == before, "an annotation changes no label")
            #expect(try annotate(study, [], by: "bea") == [0, 0, 0])
        }
    }

    @Test func renamesAndMergesChangeAnnotations() throws {
        try with { study in
            _ = try annotate(study, [("a", label("bruno", "dots", "on-face"))], by: "bea")
            try study.catalog.rename(VolunteerName("bruno")!, to: VolunteerName("zoe")!)
            try study.catalog.rename(TriggerName("dots")!, to: TriggerName("points")!)
            #expect(try annotations(study, "a") == ["bea: zoe points on-face"])
            try study.catalog.merge(VolunteerName("zoe")!, into: ada)
            #expect(try annotations(study, "a") == ["bea: ada points on-face"])
            _ = try annotate(study, [("b", label("ada", "bandana", "on-face"))], by: "bea")
            #expect(try study.catalog.records(of: TriggerName("bandana")!).annotatedPhotos == 1)
            #expect(throws: CurareError.self) { try study.catalog.remove(TriggerName("bandana")!) }
        }
    }

    // MARK: - Accepted findings

    @Test func acceptedFindingsAreStoredReplacedAndOpenedAgain() throws {
        try with { study in
            try accept(study, "a", "first", by: "bea")
            try accept(study, "a", "second")
            try accept(study, "b", "third")
            let accepted = try study.catalog.acceptedFindings()
            #expect(accepted.map(\.acceptance.reason) == ["second", "third"])
            #expect(accepted.map(\.acceptance.author) == [nil, nil] && accepted[0].check == "blurred")
            try study.catalog.reopen(accepted[0])
            #expect(try study.catalog.acceptedFindings() == [accepted[1]])
        }
    }

    // MARK: - Withdrawals

    private func withdraw(_ study: SyntheticStudy, _ subject: WithdrawalSubject) throws {
        let order = WithdrawalOrder(subject, photos: try study.catalog.photos(of: subject))
        try study.catalog.begin(order, made: "t")
    }

    @Test func aWithdrawalRemovesThePersonAsAuthor() throws {
        try with { study in
            let old = Author("Old-Ada")!
            try study.catalog.rename(ada, to: VolunteerName("old-ada")!)
            try study.catalog.rename(VolunteerName("old-ada")!, to: ada)
            for (author, box) in [(Author("ADA")!, 1), (old, 2), (bea, 3)] {
                let edit = PhotoEdit(
                    photoID("b"), label: label("bruno"), boxes: [.face: Box(x: 0, y: 0, width: box, height: 1)])
                try study.catalog.store([edit], made: "", author: author)
            }
            for author in ["Ada", "old-ada", "bea", "ada lovelace"] {
                _ = try annotate(study, [("b", label("bruno", "dots", "on-face"))], by: author)
            }
            try withdraw(study, .volunteer(ada))
            #expect(try study.catalog.labels(of: photoID("b")).map(\.author) == [nil, nil, nil, bea])
            #expect(try study.catalog.boxHistory(of: photoID("b")).map(\.author) == [nil, nil, bea])
            #expect(
                try annotations(study, "b") == ["ada lovelace: bruno dots on-face", "bea: bruno dots on-face"],
                "another name is another person")
        }
    }

    @Test func aWithdrawalRemovesAnnotationsOfThePersonAndOfThePhotos() throws {
        try with { study in
            _ = try annotate(
                study, [("a", label("bruno", "dots", "on-face")), ("b", label("ada", "dots", "on-face"))], by: "bea")
            _ = try annotate(study, [("b", label("bruno"))], by: "carl")
            let box = Box(x: 0, y: 0, width: 1, height: 1)
            try study.catalog.store([PhotoEdit(photoID("a"), boxes: [.face: box])], made: "", author: bea)
            #expect(
                try study.catalog.photosNeedingReview(of: ada) == [
                    PhotoNeedingReview(photo: photoID("b"), reason: .annotated)
                ])
            try withdraw(study, .volunteer(ada))
            #expect(try annotations(study, "a") == [] && annotations(study, "b") == ["carl: bruno none"])
            for table in ["annotation_placement", "region_history"] {
                #expect(try study.raw { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0)
            }
        }
    }

    @Test func aWithdrawalOpensFindingsWhoseAcceptanceNamesThePerson() throws {
        try with { study in
            try accept(study, "a", "Ada wore these on purpose")
            try accept(study, "b", "no other place", by: "ada 2")
            try accept(study, "c", "adamant", by: "bea")
            try withdraw(study, .volunteer(ada))
            #expect(try study.catalog.acceptedFindings().map(\.acceptance.reason) == ["adamant"])
            try study.catalog.wipe()
            for file in try names(in: study.workspace.root) where file.hasPrefix("curare.sqlite") {
                let bytes = try Data(contentsOf: study.workspace.root.appending(path: file))
                #expect(bytes.range(of: Data("wore these on purpose".utf8)) == nil, "\(file)")
            }
        }
    }

    @Test func aWithdrawalOfASessionRemovesItsRecords() throws {
        try with { study in
            try study.session("s2", of: ["zoe"])
            try study.photo("z", in: "s2", label("zoe"))
            _ = try annotate(study, [("z", label("zoe")), ("b", label("bruno"))], by: "zoe")
            _ = try annotate(study, [("b", label("ada"))], by: "bea")
            try withdraw(study, .session(SessionName("s2")!))
            #expect(try study.catalog.annotations().map(\.author) == [bea], "zoe is in no other record")
            try withdraw(study, .session(SessionName("s1")!))
            #expect(try study.catalog.annotations().isEmpty && study.catalog.volunteers().isEmpty)
        }
    }
}
