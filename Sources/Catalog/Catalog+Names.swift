import Core
import GRDB

/// How often the catalog mentions a person.
public struct VolunteerRecords: Hashable, Sendable {
    /// The number of photos whose label that counts names the person.
    public let photos: Int
    /// The number of photos in which the person is also visible.
    public let alsoVisible: Int
    /// The sessions in which the person posed, sorted by name.
    public let sessions: [Session]

    /// The sessions without a consent that allows the use of photos.
    public var sessionsWithoutConsent: [SessionName] { sessions.filter { !$0.consent.allowsUse }.map(\.name) }
}

/// How often the catalog mentions a trigger.
public struct TriggerRecords: Hashable, Sendable {
    /// The number of photos whose label that counts has the trigger.
    public let photos: Int
    /// The number of the other photos that have the trigger in another label of their history.
    public let photosInHistory: Int
    /// The number of photos of which a further annotator's label has the trigger.
    public let annotatedPhotos: Int
}

/// New names for people and triggers. A rename changes the name in all records, the label history included, and stores
/// the earlier name.
extension Catalog {
    /// Returns all earlier names of the people and the triggers in the study.
    public func earlierNames() throws -> EarlierNames {
        try read { db in
            func pairs<Of>(_ sql: String) throws -> [Name<Of>: Name<Of>] {
                let rows = try Row.fetchAll(db, sql: sql)
                return Dictionary(
                    uniqueKeysWithValues: rows.map { (Name<Of>(stored: $0["alias"]), Name<Of>(stored: $0["name"])) })
            }
            return EarlierNames(
                volunteers: try pairs("SELECT alias, volunteer AS name FROM volunteer_alias"),
                triggers: try pairs("SELECT alias, trigger AS name FROM trigger_alias"))
        }
    }

    /// Returns the earlier names of a person, sorted. The person can be in the study or can have withdrawn.
    public func earlierNames(of volunteer: VolunteerName) throws -> [VolunteerName] {
        try read { db in
            try db.names(
                """
                SELECT alias FROM volunteer_alias WHERE volunteer = ?1
                UNION SELECT a.alias FROM withdrawn_alias a JOIN withdrawal w ON w.id = a.withdrawal
                WHERE w.volunteer = ?1
                ORDER BY alias
                """, [volunteer.text])
        }
    }

    /// Returns the names, current and earlier, of all people who have withdrawn. None of these names is used again.
    public func withdrawnNames() throws -> Set<VolunteerName> {
        try read { db in
            Set(
                try db.names(
                    """
                    SELECT volunteer FROM withdrawal WHERE volunteer IS NOT NULL
                    UNION SELECT alias FROM withdrawn_alias
                    """))
        }
    }

    // MARK: - People

    /// Returns how often the catalog mentions a person.
    public func records(of volunteer: VolunteerName) throws -> VolunteerRecords {
        try read { db in
            let name: StatementArguments = [volunteer.text]
            let labels = Set(try Int.fetchAll(db, sql: "SELECT id FROM label WHERE volunteer = ?", arguments: name))
            let coSubject = "SELECT count(*) FROM co_subject WHERE volunteer = ?"
            return VolunteerRecords(
                photos: try Self.countPhotos(labels, db).current,
                alsoVisible: try Int.fetchOne(db, sql: coSubject, arguments: name) ?? 0,
                sessions: try Session.fetchAll(
                    db,
                    sql: """
                        SELECT s.* FROM session s JOIN session_volunteer v ON v.session = s.name WHERE v.volunteer = ?
                        ORDER BY s.name
                        """, arguments: name))
        }
    }

    /// Returns the sessions of the photos in which each person poses, is also visible, or was labelled at any time.
    public func sessionsOfVolunteers() throws -> [VolunteerName: Set<SessionName>] {
        try read { db in
            let rows = try RawRows(
                db,
                """
                SELECT volunteer, session FROM session_volunteer
                UNION SELECT c.volunteer, p.session FROM co_subject c JOIN session_photo p ON p.photo = c.photo
                UNION SELECT l.volunteer, p.session FROM label l JOIN session_photo p ON p.photo = l.photo
                """)
            var sessions: [VolunteerName: Set<SessionName>] = [:]
            while try rows.next() {
                sessions[VolunteerName(stored: rows.text(0)), default: []].insert(SessionName(stored: rows.text(1)))
            }
            return sessions
        }
    }

    /// Gives a person another name, in one transaction. The earlier name stays reserved for the person.
    ///
    /// - Parameter name: a name that no other person has or had.
    public func rename(_ volunteer: VolunteerName, to name: VolunteerName) throws {
        try write { db in
            try db.execute(
                sql: "INSERT INTO volunteer (name, kind) SELECT ?2, kind FROM volunteer WHERE name = ?1",
                arguments: [volunteer.text, name.text])
            // A person can get an earlier name of their own back.
            try db.execute(sql: "DELETE FROM volunteer_alias WHERE alias = ?", arguments: [name.text])
            try Self.move(volunteer, to: name, db)
        }
    }

