import Core
import GRDB

/// Withdrawals: the removal of records, so that no byte of them stays in the files of the catalog.
extension Catalog {
    /// Stores a withdrawal with its tombstones, and removes the records of the photos and of the person or the session.
    ///
    /// One transaction does both. If the process ends after this transaction, the next command on the workspace
    /// completes the removal.
    ///
    /// - Parameter made: UTC, ISO 8601.
    @discardableResult
    public func begin(_ order: WithdrawalOrder, made: String) throws -> Withdrawal {
        try writeWithoutTransaction { db in
            // SQLite overwrites freed cells and pages with zeros.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.inTransaction {
                let id = try Self.insert(order, made, db)
                if let name = order.subject.volunteer { try Self.keepEarlierNames(of: name, withdrawal: id, db) }
                try Self.remove(order.photos, db)
                switch order.subject {
                case .volunteer(let name): try Self.remove(name, db)
                case .session(let name): try Self.remove(name, withdrawal: id, db)
                }
                for photo in order.photos + order.otherFiles {
                    try db.execute(
                        sql: "INSERT INTO tombstone (digest, withdrawal) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        arguments: [photo.hex, id])
                }
                return .commit
            }
        }
        return try withdrawal(of: order.subject).orThrow(
            CurareError(
                .bug, "the withdrawal of \(order.subject) was not recorded", at: database.path,
                next: "please report this"))
    }

