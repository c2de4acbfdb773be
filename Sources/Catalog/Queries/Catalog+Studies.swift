import Core
import GRDB

/// Triggers, sessions, volunteers and settings: what a study is made of before its photos.
extension Catalog {
    public func triggers() throws -> [TriggerName] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT name FROM trigger ORDER BY name").map(TriggerName.init(stored:))
        }
    }

    /// Adds the triggers that are not there yet; returns how many those were.
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

    public func volunteers() throws -> [Volunteer] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, kind FROM volunteer ORDER BY name").map { row in
                Volunteer(name: VolunteerName(stored: row["name"]), kind: VolunteerKind(rawValue: row["kind"]) ?? .volunteer)
            }
        }
    }

    /// The kinds of those who posed in a session; who was only seen beside others has none yet.
    public func kindsOfSitters() throws -> [VolunteerName: VolunteerKind] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT name, kind FROM volunteer WHERE name IN (SELECT volunteer FROM sitter)")
            return Dictionary(
                uniqueKeysWithValues: rows.compactMap { row in
                    VolunteerKind(rawValue: row["kind"]).map { (VolunteerName(stored: row["name"]), $0) }
                })
        }
    }

    public func session(_ name: SessionName) throws -> Session? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM session WHERE name = ?", arguments: [name.text]).map(
                Session.init(row:))
        }
    }

    public func sessions() throws -> [Session] {
        try read { db in try Row.fetchAll(db, sql: "SELECT * FROM session ORDER BY name").map(Session.init(row:)) }
    }

    /// Changes what is known of a session's consent. `withdrawn` cannot be stored.
    public func set(consent: Consent, of session: SessionName) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE session SET consent = ? WHERE name = ?", arguments: [consent.rawValue, session.text])
        }
    }

    /// How many of a session's photos may be used today, and who else is visible in them without papers.
    public func consent(in session: SessionName) throws -> (photos: Int, usable: Int, waitingFor: [VolunteerName]) {
        let photos = Set(try self.photos(in: session).map(\.photo))
        var usable = 0
        try forEachPhoto { if $0.consented, photos.contains($0.photo) { usable += 1 } }
        let waitingFor = try read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT c.volunteer FROM appearance a JOIN companion c ON c.photo = a.photo WHERE a.session = ? AND \(Self.lacksConsent) ORDER BY c.volunteer
                    """, arguments: [session.text])
        }
        return (photos.count, usable, waitingFor.map(VolunteerName.init(stored:)))
    }

    /// The profile that import makes images for.
    public func defaultProfile() throws -> Profile {
        try setting(Self.profileKey).flatMap(Profile.init(name:)) ?? .standard
    }

    /// In how many bits near-duplicates differ at most.
    ///
    /// - Throws: ``CurareError`` (65) where something else stands in the catalog.
    public func groupDistance() throws -> GroupDistance {
        guard let text = try setting(Self.distanceKey) else { return .standard }
        guard let distance = Int(text).flatMap(GroupDistance.init) else {
            throw CurareError(
                .badInput, "the catalog's \(Self.distanceKey) is \"\(text.prefix(40))\"; a number from 0 to 3 is meant",
                next: "take the catalog from a copy")
        }
        return distance
    }

    static let profileKey = "profile", distanceKey = "group_distance"

    func set(_ value: String, for key: String) throws {
        try write { db in
            try db.execute(
                sql:
                    "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                arguments: [key, value])
        }
    }

    func setting(_ key: String) throws -> String? {
        try read { db in try String.fetchOne(db, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key]) }
    }
}

extension Session {
    init(row: Row) {
        self.init(
            name: SessionName(stored: row["name"]), date: row["date"], kind: VolunteerKind(rawValue: row["kind"]) ?? .volunteer,
            consent: Consent(rawValue: row["consent"]) ?? .missing, photographer: row["photographer"],
            camera: row["camera"], place: row["place"])
    }
}
