import Core
import GRDB

/// Consent: the rule that decides which photos may be used.
extension Catalog {
    /// Changes the consent of a session. `withdrawn` cannot be stored.
    public func set(consent: Consent, of session: SessionName) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE session SET consent = ? WHERE name = ?", arguments: [consent.rawValue, session.text])
        }
    }

    /// Returns the number of a session's photos, the number of photos that may be used today, and the other people in
    /// the photos who have not consented.
    public func consent(in session: SessionName) throws -> (photos: Int, usable: Int, waitingFor: [VolunteerName]) {
        let photos = try photos(in: session).map(\.photo)
        var usable = 0
        try forEachPhoto(photos, FetchOptions(landmarks: .none, quality: false)) { if $0.consented { usable += 1 } }
        let waitingFor = try read { db in
            let index = try ConsentIndex(db)
            let coSubjects: [VolunteerName] = try db.names(
                """
                SELECT DISTINCT c.volunteer FROM session_photo a JOIN co_subject c ON c.photo = a.photo
                WHERE a.session = ? ORDER BY c.volunteer
                """, [session.text])
            return coSubjects.filter { !index.hasConsent($0.utf8) }
        }
        return (photos.count, usable, waitingFor)
    }
}

/// The consent rule. No other type implements this rule. An index has the sessions and the volunteers of a study by the
/// bytes of their names.
///
/// A photo may be used if all its sessions have consent and all co-subjects have consented. A co-subject has consented
/// if they posed in at least one session, and all sessions in which they posed have consent. ``Consent/allowsUse``
/// defines which sessions have consent.
struct ConsentIndex {
    struct IndexedSession {
        let name: SessionName
        let date: InternedString
        let hasConsent: Bool
    }

    private var sessions = ByteKeyedCache<IndexedSession>()
    /// The people who posed in a session, and whether all their sessions have consent.
    private var volunteerConsent = ByteKeyedCache<Bool>()
    private var kinds: [VolunteerName: VolunteerKind] = [:]

    init(_ db: Database) throws {
        let consents = WordColumn<Consent>("session.consent")
        let sessionRows = try RawRows(db, "SELECT name, date, consent FROM session")
        while try sessionRows.next() {
            let session = IndexedSession(
                name: SessionName(stored: sessionRows.text(0)), date: InternedString(sessionRows.text(1)),
                hasConsent: try consents.word(sessionRows.bytes(2)).allowsUse)
            sessions.put(session, at: sessionRows.text(0))
        }
        var hasConsent: [String: Bool] = [:]
        let posed = try RawRows(db, "SELECT volunteer, session FROM session_volunteer")
        while try posed.next() {
            hasConsent[posed.text(0), default: true] =
                try hasConsent[posed.text(0), default: true]
                && session(posed.bytes(1)).hasConsent
        }
        for (volunteer, consent) in hasConsent { volunteerConsent.put(consent, at: volunteer) }
        let kindWords = WordColumn<VolunteerKind>("volunteer.kind")
        let volunteerRows = try RawRows(db, "SELECT name, kind FROM volunteer")
        while try volunteerRows.next() {
            kinds[VolunteerName(stored: volunteerRows.text(0))] = try kindWords.word(volunteerRows.bytes(1))
        }
    }

    /// - Throws: ``InvalidValueError`` if there is no such session.
    func session(_ name: UnsafeRawBufferPointer) throws -> IndexedSession {
        guard let session = sessions[name] else {
            throw InvalidValueError("session", String(decoding: name, as: UTF8.self))
        }
        return session
    }

    /// Returns whether a co-subject has consented. A person who has not posed in a session has not consented.
    func hasConsent(_ volunteer: UnsafeRawBufferPointer) -> Bool { volunteerConsent[volunteer] ?? false }

    /// - Throws: ``InvalidValueError`` if there is no such volunteer.
    func kind(_ volunteer: VolunteerName) throws -> VolunteerKind {
        guard let kind = kinds[volunteer] else { throw InvalidValueError("volunteer", volunteer.text) }
        return kind
    }
}