    /// Stores the withdrawal, and returns its id. A second order for the same subject extends the first withdrawal.
    private static func insert(_ order: WithdrawalOrder, _ made: String, _ db: Database) throws -> Int64 {
        let volunteer = order.subject.volunteer?.text
        let session = order.subject.session?.text
        try db.execute(
            sql: """
                UPDATE withdrawal SET state = 'pending', keeps_models = ?3, redacts = max(redacts, ?4)
                WHERE volunteer IS ?1 AND session IS ?2
                """, arguments: [volunteer, session, order.keepsModels, order.redacts])
        if db.changesCount == 0 {
            try db.execute(
                sql: """
                    INSERT INTO withdrawal (volunteer, session, made, state, keeps_models, redacts)
                    VALUES (?, ?, ?, 'pending', ?, ?)
                    """, arguments: [volunteer, session, made, order.keepsModels, order.redacts])
        }
        let id = try Int64.fetchOne(
            db, sql: "SELECT id FROM withdrawal WHERE volunteer IS ? AND session IS ?", arguments: [volunteer, session]
        ).orThrow(InvalidValueError("withdrawal", "\(order.subject)"))
        for version in order.versions {
            try db.execute(
                sql: "INSERT INTO withdrawn_version (withdrawal, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [id, version])
        }
        for path in order.paths {
            try db.execute(
                sql: "INSERT INTO withdrawn_file (withdrawal, path) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [id, path])
        }
        return id
    }

    /// Moves the earlier names of a person to the record of the withdrawal.
    private static func keepEarlierNames(of volunteer: VolunteerName, withdrawal: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO withdrawn_alias (alias, withdrawal)
                SELECT alias, ? FROM volunteer_alias WHERE volunteer = ?
                """, arguments: [withdrawal, volunteer.text])
        try db.execute(sql: "DELETE FROM volunteer_alias WHERE volunteer = ?", arguments: [volunteer.text])
    }

    private static func remove(_ photos: [PhotoID], _ db: Database) throws {
        let photos = PhotoList(photos)
        // For each removed photo, SQLite searches images that refer to it. The primary key of `image` starts with the
        // profile.
        try db.execute(sql: "CREATE INDEX image_by_photo ON image (photo)")
        try db.execute(
            sql: """
                DELETE FROM trigger_placement WHERE label IN (SELECT id FROM label\(photos.clause("photo")))
                """, arguments: photos.arguments)
        let tables = [
            "label", "annotation_placement", "annotation", "region", "region_history", "co_subject", "measurement",
            "image", "embedding", "session_photo",
        ]
        for table in tables {
            try db.execute(sql: "DELETE FROM \(table)\(photos.clause("photo"))", arguments: photos.arguments)
        }
        try db.execute(sql: "DELETE FROM photo\(photos.clause("id"))", arguments: photos.arguments)
        try db.execute(sql: "DROP INDEX image_by_photo")
    }

    /// Removes a person, including the person's labels in the histories of photos that now show someone else, and the
    /// annotations that name the person. Then removes the person's sessions that have no photo and no volunteer left.
    private static func remove(_ volunteer: VolunteerName, _ db: Database) throws {
        let name: StatementArguments = [volunteer.text]
        try db.execute(
            sql: "DELETE FROM trigger_placement WHERE label IN (SELECT id FROM label WHERE volunteer = ?)",
            arguments: name)
        try db.execute(
            sql: """
                DELETE FROM annotation_placement
                WHERE (photo, author) IN (SELECT photo, author FROM annotation WHERE volunteer = ?)
                """, arguments: name)
        for table in ["label", "annotation", "co_subject"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE volunteer = ?", arguments: name)
        }
        let sessions = try String.fetchAll(
            db, sql: "SELECT session FROM session_volunteer WHERE volunteer = ?", arguments: name)
        try db.execute(sql: "DELETE FROM session_volunteer WHERE volunteer = ?", arguments: name)
        for session in sessions {
            try db.execute(
                sql: """
                    DELETE FROM session WHERE name = ?1
                        AND NOT EXISTS (SELECT 1 FROM session_photo WHERE session = ?1)
                        AND NOT EXISTS (SELECT 1 FROM session_volunteer WHERE session = ?1)
                    """, arguments: [session])
        }
        try db.execute(sql: "DELETE FROM volunteer WHERE name = ?", arguments: name)
        let earlier: [VolunteerName] = try db.names(
            """
            SELECT alias FROM withdrawn_alias a JOIN withdrawal w ON w.id = a.withdrawal WHERE w.volunteer = ?
            ORDER BY alias
            """, name)
        for name in [volunteer] + earlier {
            try removeVersionNames(with: name, db)
            try removeAuthor(name, db)
            try removeAcceptances(naming: name, db)
        }
    }

    /// Removes a person as the author of records: the author of labels and boxes, and all annotations of the person.
    private static func removeAuthor(_ volunteer: VolunteerName, _ db: Database) throws {
        let name: StatementArguments = [volunteer.text]
        for table in ["label", "region_history"] {
            try db.execute(sql: "UPDATE \(table) SET author = NULL WHERE lower(author) = ?", arguments: name)
        }
        for table in ["annotation_placement", "annotation"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE lower(author) = ?", arguments: name)
        }
    }

    /// Removes the accepted findings whose reason or author contains the pseudonym as a word. The findings are open again.
    private static func removeAcceptances(naming volunteer: VolunteerName, _ db: Database) throws {
        for finding in try acceptedFindings(db) {
            let texts = [finding.acceptance.reason, finding.acceptance.author?.text].compactMap(\.self)
            guard texts.contains(where: volunteer.isWord) else { continue }
            try Self.delete(finding.check, finding.key, db)
        }
    }

    /// Removes the records of version names and of grids whose names contain the pseudonym between separators, such as
    /// `study-to-ada`. Such a name then means the highest number, and belongs to no grid.
    private static func removeVersionNames(with volunteer: VolunteerName, _ db: Database) throws {
        func withHyphens(_ text: String) -> String { "'-' || replace(replace(\(text), '.', '-'), '_', '-') || '-'" }
        for (table, column) in [("current_version", "name"), ("grid_version", "name"), ("grid_version", "grid")] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE instr(\(withHyphens(column)), \(withHyphens("?"))) > 0",
                arguments: [volunteer.text])
        }
    }

    /// Removes a session, and the people who are not in any other record. Their earlier names stay reserved.
    private static func remove(_ session: SessionName, withdrawal: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM session_volunteer WHERE session = ?", arguments: [session.text])
        try db.execute(sql: "DELETE FROM session WHERE name = ?", arguments: [session.text])
        let unmentioned = """
            SELECT name FROM volunteer
            WHERE NOT EXISTS (SELECT 1 FROM session_volunteer v WHERE v.volunteer = name)
                AND NOT EXISTS (SELECT 1 FROM co_subject c WHERE c.volunteer = name)
                AND NOT EXISTS (SELECT 1 FROM label l WHERE l.volunteer = name)
                AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.volunteer = name)
            """
        try db.execute(
            sql: """
                INSERT INTO withdrawn_alias (alias, withdrawal)
                SELECT alias, ? FROM volunteer_alias WHERE volunteer IN (\(unmentioned))
                """, arguments: [withdrawal])
        let names: [VolunteerName] = try db.names(
            "\(unmentioned) UNION SELECT alias FROM volunteer_alias WHERE volunteer IN (\(unmentioned))")
        for name in names {
            try removeAuthor(name, db)
            try removeAcceptances(naming: name, db)
        }
        try db.execute(sql: "DELETE FROM volunteer_alias WHERE volunteer IN (\(unmentioned))")
        try db.execute(sql: "DELETE FROM volunteer WHERE name IN (\(unmentioned))")
    }

    /// Records what a withdrawal clears, before any of these files is removed. `curare check` then knows why files of runs
    /// and folders of versions are missing.
    ///
    /// - Parameters:
    ///   - runs: the names of the finished runs that the withdrawal clears.
    ///   - undecided: the versions that are unreadable, changed or missing, as `NAME@V`.
    ///   - intact: the versions that are intact, as `NAME@V`. They need no decision any more.
    public func record(
        clearedRuns runs: [String], undecidedVersions undecided: [String], intactVersions intact: [String],
        by withdrawal: Withdrawal
    ) throws {
        try write { db in
            for run in runs {
                try db.execute(
                    sql: "INSERT INTO cleared_run (withdrawal, run) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    arguments: [withdrawal.id, run])
            }
            for version in undecided {
                try db.execute(
                    sql: "INSERT INTO undecided_version (withdrawal, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    arguments: [withdrawal.id, version])
            }
            for version in intact {
                try db.execute(sql: "DELETE FROM undecided_version WHERE version = ?", arguments: [version])
            }
        }
    }

    /// Writes the files of the catalog again, without freed pages and with an empty WAL file. The new files contain no
    /// deleted record.
    ///
    /// - Throws: ``CurareError`` (75) if another process reads the catalog and does not end.
    public func wipe() throws {
        try writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try Self.truncateLog(db)
            try db.execute(sql: "VACUUM")
            try Self.truncateLog(db)
        }
    }

    private static func truncateLog(_ db: Database) throws {
        // The first column of the result is 1 if another connection prevents the checkpoint.
        let isBusy = try Bool.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? true
        if isBusy { throw DatabaseError(resultCode: .SQLITE_BUSY) }
    }

    /// Records that all is removed.
    ///
    /// - Parameter isComplete: false when files are left about which a person must decide.
    public func end(_ withdrawal: Withdrawal, isComplete: Bool = true) throws {
        let state = isComplete ? Withdrawal.State.done : .incomplete
        try write { db in
            try db.execute(sql: "DELETE FROM withdrawn_file WHERE withdrawal = ?", arguments: [withdrawal.id])
            try db.execute(
                sql: "UPDATE withdrawal SET state = ? WHERE id = ?", arguments: [state.rawValue, withdrawal.id])
        }
    }
}
