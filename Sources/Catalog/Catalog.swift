import Core
import Foundation
import GRDB
import Schemas
import Storage

/// The one owner of a workspace's SQLite file: records in, facts out, every write one transaction.
///
/// Reads and writes stand in `Queries/`; no SQL is written anywhere else in the house.
public final class Catalog: Sendable {
    let database: DatabaseQueue

    /// `CURA` in ASCII: what SQLite's header says of a file that is ours.
    static let applicationID: Int32 = 0x4355_5241

    /// Makes the catalog of a new workspace, with the study's seven triggers. The distance of near-duplicates is kept in it, so that a later standard
    /// does not change a study's groups.
    ///
    /// - Parameter profile: what import makes images for.
    /// - Throws: ``CurareError`` (65) where there is a catalog already.
    public static func create(
        in workspace: Workspace, profile: Profile = .standard, triggers: [TriggerName] = [],
        groups distance: GroupDistance = .standard
    ) throws -> Catalog {
        guard !workspace.exists else {
            throw CurareError(
                .badInput, "there is a workspace here already", at: workspace.root.path,
                next: "use it, or choose another folder")
        }
        try workspace.makeFolders()
        // 0600 before SQLite writes a byte; its WAL takes the same permissions.
        try AtomicFile.write(Data(), to: workspace.catalogFile)
        let catalog = try Catalog(file: workspace.catalogFile)
        try catalog.add(triggers: triggers)
        try catalog.set(profile.name, for: Self.profileKey)
        try catalog.set(distance.description, for: Self.distanceKey)
        return catalog
    }

    /// Opens a workspace's catalog, and brings an older one up to date.
    ///
    /// - Throws: ``CurareError`` (66) where there is none, (65) where the file is no catalog or comes from a newer Curare.
    public convenience init(_ workspace: Workspace) throws {
        // SQLite would make an empty file, readable by all, of whatever name it is given.
        guard workspace.exists else {
            throw CurareError(
                .missingInput, "there is no catalog here", at: workspace.catalogFile.path,
                next: "make a workspace with: curare init DIR")
        }
        try self.init(file: workspace.catalogFile)
    }

    private init(file: URL) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON")
        }
        do {
            database = try DatabaseQueue(path: file.path, configuration: configuration)
            try Self.migrate(database, file)
        } catch let error as DatabaseError {
            throw Self.refusal(for: error, file)
        }
    }

    private static func migrate(_ database: DatabaseQueue, _ file: URL) throws {
        let (application, version, tables) = try database.read { db in
            (
                try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            )
        }
        let migrations = Schemas.migrations
        guard application == applicationID || (application == 0 && tables == 0) else {
            throw CurareError(
                .badInput, "this SQLite file is not a Curare catalog (application_id \(application))", at: file.path,
                next: "choose another workspace")
        }
        guard version <= migrations.count else {
            throw CurareError(
                .badInput, "this catalog has format \(version); this Curare knows formats up to \(migrations.count)",
                at: file.path,
                next: "use the newer Curare that wrote it; nothing was changed")
        }
        guard version < migrations.count else { return }
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.inTransaction {
                for migration in migrations[version...] { try db.execute(sql: migration) }
                try db.execute(
                    sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(migrations.count)")
                return .commit
            }
        }
    }

    /// Turns SQLite's failure into words; the one place that does.
    static func refusal(for error: DatabaseError, _ file: URL) -> CurareError {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            CurareError(
                .badInput, "the catalog is damaged or not SQLite: \(error.message ?? "")", at: file.path,
                next: "restore it from a copy; the photos are untouched")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            CurareError(
                .busy, "another process is using the catalog", at: file.path,
                next: "wait for it to end, then run the command again")
        case .SQLITE_CONSTRAINT:
            CurareError(
                .bug, "the catalog refused a record that breaks its rules: \(error.message ?? "")", at: file.path,
                next: "please report this; nothing was stored")
        default:
            CurareError(
                .inputOutput, "the catalog could not be used: \(error.message ?? "\(error.resultCode)")", at: file.path,
                next: "see that the disk has room and that you may write there")
        }
    }

    /// Reads in one snapshot.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        do { return try database.read(body) } catch let error as DatabaseError {
            throw Self.refusal(for: error, URL(filePath: database.path))
        }
    }

    /// Writes in one transaction: all of it or nothing.
    func write<T>(_ body: (Database) throws -> T) throws -> T {
        do { return try database.write(body) } catch let error as DatabaseError {
            throw Self.refusal(for: error, URL(filePath: database.path))
        }
    }
}
