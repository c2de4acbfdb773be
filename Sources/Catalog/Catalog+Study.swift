import Core
import GRDB

/// Triggers, volunteers, sessions and settings.
extension Catalog {
    /// Returns all triggers, sorted by name.
    public func triggers() throws -> [TriggerName] {
        try read { db in try db.names("SELECT name FROM trigger ORDER BY name") }
    }

    /// Adds triggers, and returns the number of new triggers.
    @discardableResult
    public func add(triggers: [TriggerName]) throws -> Int {
        try write { db in
            let insert = try db.makeStatement(sql: "INSERT INTO trigger (name) VALUES (?) ON CONFLICT DO NOTHING")
            var added = 0
            for trigger in triggers {
                try insert.execute(arguments: [trigger.text])
                added += db.changesCount
            }
            return added
        }
    }

    /// Returns all volunteers, sorted by name.
    public func volunteers() throws -> [Volunteer] {
        try read { db in try Volunteer.fetchAll(db, sql: "SELECT name, kind FROM volunteer ORDER BY name") }
    }

    /// Returns the kinds of the people who posed in a session. A person who is only a co-subject has no kind yet.
    public func kindsOfSessionVolunteers() throws -> [VolunteerName: VolunteerKind] {
        try read { db in
            let volunteers = try Volunteer.fetchAll(
                db, sql: "SELECT name, kind FROM volunteer WHERE name IN (SELECT volunteer FROM session_volunteer)")
            return Dictionary(uniqueKeysWithValues: volunteers.map { ($0.name, $0.kind) })
        }
    }

    /// Returns a session; nil if there is none with this name.
    public func session(_ name: SessionName) throws -> Session? {
        try read { db in
            try Session.fetchOne(db, sql: "SELECT * FROM session WHERE name = ?", arguments: [name.text])
        }
    }

    /// Returns all sessions, sorted by name.
    public func sessions() throws -> [Session] {
        try read { db in try Session.fetchAll(db, sql: "SELECT * FROM session ORDER BY name") }
    }

    /// Returns the profile for which import makes images.
    ///
    /// - Throws: ``CurareError`` (65) if the stored value is invalid.
    public func defaultProfile() throws -> Profile {
        try setting(Self.profileKey, default: .standard) { Profile(name: $0) }
    }

    /// Returns the largest distance between near-duplicates.
    ///
    /// - Throws: ``CurareError`` (65) if the stored value is invalid.
    public func groupDistance() throws -> GroupDistance {
        try setting(Self.distanceKey, default: .standard) { Int($0).flatMap(GroupDistance.init) }
    }

    /// Returns the detector with which photos are searched for faces.
    ///
    /// - Throws: ``CurareError`` (65) if the stored value is invalid.
    public func faceDetector() throws -> FaceDetectorKind {
        try setting(Self.detectorKey, default: .hog) { FaceDetectorKind(rawValue: $0) }
    }

    static let profileKey = "profile"
    static let detectorKey = "face_detector"
    static let distanceKey = "group_distance"

    /// Stores a setting.
    func set(_ value: String, for key: String) throws {
        try write { db in try Self.set(value, for: key, db) }
    }

    static func set(_ value: String, for key: String, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO setting (key, value) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """, arguments: [key, value])
    }

    /// Returns a setting. Without the setting, the default of the format applies.
    private func setting<Value>(_ key: String, default: Value, _ parse: (String) -> Value?) throws -> Value {
        try read { db in
            let sql = "SELECT value FROM setting WHERE key = ?"
            guard let text = try String.fetchOne(db, sql: sql, arguments: [key]) else { return `default` }
            return try parse(text).orThrow(InvalidValueError("setting \(key)", text))
        }
    }
}

extension Volunteer: FetchableRecord {
    public init(row: Row) throws {
        self.init(name: VolunteerName(stored: row["name"]), kind: try row.word("kind", in: "volunteer"))
    }
}

extension Session: FetchableRecord {
    public init(row: Row) throws {
        self.init(
            name: SessionName(stored: row["name"]), date: row["date"], kind: try row.word("kind", in: "session"),
            consent: try row.word("consent", in: "session"), photographer: row["photographer"],
            camera: row["camera"], place: row["place"])
    }
}
