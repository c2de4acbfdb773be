import Core
import GRDB

/// Exports: what left the study, and where to.
extension Catalog {
    public func record(_ export: ExportRecord) throws {
        try write { db in
            try db.execute(
                sql: "INSERT INTO export (version, digest, format, anonymous, path, made) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    export.version, export.digest.hex, export.format, export.isAnonymous, export.path, export.made,
                ])
        }
    }

    /// The exports of `version` (`NAME@V`) in the order in which they were made; of all versions where it is nil.
    public func exports(of version: String? = nil) throws -> [ExportRecord] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM export WHERE ?1 IS NULL OR version = ?1 ORDER BY id", arguments: [version]
            ).compactMap { row in
                FileDigest(hex: row["digest"]).map {
                    ExportRecord(
                        version: row["version"], digest: $0, format: row["format"], isAnonymous: row["anonymous"],
                        path: row["path"], made: row["made"])
                }
            }
        }
    }
}
