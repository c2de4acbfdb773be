import Core
import GRDB

/// Sessions and volunteers of a study, which are few: read once, then looked up by the bytes of their names.
struct ConsentIndex {
    struct KnownSession {
        let name: SessionName
        let day: InternedString
        let hasConsent: Bool
    }

    private var sessions = ByteKeyedCache<KnownSession>()
    /// Those who have a session of their own, and none without consent.
    private var consenting = ByteKeyedCache<Bool>()
    private var kinds: [VolunteerName: VolunteerKind] = [:]
    /// Of a photo without a session, as no catalog holds.
    let noDay = InternedString("")

    init(_ db: Database) throws {
        let rows = try RawRows(db, "SELECT name, date, consent = 'missing' FROM session")
        while try rows.next() {
            sessions.put(
                KnownSession(
                    name: SessionName(stored: rows.text(0)), day: InternedString(rows.text(1)), hasConsent: rows.int(2) == 0),
                at: rows.text(0))
        }
        let sitters = try RawRows(
            db,
            "SELECT t.volunteer, max(s.consent = 'missing') FROM sitter t JOIN session s ON s.name = t.session GROUP BY t.volunteer"
        )
        while try sitters.next() { consenting.put(sitters.int(1) == 0, at: sitters.text(0)) }
        let volunteers = try RawRows(db, "SELECT name, kind FROM volunteer")
        while try volunteers.next() {
            kinds[VolunteerName(stored: volunteers.text(0))] = VolunteerKind(rawValue: volunteers.text(1))
        }
    }

    func session(_ name: UnsafeRawBufferPointer) -> KnownSession? { sessions[name] }

    func consents(_ volunteer: UnsafeRawBufferPointer) -> Bool { consenting[volunteer] ?? false }

    func kind(_ volunteer: VolunteerName) -> VolunteerKind? { kinds[volunteer] }
}
