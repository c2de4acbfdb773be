import Core
import Foundation
import GRDB

/// Taking records out so that no byte of them stays in the catalog's files.
extension Catalog {
    /// Writes the tombstones, and takes out what the catalog knows of the photos and of who or what withdraws: one transaction, after which the removal is
    /// finished by whoever opens the workspace next.
    ///
    /// - Parameter made: UTC, ISO 8601.
    @discardableResult
    public func begin(_ order: WithdrawalOrder, made: String) throws -> Withdrawal {
        try outsideOfTransactions { db in
            // Cells and pages are filled with zeros as they are freed.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.inTransaction {
                let id = try Self.insert(order, made, db)
                try Self.remove(order.photos, db)
                switch order.subject {
                case .volunteer(let name): try Self.remove(name, db)
                case .session(let name): try Self.remove(name, db)
                }
                for photo in order.photos + order.otherFiles {
                    try db.execute(
                        sql: "INSERT INTO tombstone (photo, withdrawal) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        arguments: [photo.hex, id])
                }
                return .commit
            }
        }
        guard let withdrawal = try withdrawal(of: order.subject) else {
            throw CurareError(
                .bug, "the withdrawal of \(order.subject) was not recorded", at: database.path,
                next: "please report this")
        }
        return withdrawal
    }

    private static func insert(_ order: WithdrawalOrder, _ made: String, _ db: Database) throws -> Int64 {
        let (volunteer, session): (String?, String?) =
            switch order.subject {
            case .volunteer(let name): (name.text, nil)
            case .session(let name): (nil, name.text)
            }
        // Who withdraws again asks for more: redaction, or the models that were kept.
        try db.execute(
            sql: """
                UPDATE withdrawal SET state = 'pending', keeps_models = ?3, redacts = max(redacts, ?4) WHERE volunteer IS ?1 AND session IS ?2
                """, arguments: [volunteer, session, order.keepsModels, order.redacts])
        if db.changesCount == 0 {
            try db.execute(
                sql:
                    "INSERT INTO withdrawal (volunteer, session, made, state, keeps_models, redacts) VALUES (?, ?, ?, 'pending', ?, ?)",
                arguments: [volunteer, session, made, order.keepsModels, order.redacts])
        }
        let id =
            try Int64.fetchOne(
                db, sql: "SELECT id FROM withdrawal WHERE volunteer IS ? AND session IS ?",
                arguments: [volunteer, session]) ?? 0
        for version in order.versions {
            try db.execute(
                sql: "INSERT INTO withdrawn_version VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [id, version])
        }
        for path in order.paths {
            try db.execute(
                sql: "INSERT INTO withdrawn_file VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [id, path])
        }
        return id
    }

    private static func remove(_ photos: [PhotoID], _ db: Database) throws {
        let list: StatementArguments = [Self.list(photos)]
        let these = "(SELECT value FROM json_each(?))"
        // SQLite looks for the images of every photo that goes; their own key begins with the profile.
        try db.execute(sql: "CREATE INDEX image_by_photo ON image (photo)")
        try db.execute(
            sql: "DELETE FROM worn WHERE label IN (SELECT id FROM label WHERE photo IN \(these))", arguments: list)
        for table in ["label", "region", "companion", "measure", "image", "appearance"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE photo IN \(these)", arguments: list)
        }
        try db.execute(sql: "DELETE FROM photo WHERE id IN \(these)", arguments: list)
        try db.execute(sql: "DROP INDEX image_by_photo")
    }

    /// Also takes them out of the histories of photos that show somebody else.
    private static func remove(_ volunteer: VolunteerName, _ db: Database) throws {
        let name: StatementArguments = [volunteer.text]
        try db.execute(
            sql: "DELETE FROM worn WHERE label IN (SELECT id FROM label WHERE volunteer = ?)", arguments: name)
        for table in ["label", "companion"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE volunteer = ?", arguments: name)
        }
        let sessions = try String.fetchAll(db, sql: "SELECT session FROM sitter WHERE volunteer = ?", arguments: name)
        try db.execute(sql: "DELETE FROM sitter WHERE volunteer = ?", arguments: name)
        for session in sessions {
            try db.execute(
                sql: """
                    DELETE FROM session WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM appearance WHERE session = ?1) AND NOT EXISTS (SELECT 1 FROM sitter WHERE session = ?1)
                    """, arguments: [session])
        }
        try db.execute(sql: "DELETE FROM volunteer WHERE name = ?", arguments: name)
    }

    /// Also takes out whoever is known by this session alone.
    private static func remove(_ session: SessionName, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM sitter WHERE session = ?", arguments: [session.text])
        try db.execute(sql: "DELETE FROM session WHERE name = ?", arguments: [session.text])
        try db.execute(
            sql: """
                DELETE FROM volunteer WHERE NOT EXISTS (SELECT 1 FROM sitter s WHERE s.volunteer = name) AND NOT EXISTS (SELECT 1 FROM companion c WHERE c.volunteer = name)
                    AND NOT EXISTS (SELECT 1 FROM label l WHERE l.volunteer = name)
                """)
    }

    /// Makes the catalog's files anew without what was deleted: freed pages, and the log that held pages as they were.
    ///
    /// - Throws: ``CurareError`` (75) where another process reads the catalog and does not end.
    public func wipe() throws {
        try outsideOfTransactions { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try Self.emptyLog(db)
            try db.execute(sql: "VACUUM")
            try Self.emptyLog(db)
        }
    }

    private static func emptyLog(_ db: Database) throws {
        let isBusy = try Bool.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? true
        if isBusy { throw DatabaseError(resultCode: .SQLITE_BUSY) }
    }

    /// Says that nothing is left to remove.
    public func end(_ withdrawal: Withdrawal) throws {
        try write { db in
            try db.execute(sql: "DELETE FROM withdrawn_file WHERE withdrawal = ?", arguments: [withdrawal.id])
            try db.execute(sql: "UPDATE withdrawal SET state = 'done' WHERE id = ?", arguments: [withdrawal.id])
        }
    }

    private func outsideOfTransactions(_ body: (Database) throws -> Void) throws {
        do { try database.writeWithoutTransaction(body) } catch let error as DatabaseError {
            throw Self.refusal(for: error, URL(filePath: database.path))
        }
    }
}
