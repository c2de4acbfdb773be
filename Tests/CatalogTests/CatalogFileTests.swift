import Catalog
import Core
import Foundation
import GRDB
import Storage
import Testing

@Suite struct CatalogFileTests {
    @Test func theHeaderSaysWhoseFileItIs() throws {
        try Study.with { study in
            let header = try study.raw { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA application_id"),
                    try Int.fetchOne(db, sql: "PRAGMA user_version"),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode")
                )
            }
            #expect(header.0 == 0x4355_5241)
            #expect(header.1 == 5)
            #expect(header.2 == "wal")
        }
    }

    @Test func aNewWorkspaceHasTheStudysTriggersAndItsOwn() throws {
        try withFolder { folder in
            let catalog = try Catalog.create(
                in: Workspace(root: folder), triggers: [TriggerName("hat")!, TriggerName("dots")!])
            #expect(
                try catalog.triggers().map(\.text) == [
                    "bandana", "dots", "earrings", "hat", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape",
                ])
        }
    }

    @Test func everythingIsForTheOwnerAlone() throws {
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

    @Test func aSecondWorkspaceInTheSamePlaceIsRefused() throws {
        try Study.with { study throws in
            #expect(throws: CurareError.self) { try Catalog.create(in: study.workspace) }
            #expect(try study.catalog.triggers().count == 7)
        }
    }

    @Test func aCatalogThatIsNotThereIsNotMade() throws {
        try withFolder { folder throws in
            let refusal = #expect(throws: CurareError.self) { try Catalog(Workspace(root: folder)) }
            #expect(refusal?.code == .missingInput)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func aCreationThatWasCutOffIsFinishedByOpening() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try AtomicFile.write(Data(), to: workspace.catalogFile)
            #expect(try Catalog(workspace).triggers().count == 7)
        }
    }

    @Test func aNewerCatalogIsRefusedWithItsFormatAndLeftUnchanged() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            _ = try Catalog.create(in: workspace)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let before = try Data(contentsOf: workspace.catalogFile)
            let refusal = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.message == "this catalog has format 99; this Curare knows formats up to 5")
            #expect(refusal?.location == workspace.catalogFile.path)
            #expect(refusal?.nextStep == "use the newer Curare that wrote it; nothing was changed")
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    @Test(arguments: [
        "CREATE TABLE song (title TEXT)", "PRAGMA application_id = 42",
        "CREATE TABLE trigger (name TEXT); PRAGMA user_version = 1",
    ])
    func somebodyElsesSQLiteFileIsRefusedAndLeftUnchanged(_ sql: String) throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction { try $0.execute(sql: sql) }
            let before = try Data(contentsOf: workspace.catalogFile)
            let refusal = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.message.hasPrefix("this SQLite file is not a Curare catalog") == true)
            #expect(try Data(contentsOf: workspace.catalogFile) == before)
        }
    }

    @Test func aFileOfOtherBytesIsRefused() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try Data(
                "This is no catalog, and it is long enough to hold a whole header of one, so that nothing but its words can tell."
                    .utf8
            ).write(to: workspace.catalogFile)
            let refusal = #expect(throws: CurareError.self) { try Catalog(workspace) }
            #expect(refusal?.code == .badInput)
        }
    }

    @Test func pagesThatWereOverwrittenAreDamage() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            _ = try Catalog.create(in: workspace)
            try DatabaseQueue(path: workspace.catalogFile.path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            var bytes = try Data(contentsOf: workspace.catalogFile)
            for index in 4096..<bytes.count { bytes[index] = 0xa5 }
            try bytes.write(to: workspace.catalogFile)
            let refusal = #expect(throws: CurareError.self) { try Catalog(workspace).triggers() }
            #expect(refusal?.code == .badInput)
            #expect(refusal?.message.hasPrefix("the catalog is damaged or not SQLite") == true)
        }
    }

    @Test func aCatalogThatAnotherProcessKeepsIsBusy() throws {
        try Study.with { study in
            try DatabaseQueue(path: study.workspace.catalogFile.path).inDatabase { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                defer { try? db.execute(sql: "ROLLBACK") }
                let refusal = #expect(throws: CurareError.self) { try study.catalog.add(triggers: [TriggerName("hat")!]) }
                #expect(refusal?.code == .busy)
                // Who only reads does not wait.
                #expect(try study.catalog.triggers().count == 7)
            }
        }
    }

    @Test func aRecordThatBreaksTheRulesIsABugAndStoresNothing() throws {
        try Study.with { study in
            try study.session("s1", of: ["a"])
            let refusal = #expect(throws: CurareError.self) { try study.photo("p", label("nobody")) }
            #expect(refusal?.code == .bug)
            #expect(try study.catalog.tally().photos == 0)
            #expect(throws: CurareError.self) { try study.catalog.set(consent: .withdrawn, of: SessionName("s1")!) }
            #expect(try study.catalog.session(SessionName("s1")!)?.consent == .signed)
        }
    }
}
