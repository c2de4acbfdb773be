import CSQLite
import Core
import Foundation
import GRDB
import Schemas
import Storage

/// The SQLite file of a workspace: `curare.sqlite`. Each write is one transaction.
///
/// No other module contains SQL. `Schemas/catalog.sql` defines the tables.
public final class Catalog: Sendable {
    let database: DatabaseQueue
    /// Whether the catalog was opened without the possibility to write; see ``openForReading(_:)``.
    public let isReadOnly: Bool
    private let file: URL

    /// The `application_id` in the header of the SQLite file: `CURA` in ASCII.
    static let applicationID: Int32 = 0x4355_5241

    /// Creates a new workspace with a catalog. No other function creates the tables.
    ///
    /// The catalog contains the seven triggers of the reference study. It stores the near-duplicate distance, so that
    /// another default in a later program version does not change the groups of this study.
    ///
    /// - Parameters:
    ///   - profile: the profile for which import makes images.
    ///   - triggers: further triggers.
    ///   - distance: the largest distance between near-duplicates.
    ///   - detector: the detector with which photos are searched for faces.
    /// - Throws: ``CurareError`` (65) if the workspace has a catalog already. After an error, there is no workspace.
    public static func create(
        in workspace: Workspace, profile: Profile = .standard, triggers: [TriggerName] = [],
        groups distance: GroupDistance = .standard, detector: FaceDetectorKind = .hog
    ) throws -> Catalog {
        guard !workspace.exists else {
            throw CurareError(
                .badInput, "there is already a workspace here", at: workspace.root.path,
                next: "use this workspace, or choose another folder")
        }
        try workspace.create { new in
            // The file has mode 0600 before SQLite writes to it. SQLite creates the WAL file with the same mode.
            try AtomicFile.write(Data(), to: new.catalogFile)
            let catalog = try Catalog(unchecked: new.catalogFile)
            try catalog.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = \(applicationID)")
            }
            try translatingErrors(new.catalogFile) { try migrator.migrate(catalog.database) }
            try catalog.add(triggers: triggers)
            try catalog.set(profile.name, for: profileKey)
            try catalog.set(distance.description, for: distanceKey)
            try catalog.set(detector.rawValue, for: detectorKey)
            // Closing the last connection removes the WAL file, so that the catalog can be renamed.
            try translatingErrors(new.catalogFile) { try catalog.database.close() }
        }
        return try Catalog(workspace)
    }

    /// The names of the catalog's file and of the files that SQLite writes next to it.
    public static func fileNames(in workspace: Workspace) -> [String] {
        ["", "-wal", "-shm", "-journal"].map { workspace.catalogFile.lastPathComponent + $0 }
    }

    /// Opens the catalog of a workspace. A file that is empty, or that has other tables than this program creates, is
    /// an error and is not changed.
    ///
    /// - Throws: ``CurareError`` (66) if there is none; (65) if the file is not a catalog, or if a newer Curare wrote
    ///   it.
    public convenience init(_ workspace: Workspace) throws {
        // SQLite would create a missing file, and other users could read it.
        guard workspace.exists else {
            throw CurareError(
                .missingInput, "there is no catalog here", at: workspace.catalogFile.path,
                next: "make a workspace with: curare init DIR")
        }
        let file = workspace.catalogFile
        // SQLite removes the WAL file of an empty file. The WAL file can contain what the file has lost.
        guard try RegularFile.sizeWithoutOpening(file) > 0 else { throw Self.emptied(file) }
        try self.init(unchecked: file)
        try read { db in try Self.check(db, file) }
    }

    /// How a file is opened.
    enum Access {
        case writing
        /// Reads with the WAL file and its shared memory, which must exist.
        case readingLog
        /// Reads the main file alone and takes no lock: nothing is written, and no change of another process is seen.
        case immutable
    }

    /// Opens a file without checks.
    init(unchecked file: URL, _ access: Access = .writing) throws {
        self.file = file
        isReadOnly = access != .writing
        var configuration = Configuration()
        configuration.readonly = access != .writing
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // A damaged or foreign file must not run functions with side effects from its schema.
            try db.execute(
                sql: "PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON")
            let result = curare_sqlite_set_defensive(db.sqliteConnection.map { UnsafeMutableRawPointer($0) })
            guard result == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: result)) }
        }
        // Debian's SQLite reads a name that starts with "file:" as a URI.
        let name = access == .immutable ? "\(file.absoluteString)?immutable=1" : file.path
        database = try Self.translatingErrors(file) { try DatabaseQueue(path: name, configuration: configuration) }
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: Schemas.catalog)
        }
        return migrator
    }

    /// Checks that the file is a catalog of this format.
    ///
    /// - Throws: ``CurareError`` (65).
    static func check(_ db: Database, _ file: URL) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try !db.hasRows("sqlite_schema")
        guard application == applicationID || (application == 0 && isEmpty) else {
            throw CurareError(
                .badInput, "this SQLite file is not a Curare catalog (application_id \(application))", at: file.path,
                next: "choose another workspace, or restore the catalog from a backup")
        }
        guard !isEmpty else { throw emptied(file) }
        guard try db.tableExists("grdb_migrations") else {
            throw CurareError(
                .badInput, "a development version of Curare, before the first release, wrote this catalog",
                at: file.path, next: "import the photo sessions into a new workspace")
        }
        guard try !migrator.hasBeenSuperseded(db) else {
            throw CurareError(
                .badInput, "a newer version of Curare wrote this catalog", at: file.path,
                next: "use the newer Curare; nothing was changed")
        }
        let differences = try CatalogSchema(db).differences(from: CatalogSchema.expected.get())
        guard differences.isEmpty, try migrator.hasCompletedMigrations(db) else {
            throw CurareError(
                .badInput, "the catalog does not have the schema of a Curare catalog", at: file.path,
                next:
                    "\(restoring); if a development version of Curare wrote the catalog, before the first release, import "
                    + "the photo sessions into a new workspace",
                problems: differences.map { CurareError.Problem("", $0.description) })
        }
    }

    private static func emptied(_ file: URL) -> CurareError {
        CurareError(.badInput, "the catalog is empty: its records were lost", at: file.path, next: restoring)
    }

    private static let restoring =
        "restore the catalog from a backup; a new catalog would not know the withdrawn photos, which must not return"

    /// Reads in one snapshot.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translatingErrors(file) { try database.read(body) }
    }

    /// Writes in one transaction.
    func write<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translatingErrors(file) { try database.write(body) }
    }

    /// Writes without a transaction.
    func writeWithoutTransaction<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.translatingErrors(file) { try database.writeWithoutTransaction(body) }
    }

    /// Runs `body`, and throws the errors of SQLite and of invalid values as ``CurareError``.
    static func translatingErrors<T>(_ file: URL, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw curareError(for: error, file)
        } catch let error as InvalidValueError {
            throw CurareError(
                .badInput, error.message, at: file.path, next: "restore the catalog from a copy")
        }
    }

    private static func curareError(for error: DatabaseError, _ file: URL) -> CurareError {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            CurareError(
                .badInput, "the catalog is damaged or not SQLite: \(error.message ?? "")", at: file.path,
                next: "restore the catalog from a copy; the photos are unchanged")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            CurareError(
                .busy, "another process is using the catalog", at: file.path,
                next: "wait until it ends, then run the command again")
        case .SQLITE_CONSTRAINT:
            CurareError(
                .bug, "the catalog rejected an invalid record: \(error.message ?? "")", at: file.path,
                next: "please report this; nothing was stored")
        default:
            CurareError(
                .inputOutput, "the catalog could not be used: \(error.message ?? "\(error.resultCode)")", at: file.path,
                next: "check that the disk has free space and that you may write there")
        }
    }
}

extension Database {
    /// Returns whether a table or a subquery has rows.
    func hasRows(_ source: String) throws -> Bool {
        try Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM \(source))") ?? false
    }

    /// Returns the number of rows of a table or a subquery.
    func count(_ source: String) throws -> Int {
        try Int.fetchOne(self, sql: "SELECT count(*) FROM \(source)") ?? 0
    }
}
