import Core
import GRDB

/// The findings of audits that a person accepted.
extension Catalog {
    /// Returns all accepted findings, sorted by check and key.
    public func acceptedFindings() throws -> [AcceptedFinding] {
        try read { db in try Self.acceptedFindings(db) }
    }

    static func acceptedFindings(_ db: Database) throws -> [AcceptedFinding] {
        let sql = "SELECT check_name, key, reason, author, made FROM accepted_finding ORDER BY check_name, key"
        return try Row.fetchAll(db, sql: sql).map { row in
            AcceptedFinding(
                check: row["check_name"], key: row["key"],
                Acceptance(stored: row["reason"], author: row.author, made: row["made"]))
        }
    }

    /// Stores an accepted finding. An earlier acceptance of the same finding is replaced.
    public func store(_ finding: AcceptedFinding) throws {
        try write { db in
            let acceptance = finding.acceptance
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO accepted_finding (check_name, key, reason, author, made)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    finding.check, finding.key, acceptance.reason, acceptance.author?.text, acceptance.made,
                ])
        }
    }

    /// Removes the acceptance of a finding. The finding is open again.
    public func reopen(_ finding: AcceptedFinding) throws {
        try write { db in try Self.delete(finding.check, finding.key, db) }
    }

    static func delete(_ check: String, _ key: String, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM accepted_finding WHERE check_name = ? AND key = ?", arguments: [check, key])
    }
}
