import Core
import Foundation
import GRDB
import Storage

/// The damage of a catalog file, found by SQLite and by comparison with the schema.
public struct CatalogDamage: Sendable {
    /// Damage that cannot be repaired from other data in the file.
    public internal(set) var pages: [String] = []
    /// Indexes that do not match their table, or that are missing. ``Catalog/repairIndexes(of:)`` makes them again.
    public internal(set) var indexes: [String] = []
    /// Records that refer to a record that does not exist.
    public internal(set) var references: [String] = []
    /// Labels of people whom the study does not have, annotations included.
    public internal(set) var labels: [(photo: String, volunteer: String)] = []
    /// Tables, triggers and views that differ from the schema.
    public internal(set) var schema: [SchemaDifference] = []

    /// Whether the records can be read with the queries of this program.
    public var isReadable: Bool { pages.isEmpty && schema.isEmpty }
}

/// An original file, as the catalog records it.
public struct RecordedOriginal: Hashable, Sendable {
    public let photo: PhotoID
    public let bytes: Int
    public let format: String

    public init(photo: PhotoID, bytes: Int, format: String) {
        self.photo = photo
        self.bytes = bytes
        self.format = format
    }
}

extension SchemaDifference {
    fileprivate var isMissingIndex: Bool { kind == .missing && object.hasPrefix("index ") }
}

extension Catalog {
    /// Returns the damage of a workspace's catalog. Unlike the initializer, this function also examines a file that is
    /// not a usable catalog.
    ///
    /// - Throws: ``CurareError`` (74) if the file cannot be read, (75) if another process blocks it.
    public static func damage(of workspace: Workspace) throws -> CatalogDamage {
        var damage = CatalogDamage()
        guard try RegularFile.sizeWithoutOpening(workspace.catalogFile) > 0 else {
            damage.pages = ["the catalog is empty: its records were lost"]
            return damage
        }
        do {
            let catalog = try openForReading(workspace) { try Catalog(unchecked: workspace.catalogFile) }
            try catalog.read { db in
                try examineSchema(db, &damage)
                try examinePages(db, &damage)
                guard damage.isReadable else { return }
                if damage.indexes.isEmpty { try check(db, workspace.catalogFile) }
                try examineReferences(db, &damage)
            }
        } catch let error as CurareError where error.code == .badInput {
            damage.pages.append(error.message)
        }
        return damage
    }

    /// Opens a catalog to read it, also where nothing can be written: on a read-only or full disk, or in the workspace
    /// of somebody else.
    ///
    /// - Returns: a catalog that may be read-only; see ``isReadOnly``. A read-only catalog does not see the changes of
    ///   other processes. Other processes must not change the catalog meanwhile.
    /// - Throws: ``CurareError`` as ``init(_:)`` does; (74) if the last changes are only in the WAL file and cannot be
    ///   read without writing.
    public static func openForReading(_ workspace: Workspace) throws -> Catalog {
        try openForReading(workspace) { try Catalog(workspace) }
    }

    private static func openForReading(_ workspace: Workspace, _ open: () throws -> Catalog) throws -> Catalog {
        do {
            return try open()
        } catch let error as CurareError where error.code == .inputOutput {
            let file = workspace.catalogFile
            let log = workspace.catalogLog
            let catalog: Catalog
            if try hasContent(log) {
                do {
                    catalog = try Catalog(unchecked: file, .readingLog)
                    try catalog.read { db in try check(db, file) }
                    return catalog
                } catch let error as CurareError where error.code == .inputOutput {
                    throw CurareError(
                        .inputOutput,
                        "the last changes of the catalog are in a file that cannot be read without writing",
                        at: log.path,
                        next: "run any command where you may write, or copy the workspace to such a place")
                }
            }
            catalog = try Catalog(unchecked: file, .immutable)
            try catalog.read { db in try check(db, file) }
            return catalog
        }
    }

