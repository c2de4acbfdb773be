import Catalog
import Core
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite struct CatalogTests {
    @Test func headerHasApplicationID() throws {
        try SyntheticStudy.with { study in
            let header = try study.raw { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA application_id"),
                    try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode")
                )
            }
            #expect(header.0 == 0x4355_5241)
            #expect(header.1 == ["1"])
            #expect(header.2 == "wal")
        }
    }

    @Test func newCatalogHasStandardAndOwnTriggers() throws {
        try withFolder { folder in
            let catalog = try Catalog.create(
                in: Workspace(root: folder), triggers: [TriggerName("hat")!, TriggerName("dots")!])
            #expect(
                try catalog.triggers().map(\.text) == [
                    "bandana", "dots", "earrings", "hat", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape",
                ])
        }
    }

    @Test func filesAndFoldersBelongToOwnerOnly() throws {
        try withFolder { folder in
            let root = folder.appending(path: "deep/study")
            let workspace = Workspace(root: root)
            let catalog = try Catalog.create(in: workspace)
            try catalog.add(triggers: [TriggerName("hat")!])
            for file in try FileManager.default.contentsOfDirectory(atPath: root.path)
            where file.hasPrefix("curare.sqlite") {
                #expect(try permissions(root.appending(path: file)) == 0o600, "\(file)")
            }
            for made in [
                root, workspace.photos, workspace.images, workspace.versions, workspace.runs, workspace.quarantine,
            ] {
                #expect(try permissions(made) == 0o700, "\(made.lastPathComponent)")
            }
        }
    }

    @Test func secondCatalogInSameFolderIsAnError() throws {
        try SyntheticStudy.with { study throws in
            #expect(throws: CurareError.self) { try Catalog.create(in: study.workspace) }
            #expect(try study.catalog.triggers().count == 7)
        }
    }

    @Test func openingDoesNotCreateMissingCatalog() throws {
        try withFolder { folder throws in
            let error = #expect(throws: CurareError.self) { try Catalog(Workspace(root: folder)) }
            #expect(error?.code == .missingInput)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    /// Only `init` creates tables: a new catalog in the place of an emptied one would not know the withdrawn photos.
    @Test(arguments: [
        "", "CREATE TABLE a (b)", "PRAGMA journal_mode = WAL; PRAGMA application_id = \(0x4355_5241)",
    ])
    func emptiedCatalogIsAnErrorAndUnchanged(_ sql: String) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try AtomicFile.write(Data(), to: workspace.catalogFile)
            if !sql.isEmpty {
                try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                    try $0.execute(sql: "\(sql); DROP TABLE IF EXISTS a")
                }
            }
            let before = try Data(contentsOf: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(error?.code == .badInput)
            #expect(error?.message == "the catalog is empty: its records were lost")
            #expect(error?.location == workspace.catalogFile.path)
            #expect(error?.nextStep?.hasPrefix("restore the catalog from a backup") == true)
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    /// SQLite removes the WAL file of an empty file. It contains the records of the last commands.
    @Test func emptiedCatalogKeepsItsLog() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            let log = Data("the log".utf8)
            try Data().write(to: workspace.catalogFile)
            let file = folder.appending(path: "curare.sqlite-wal")
            try log.write(to: file)
            #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(try Data(contentsOf: file) == log)
        }
    }

    @Test func newerCatalogIsAnErrorAndUnchanged() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            _ = try Catalog.create(in: workspace)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2'); PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let before = try Data(contentsOf: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(error?.code == .badInput)
            #expect(error?.message == "a newer version of Curare wrote this catalog")
            #expect(error?.location == workspace.catalogFile.path)
            #expect(error?.nextStep == "use the newer Curare; nothing was changed")
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    @Test func catalogOfDevelopmentVersionIsAnErrorAndUnchanged() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "CREATE TABLE setting (key TEXT); PRAGMA application_id = \(0x4355_5241)")
            }
            let before = try Data(contentsOf: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(error?.code == .badInput)
            #expect(error?.message.hasPrefix("a development version of Curare") == true)
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    @Test(arguments: [
        "CREATE TABLE song (title TEXT)", "PRAGMA application_id = 42",
        "CREATE TABLE trigger (name TEXT); PRAGMA user_version = 1",
    ])
    func foreignSQLiteFileIsAnErrorAndUnchanged(_ sql: String) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction { try $0.execute(sql: sql) }
            let before = try Data(contentsOf: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(error?.code == .badInput)
            #expect(error?.message.hasPrefix("this SQLite file is not a Curare catalog") == true)
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    @Test func fileThatIsNotSQLiteIsAnError() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try Data(
                "This is no catalog, and it is long enough to hold a whole header of one, so that only its content shows the difference."
                    .utf8
            ).write(to: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(error?.code == .badInput)
        }
    }

    @Test func overwrittenPagesAreReportedAsDamage() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            _ = try Catalog.create(in: workspace)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            var bytes = try Data(contentsOf: workspace.catalogFile)
            for index in 4096..<bytes.count { bytes[index] = 0xa5 }
            try bytes.write(to: workspace.catalogFile)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace).triggers() }
            #expect(error?.code == .badInput)
            #expect(error?.message.hasPrefix("the catalog is damaged or not SQLite") == true)
        }
    }

    @Test func lockedCatalogIsBusyForWritersOnly() throws {
        try SyntheticStudy.with { study in
            try DatabaseQueue(path: study.workspace.catalogFile.path).inDatabase { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                defer { try? db.execute(sql: "ROLLBACK") }
                let error = #expect(throws: CurareError.self) { try study.catalog.add(triggers: [TriggerName("hat")!]) }
                #expect(error?.code == .busy)
                // Readers do not wait.
                #expect(try study.catalog.triggers().count == 7)
            }
        }
    }

    @Test func invalidRecordIsABugAndStoresNothing() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let error = #expect(throws: CurareError.self) { try study.photo("p", label("nobody")) }
            #expect(error?.code == .bug)
            #expect(try study.catalog.counts().photos == 0)
            #expect(throws: CurareError.self) { try study.catalog.set(consent: .withdrawn, of: SessionName("s1")!) }
            #expect(try study.catalog.session(SessionName("s1")!)?.consent == .signed)
        }
    }
}
