import Core
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import Catalog

@Suite struct CatalogSchemaTests {
    /// Changes the schema of a new catalog, opens it, and returns the error. The file must not change.
    private func openingFails(after sql: String) throws -> CurareError? {
        try SyntheticStudy.with { study in
            try DatabaseQueue(path: study.workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA foreign_keys = OFF; \(sql); PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let before = try Data(contentsOf: study.workspace.catalogFile)
            let error = #expect(throws: CurareError.self, "\(sql)") { try Catalog(study.workspace) }
            #expect(error?.code == .badInput)
            #expect(try Data(contentsOf: study.workspace.catalogFile) == before)
            return error
        }
    }

    @Test(arguments: [
        ("DROP INDEX label_by_photo", "index label_by_photo on label is missing"),
        ("DROP TABLE tombstone", "table tombstone is missing"),
        ("CREATE TABLE song (title TEXT)", "table song is not part of the schema"),
        ("CREATE VIEW photos AS SELECT id FROM photo", "view photos is not part of the schema"),
        ("CREATE INDEX image_by_photo ON image (photo)", "index image_by_photo on image is not part of the schema"),
        ("ALTER TABLE region ADD COLUMN z INTEGER", "table region has other SQL than the schema"),
        (
            "CREATE TRIGGER forget AFTER INSERT ON tombstone BEGIN DELETE FROM tombstone; END",
            "trigger forget on tombstone is not part of the schema"
        ),
        (
            "DROP TABLE tombstone; CREATE TABLE tombstone (digest TEXT, withdrawal INTEGER)",
            "table tombstone has other SQL than the schema"
        ),
    ])
    func otherSchemaIsAnErrorAndUnchanged(_ sql: String, _ problem: String) throws {
        let error = try openingFails(after: sql)
        #expect(error?.message == "the catalog does not have the schema of a Curare catalog")
        #expect(error?.problems.map(\.message).contains(problem) == true, "\(error?.problems ?? [])")
    }

    @Test func statisticsAreNoDifference() throws {
        try SyntheticStudy.with { study in
            try study.raw { try $0.execute(sql: "ANALYZE") }
            #expect(try Catalog(study.workspace).triggers().count == 7)
        }
    }

    @Test func vacuumKeepsTheSchema() throws {
        try SyntheticStudy.with { study in
            try study.catalog.wipe()
            #expect(try Catalog(study.workspace).triggers().count == 7)
        }
    }

    @Test(arguments: [
        ("a  b", "a b"), ("a -- c\n  b", "a b"), ("a '-- c' b", "a '-- c' b"), ("a - -b", "a - -b"),
        ("\"a  b\"  c", "\"a  b\" c"), ("a\n\tb", "a b"), ("a --", "a "), ("-", "-"),
    ])
    func commentsAndSpacesAreNormalized(_ sql: String, _ normalized: String) {
        #expect(CatalogSchema.normalized(sql) == normalized)
    }

    /// A name in `sqlite_schema` can be changed to any text only outside of defensive mode.
    @Test(arguments: [
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''", "PRAGMA journal_mode = OFF; SELECT raise()",
    ])
    func defensiveModeProtectsTheSchema(_ sql: String) throws {
        try SyntheticStudy.with { study in
            #expect(throws: (any Error).self) {
                try study.catalog.writeWithoutTransaction { try $0.execute(sql: sql) }
            }
            let settings = try study.catalog.read { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA trusted_schema"),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode")
                )
            }
            #expect(settings.0 == 0)
            #expect(settings.1 == "wal")
            #expect(try Catalog(study.workspace).triggers().count == 7)
        }
    }
}
