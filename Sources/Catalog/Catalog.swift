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
    private let file: URL

    /// The `application_id` in the header of the SQLite file: `CURA` in ASCII.
    static let applicationID: Int32 = 0x4355_5241

    /// Creates the catalog of a new workspace.
    ///
    /// The catalog contains the seven triggers of the reference study. It stores the near-duplicate distance, so that
    /// another default in a later program version does not change the groups of this study.
    ///
    /// - Parameters:
    ///   - profile: the profile for which import makes images.
    ///   - triggers: further triggers.
    ///   - distance: the largest distance between near-duplicates.
    /// - Throws: ``CurareError`` (65) if the workspace has a catalog already.
    public static func create(
        in workspace: Workspace, profile: Profile = .standard, triggers: [TriggerName] = [],
        groups distance: GroupDistance = .standard
    ) throws -> Catalog {
        guard !workspace.exists else {
            throw CurareError(
                .badInput, "there is already a workspace here", at: workspace.root.path,
                next: "use this workspace, or choose another folder")
        }
        try workspace.makeFolders()
        // The file has mode 0600 before SQLite writes to it. SQLite creates the WAL file with the same mode.
        try AtomicFile.write(Data(), to: workspace.catalogFile)
        let catalog = try Catalog(file: workspace.catalogFile)
        try catalog.add(triggers: triggers)
        try catalog.set(profile.name, for: Self.profileKey)
        try catalog.set(distance.description, for: Self.distanceKey)
        return catalog
    }

    /// The names of the catalog's file and of the files that SQLite writes next to it.
    public static func fileNames(in workspace: Workspace) -> [String] {
        ["", "-wal", "-shm", "-journal"].map { workspace.catalogFile.lastPathComponent + $0 }
    }

    /// Opens the catalog of a workspace.
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
        try self.init(file: workspace.catalogFile)
    }

    private init(file: URL) throws {
        self.file = file
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON")
        }
        database = try Self.translatingErrors(file) {
            let database = try DatabaseQueue(path: file.path, configuration: configuration)
            try Self.migrate(database, file)
            return database
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: Schemas.catalog)
        }
        return migrator
    }

    /// Creates the tables of a new file. Nothing is written to a file that this program cannot use.
    private static func migrate(_ database: DatabaseQueue, _ file: URL) throws {
        let migrator = migrator
        let isComplete = try database.read { db in
            try check(db, migrator, file)
            return try migrator.hasCompletedMigrations(db)
        }
        guard !isComplete else { return }
        try database.writeWithoutTransaction { db in
            // If the process ends after this statement, the next one recognizes the file and creates the tables.
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = \(applicationID)")
        }
        try migrator.migrate(database)
    }

    /// Checks that the file is empty or a catalog of this format.
    private static func check(_ db: Database, _ migrator: DatabaseMigrator, _ file: URL) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try !db.hasRows("sqlite_schema")
        guard application == applicationID || (application == 0 && isEmpty) else {
            throw CurareError(
                .badInput, "this SQLite file is not a Curare catalog (application_id \(application))", at: file.path,
                next: "choose another workspace")
        }
        if isEmpty { return }
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
    }

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
    private static func translatingErrors<T>(_ file: URL, _ body: () throws -> T) throws -> T {
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
