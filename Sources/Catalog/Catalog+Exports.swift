import Core
import GRDB

/// A folder outside the workspace that contains the images of a version, or a bundle: a file with its images or
/// originals. A bundle has one record for each version in it.
public struct ExportRecord: Hashable, Sendable {
    /// The ``format`` of a bundle.
    public static let bundle = "bundle"

    /// `NAME@V`
    public let version: String
    /// The digest of the version.
    public let digest: FileDigest
    public let format: String
    /// Whether numbers replace the names of the classes.
    public let isAnonymous: Bool
    /// The absolute path at the time of the export.
    public let path: String
    /// UTC, ISO 8601.
    public let made: String

    public init(version: String, digest: FileDigest, format: String, isAnonymous: Bool, path: String, made: String) {
        self.version = version
        self.digest = digest
        self.format = format
        self.isAnonymous = isAnonymous
        self.path = path
        self.made = made
    }
}

extension ExportRecord: FetchableRecord {
    public init(row: Row) throws {
        self.init(
            version: row["version"], digest: try row.digest("digest", in: "export"), format: row["format"],
            isAnonymous: row["anonymous"], path: row["path"], made: row["made"])
    }
}

extension Catalog {
    /// Stores an export.
    public func record(_ export: ExportRecord) throws { try record([export]) }

    /// Stores exports: all or none.
    public func record(_ exports: [ExportRecord]) throws {
        try write { db in
            for export in exports {
                try db.execute(
                    sql: """
                        INSERT INTO export (version, digest, format, anonymous, path, made) VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        export.version, export.digest.hex, export.format, export.isAnonymous, export.path, export.made,
                    ])
            }
        }
    }

    /// Returns the exports of a version (`NAME@V`), or of all versions, the oldest first.
    public func exports(of version: String? = nil) throws -> [ExportRecord] {
        try read { db in
            try ExportRecord.fetchAll(
                db, sql: "SELECT * FROM export WHERE ?1 IS NULL OR version = ?1 ORDER BY id", arguments: [version])
        }
    }
}
