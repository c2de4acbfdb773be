import Core
import GRDB

/// Something that a person removed from the workspace to free its space or its name.
public struct RemovalRecord: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// The name is `NAME@V`.
        case version
        /// The name is that of the run's folder.
        case run
        /// The model files of a run. The name is that of the run's folder.
        case models
    }

    public let kind: Kind
    public let name: String
    /// Whether files may still have to be removed.
    public let isPending: Bool
    /// UTC, ISO 8601.
    public let made: String

    public init(kind: Kind, name: String, isPending: Bool, made: String) {
        self.kind = kind
        self.name = name
        self.isPending = isPending
        self.made = made
    }
}

extension RemovalRecord: FetchableRecord {
    public init(row: Row) throws {
        let kind: String = row["kind"]
        let state: String = row["state"]
        self.init(
            kind: try Kind(rawValue: kind).orThrow(InvalidValueError("removal.kind", kind)), name: row["name"],
            isPending: state == "pending", made: row["made"])
    }
}

/// Removals of versions, runs and models.
extension Catalog {
    /// Records removals as pending, in one transaction and before any file is removed.
    ///
    /// - Parameter made: UTC, ISO 8601.
    public func begin(removals: [(kind: RemovalRecord.Kind, name: String)], made: String) throws {
        try write { db in
            for (kind, name) in removals {
                try db.execute(
                    sql: """
                        INSERT INTO removal (kind, name, state, made) VALUES (?, ?, 'pending', ?)
                        ON CONFLICT (kind, name) DO UPDATE SET state = excluded.state, made = excluded.made
                        """, arguments: [kind.rawValue, name, made])
                // A run that is gone has no models to miss.
                if kind == .run { try Self.deleteModels(of: name, db) }
            }
        }
    }

    /// Returns all removals, sorted by kind and name.
    public func removals() throws -> [RemovalRecord] {
        try read { db in try RemovalRecord.fetchAll(db, sql: "SELECT * FROM removal ORDER BY kind, name") }
    }

    /// Returns the names of everything of one kind that was removed, sorted.
    public func removed(_ kind: RemovalRecord.Kind) throws -> [String] {
        try removals().filter { $0.kind == kind }.map(\.name)
    }

    /// Records that all files of all pending removals are removed.
    public func endRemovals() throws {
        try write { db in try db.execute(sql: "UPDATE removal SET state = 'done' WHERE state = 'pending'") }
    }

    /// Records that the models of a run exist again.
    public func recordModels(of run: String) throws {
        try write { db in try Self.deleteModels(of: run, db) }
    }

    private static func deleteModels(of run: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM removal WHERE kind = 'models' AND name = ?", arguments: [run])
    }
}