    /// Makes two names of one person one name, in one transaction. The name `volunteer` stays reserved for the person.
    ///
    /// - Parameter other: another person in the study.
    public func merge(_ volunteer: VolunteerName, into other: VolunteerName) throws {
        try write { db in
            let names: StatementArguments = [volunteer.text, other.text]
            // A person who was only a co-subject has the kind of the sessions in which the other name posed.
            try db.execute(
                sql: """
                    UPDATE volunteer SET kind = (SELECT kind FROM volunteer WHERE name = ?1) WHERE name = ?2
                        AND NOT EXISTS (SELECT 1 FROM session_volunteer WHERE volunteer = ?2)
                        AND EXISTS (SELECT 1 FROM session_volunteer WHERE volunteer = ?1)
                    """, arguments: names)
            // A photo or a session can have both names.
            for (table, key) in [("session_volunteer", "session"), ("co_subject", "photo")] {
                try db.execute(
                    sql: """
                        DELETE FROM \(table) WHERE volunteer = ?1
                            AND \(key) IN (SELECT \(key) FROM \(table) WHERE volunteer = ?2)
                        """, arguments: names)
            }
            try Self.move(volunteer, to: other, db)
            try Self.removeCoSubject(other, fromOwnPhotos: db)
        }
    }

    /// Replaces the name in all records, removes the person of that name, and stores the name as an earlier name.
    private static func move(_ volunteer: VolunteerName, to name: VolunteerName, _ db: Database) throws {
        let names: StatementArguments = [volunteer.text, name.text]
        for table in ["session_volunteer", "co_subject", "label", "annotation", "volunteer_alias"] {
            try db.execute(sql: "UPDATE \(table) SET volunteer = ?2 WHERE volunteer = ?1", arguments: names)
        }
        try db.execute(sql: "DELETE FROM volunteer WHERE name = ?", arguments: [volunteer.text])
        try db.execute(sql: "INSERT INTO volunteer_alias (alias, volunteer) VALUES (?1, ?2)", arguments: names)
    }

    /// Removes the person from the other visible people of photos whose label that counts names the person.
    private static func removeCoSubject(_ name: VolunteerName, fromOwnPhotos db: Database) throws {
        let photos = PhotoList(try db.photos("SELECT photo FROM co_subject WHERE volunteer = ?", [name.text]))
        let labels = try LabelCache(db, photos)
        var effective = try EffectiveLabels(db, photos)
        var own: [PhotoID] = []
        while let label = try effective.next() {
            if try labels.label(label.id).volunteer == name { own.append(label.photo) }
        }
        for photo in own {
            try db.execute(
                sql: "DELETE FROM co_subject WHERE photo = ? AND volunteer = ?", arguments: [photo.hex, name.text])
        }
    }

    // MARK: - Triggers

    /// Returns how often the catalog mentions a trigger.
    public func records(of trigger: TriggerName) throws -> TriggerRecords {
        try read { db in
            let sql = "SELECT DISTINCT label FROM trigger_placement WHERE trigger = ?"
            let labels = Set(try Int.fetchAll(db, sql: sql, arguments: [trigger.text]))
            let count = try Self.countPhotos(labels, db)
            let annotated = "SELECT count(DISTINCT photo) FROM annotation_placement WHERE trigger = ?"
            return TriggerRecords(
                photos: count.current, photosInHistory: count.all - count.current,
                annotatedPhotos: try Int.fetchOne(db, sql: annotated, arguments: [trigger.text]) ?? 0)
        }
    }

    /// Returns the number of photos with one of `labels`, and the number of those whose label that counts is one of
    /// `labels`.
    private static func countPhotos(_ labels: Set<Int>, _ db: Database) throws -> (all: Int, current: Int) {
        guard !labels.isEmpty else { return (0, 0) }
        var photos: Set<PhotoID> = []
        let rows = try RawRows(db, "SELECT id, photo FROM label")
        while try rows.next() {
            if labels.contains(rows.int(0)) { photos.insert(try rows.photo(1)) }
        }
        var current = 0
        var effective = try EffectiveLabels(db, PhotoList(nil))
        while let label = try effective.next() {
            if labels.contains(label.id) { current += 1 }
        }
        return (photos.count, current)
    }

    /// Gives a trigger another name, in one transaction. The earlier name stays reserved for the trigger.
    ///
    /// - Parameter name: a name that no other trigger has or had.
    public func rename(_ trigger: TriggerName, to name: TriggerName) throws {
        try write { db in
            let names: StatementArguments = [trigger.text, name.text]
            try db.execute(sql: "INSERT INTO trigger (name) VALUES (?)", arguments: [name.text])
            // A trigger can get an earlier name of its own back.
            try db.execute(sql: "DELETE FROM trigger_alias WHERE alias = ?", arguments: [name.text])
            for table in ["trigger_placement", "annotation_placement", "trigger_alias"] {
                try db.execute(sql: "UPDATE \(table) SET trigger = ?2 WHERE trigger = ?1", arguments: names)
            }
            try db.execute(sql: "DELETE FROM trigger WHERE name = ?", arguments: [trigger.text])
            try db.execute(sql: "INSERT INTO trigger_alias (alias, trigger) VALUES (?1, ?2)", arguments: names)
        }
    }

    /// Removes a trigger that no label and no annotation has, and its earlier names.
    public func remove(_ trigger: TriggerName) throws {
        try write { db in
            try db.execute(sql: "DELETE FROM trigger_alias WHERE trigger = ?", arguments: [trigger.text])
            try db.execute(sql: "DELETE FROM trigger WHERE name = ?", arguments: [trigger.text])
        }
    }
}
