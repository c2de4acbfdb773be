import Core
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import Catalog

@Suite struct ReadOnlyCatalogTests {
    /// A folder in the place of the file that SQLite must create to write. It has the effect of a read-only disk, also
    /// for a process of root.
    private func preventWriting(in workspace: Workspace) throws {
        try AtomicFile.makeFolder(workspace.root.appending(path: "curare.sqlite-wal"))
    }

    @Test func catalogIsReadWhereNothingCanBeWritten() throws {
        try withFolder { folder in
            // SQLite reads the name as a URI, in which these characters have a meaning.
            let workspace = Workspace(root: folder.appending(path: "a study?x=1#2%41"))
            _ = try Catalog.create(in: workspace, triggers: [TriggerName("hat")!])
            #expect(try !Catalog.openForReading(workspace).isReadOnly)
            try preventWriting(in: workspace)
            let before = try names(in: workspace.root)
            let error = #expect(throws: CurareError.self) { try Catalog(workspace).triggers() }
            #expect(error?.code == .inputOutput)
            let catalog = try Catalog.openForReading(workspace)
            #expect(catalog.isReadOnly)
            #expect(try catalog.triggers().count == 8)
            #expect(throws: (any Error).self) { try catalog.add(triggers: [TriggerName("scarf")!]) }
            #expect(try names(in: workspace.root) == before)
        }
    }

    /// The last changes are in the WAL file, as after a kill. SQLite cannot create the file for shared memory.
    @Test func changesInTheLogAreRead() throws {
        try SyntheticStudy.with { study in
            try study.catalog.add(triggers: [TriggerName("hat")!])
            let workspace = Workspace(root: study.workspace.root.appending(path: "copy"))
            try AtomicFile.makeFolder(workspace.root.appending(path: "curare.sqlite-shm"))
            for (from, to) in [
                (study.workspace.catalogFile, workspace.catalogFile),
                (study.workspace.catalogLog, workspace.catalogLog),
            ] {
                try FileManager.default.copyItem(at: from, to: to)
            }
            #expect(try Catalog.openForReading(workspace).triggers().count == 8)
        }
    }

    @Test func readOnlyCatalogIsCheckedToo() throws {
        try SyntheticStudy.with { study in
            try study.raw { try $0.execute(sql: "DROP TABLE tombstone") }
            try study.raw { _ in }
            try study.catalog.database.close()
            try preventWriting(in: study.workspace)
            let error = #expect(throws: CurareError.self) { try Catalog.openForReading(study.workspace) }
            #expect(error?.code == .badInput)
        }
    }

    @Test func copyHasAllRecords() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            try study.photo("p", label("a"))
            let copy = Workspace(root: study.workspace.root.appending(path: "copy"))
            try AtomicFile.write(Data(), to: copy.catalogFile)
            try study.catalog.copy(to: copy.catalogFile)
            #expect(try names(in: copy.root) == ["curare.sqlite"])
            #expect(try permissions(copy.catalogFile) == 0o600)
            #expect(try Catalog(copy).facts() == study.catalog.facts())
        }
    }
}
