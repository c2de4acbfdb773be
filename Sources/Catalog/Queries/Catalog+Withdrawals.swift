import Core
import GRDB

/// Who has withdrawn, and whom a photo shows as far as a withdrawal is concerned.
extension Catalog {
    /// In the order in which they were made.
    public func withdrawals(pendingOnly: Bool = false) throws -> [Withdrawal] {
        try read { db in
            let versions = Dictionary(
                grouping: try Row.fetchAll(
                    db, sql: "SELECT withdrawal, version FROM withdrawn_version ORDER BY version"),
                by: { $0[0] as Int64 })
            return try Row.fetchAll(
                db, sql: "SELECT * FROM withdrawal WHERE NOT ? OR state = 'pending' ORDER BY id",
                arguments: [pendingOnly]
            ).compactMap { row in
                let (volunteer, session): (String?, String?) = (row["volunteer"], row["session"])
                let subject =
                    volunteer.map { WithdrawalSubject.volunteer(VolunteerName(stored: $0)) }
                    ?? session.map { .session(SessionName(stored: $0)) }
                let id: Int64 = row["id"]
                let state: String = row["state"]
                return subject.map {
                    Withdrawal(
                        id: id, subject: $0, made: row["made"], isPending: state == "pending",
                        keepsModels: row["keeps_models"], redacts: row["redacts"],
                        versions: (versions[id] ?? []).map { $0[1] })
                }
            }
        }
    }

    /// Nil where the person or session has not withdrawn.
    public func withdrawal(of subject: WithdrawalSubject) throws -> Withdrawal? {
        try withdrawals().first { $0.subject == subject }
    }

    /// Every file that was withdrawn by `withdrawal`, or by anyone where it is nil.
    public func withdrawnPhotos(by withdrawal: Withdrawal? = nil) throws -> Set<PhotoID> {
        try read { db in
            Set(
                try String.fetchAll(
                    db, sql: "SELECT photo FROM tombstone WHERE ?1 IS NULL OR withdrawal = ?1",
                    arguments: [withdrawal?.id]
                ).compactMap(PhotoID.init(hex:)))
        }
    }

    /// Those of `photos` that can never be imported again, and every person and session of which nothing can.
    public func tombstones(among photos: [PhotoID]) throws -> Tombstones {
        let subjects = try withdrawals().map(\.subject)
        let found = try read { db in
            try String.fetchAll(
                db, sql: "SELECT photo FROM tombstone WHERE photo IN (SELECT value FROM json_each(?))",
                arguments: [Self.list(photos)])
        }
        return Tombstones(
            photos: Set(found.compactMap(PhotoID.init(hex:))), volunteers: Set(subjects.compactMap(\.volunteer)),
            sessions: Set(subjects.compactMap { if case .session(let name) = $0 { name } else { nil } }))
    }

    /// The photos that go when `subject` withdraws, in order: a session's; a person's own and those in which they are visible beside others, and photos of which
    /// nobody has said whom they show, where nobody else posed in their sessions.
    public func photos(of subject: WithdrawalSubject) throws -> [PhotoID] {
        try read { db in
            let ids =
                switch subject {
                case .session(let name):
                    try String.fetchAll(
                        db, sql: "SELECT photo FROM appearance WHERE session = ? ORDER BY photo", arguments: [name.text]
                    )
                case .volunteer(let name): try String.fetchAll(db, sql: Self.photosOfVolunteer, arguments: [name.text])
                }
            return ids.compactMap(PhotoID.init(hex:))
        }
    }

    private static let photosOfVolunteer = """
        SELECT p.id FROM photo p LEFT JOIN label l ON l.id = \(Catalog.countingLabel)
        WHERE l.volunteer = ?1
           OR EXISTS (SELECT 1 FROM companion c WHERE c.photo = p.id AND c.volunteer = ?1)
           OR (l.id IS NULL AND \(posed("= ?1")) AND NOT \(posed("<> ?1")))
        ORDER BY p.id
        """

    /// Whether somebody of whom `condition` holds posed in a session of photo `p`.
    private static func posed(_ condition: String) -> String {
        "EXISTS (SELECT 1 FROM appearance a JOIN sitter t ON t.session = a.session WHERE a.photo = p.id AND t.volunteer \(condition))"
    }

    /// Photos that do not go when `volunteer` withdraws and that a person should look at, in order.
    public func doubtfulPhotos(of volunteer: VolunteerName) throws -> [PhotoNeedingReview] {
        let gone = Set(try photos(of: .volunteer(volunteer)))
        let reasons: [(PhotoNeedingReview.Reason, String)] = [
            (
                .unlabelled,
                "SELECT p.id FROM photo p WHERE NOT EXISTS (SELECT 1 FROM label l WHERE l.photo = p.id) AND \(Self.posed("= ?1"))"
            ),
            (.relabelled, "SELECT DISTINCT photo FROM label WHERE volunteer = ?1"),
            (.note, "SELECT DISTINCT photo FROM appearance WHERE instr(lower(note), ?1) > 0"),
        ]
        return try read { db in
            try reasons.flatMap { reason, sql in
                try String.fetchAll(db, sql: sql, arguments: [volunteer.text]).compactMap(PhotoID.init(hex:)).filter {
                    !gone.contains($0)
                }.sorted().map { PhotoNeedingReview(photo: $0, reason: reason) }
            }
        }
    }

    /// Sessions in which a person posed.
    public func sessions(of volunteer: VolunteerName) throws -> [SessionName] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT session FROM sitter WHERE volunteer = ? ORDER BY session", arguments: [volunteer.text]
            ).map(SessionName.init(stored:))
        }
    }

    /// Files that a pending withdrawal still removes, relative to the workspace.
    public func paths(of withdrawal: Withdrawal) throws -> [String] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT path FROM withdrawn_file WHERE withdrawal = ? ORDER BY path",
                arguments: [withdrawal.id])
        }
    }

    /// A JSON list, as `json_each` reads it.
    static func list(_ photos: some Sequence<PhotoID>) -> String {
        "[" + photos.map { "\"\($0.hex)\"" }.joined(separator: ",") + "]"
    }
}