    /// Returns whether a file exists and is not empty.
    private static func hasContent(_ file: URL) throws -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
            return false
        }
        return try RegularFile.sizeWithoutOpening(file) > 0
    }

    private static func examineSchema(_ db: Database, _ damage: inout CatalogDamage) throws {
        let differences = try schemaDifferences(db)
        let lostTables = differences.filter { $0.kind == .missing && $0.object.hasPrefix("table ") }
        let lostIndexes = lostTables.map { " on \($0.object.dropFirst("table ".count))" }
        for difference in differences where !lostIndexes.contains(where: difference.object.hasSuffix) {
            if difference.isMissingIndex {
                damage.indexes.append(difference.description)
            } else {
                damage.schema.append(difference)
            }
        }
    }

    private static func schemaDifferences(_ db: Database) throws -> [SchemaDifference] {
        try CatalogSchema(db).differences(from: CatalogSchema.expected.get())
    }

    private static func examinePages(_ db: Database, _ damage: inout CatalogDamage) throws {
        for message in try String.fetchAll(db, sql: "PRAGMA integrity_check(200)") where message != "ok" {
            // "row 5 missing from index X", "wrong # of entries in index X"
            if message.contains(" index ") { damage.indexes.append(message) } else { damage.pages.append(message) }
        }
    }

    private static func examineReferences(_ db: Database, _ damage: inout CatalogDamage) throws {
        let labels = try Row.fetchAll(
            db,
            sql: """
                SELECT photo, volunteer FROM label
                WHERE volunteer NOT IN (SELECT name FROM volunteer)
                    OR volunteer IN (SELECT volunteer FROM withdrawal WHERE volunteer IS NOT NULL)
                UNION ALL
                SELECT photo, volunteer FROM annotation
                WHERE volunteer NOT IN (SELECT name FROM volunteer)
                    OR volunteer IN (SELECT volunteer FROM withdrawal WHERE volunteer IS NOT NULL)
                ORDER BY photo, volunteer
                """)
        damage.labels = labels.map { ($0["photo"], $0["volunteer"]) }
        let broken = try Row.fetchAll(
            db, sql: "SELECT \"table\", parent, count(*) AS records FROM pragma_foreign_key_check GROUP BY 1, 2")
        for row in broken {
            let (table, parent, records): (String, String, Int) = (row["table"], row["parent"], row["records"])
            if ["label", "annotation"].contains(table), parent == "volunteer" { continue }
            damage.references.append("\(records) records of table \(table) refer to no record of table \(parent)")
        }
    }

    /// Makes an index of a catalog again if the index is missing or does not match its table.
    ///
    /// - Throws: ``CurareError`` (65) if the catalog has other damage, (74) if it cannot be written.
    public static func repairIndexes(of workspace: Workspace) throws {
        let catalog = try Catalog(unchecked: workspace.catalogFile)
        let expected = try CatalogSchema.expected.get()
        try catalog.write { db in
            for difference in try schemaDifferences(db)
            where difference.isMissingIndex {
                try db.execute(sql: expected.sql(of: difference.object).orThrow(InvalidValueError("index", "")))
            }
            try db.execute(sql: "REINDEX")
        }
    }

    /// Copies the catalog, as it is now, to an existing empty file.
    ///
    /// - Throws: ``CurareError`` (74) if the file cannot be written.
    public func copy(to file: URL) throws {
        let copy = try Catalog(unchecked: file)
        try Self.translatingErrors(file) {
            try database.backup(to: copy.database)
            // Closing the last connection removes the WAL file of the copy.
            try copy.database.close()
        }
    }

    /// Returns the originals of all photos, in the order of their ids.
    public func originals() throws -> [RecordedOriginal] {
        try read { db in
            var originals: [RecordedOriginal] = []
            let rows = try RawRows(db, "SELECT id, format, bytes FROM photo ORDER BY id")
            while try rows.next() {
                originals.append(
                    RecordedOriginal(photo: try rows.photo(0), bytes: rows.int(2), format: rows.text(1)))
            }
            return originals
        }
    }
}
