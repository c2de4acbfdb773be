import Core
import GRDB

/// The record of a withdrawal. The catalog keeps this record and ``Tombstones``, and no other data about the person or
/// the session.
public struct Withdrawal: Hashable, Sendable {
    public let id: Int64
    public let subject: WithdrawalSubject
    /// The earlier names of the person, sorted. Versions, runs and exports can still have these names. For a session: the
    /// earlier names of people who had no other record.
    public let earlierNames: [VolunteerName]
    /// UTC, ISO 8601.
    public let made: String
    public let state: State
    /// Whether models that were trained on the photos are kept.
    public let keepsModels: Bool
    /// Whether the pseudonym, the photo ids and the image digests in versions and runs are replaced too.
    public let redacts: Bool
    /// The versions that contained a withdrawn photo, as `NAME@V`.
    public let versions: [String]
    /// The finished runs that the withdrawal cleared. They can lack models, the page and predictions.
    public let clearedRuns: [String]
    /// The versions that were unreadable or changed, as `NAME@V`, so that a person had to decide about their folders. Also
    /// the versions that runs or exports name and whose folders were missing.
    public let undecidedVersions: [String]

    /// The progress of a withdrawal.
    public enum State: String, Sendable {
        /// Files or freed pages may still have to be removed. The next command on the workspace removes them.
        case pending
        /// All is removed, except files about which a person must decide.
        case incomplete
        case done
    }

    public var isPending: Bool { state == .pending }
}

/// The records that a withdrawal removes from the catalog in one transaction.
public struct WithdrawalOrder: Sendable {
    public var subject: WithdrawalSubject
    /// The photos to remove.
    public var photos: [PhotoID]
    /// The SHA-256 digests of quarantined files, which must never be imported.
    public var otherFiles: [PhotoID]
    /// The files to remove, relative to the workspace.
    public var paths: [String]
    /// The versions that contain a photo, as `NAME@V`.
    public var versions: [String]
    public var keepsModels: Bool
    public var redacts: Bool

    public init(
        _ subject: WithdrawalSubject, photos: [PhotoID], otherFiles: [PhotoID] = [], paths: [String] = [],
        versions: [String] = [], keepsModels: Bool = false, redacts: Bool = false
    ) {
        self.subject = subject
        self.photos = photos
        self.otherFiles = otherFiles
        self.paths = paths
        self.versions = versions
        self.keepsModels = keepsModels
        self.redacts = redacts
    }
}

/// Photos, people and sessions that must never be imported again.
public struct Tombstones: Hashable, Sendable {
    public let photos: Set<PhotoID>
    public let volunteers: Set<VolunteerName>
    public let sessions: Set<SessionName>

    public init(photos: Set<PhotoID> = [], volunteers: Set<VolunteerName> = [], sessions: Set<SessionName> = []) {
        self.photos = photos
        self.volunteers = volunteers
        self.sessions = sessions
    }
}

/// A photo that a withdrawal keeps, but that may show the person: someone should review it.
public struct PhotoNeedingReview: Hashable, Sendable {
    public enum Reason: String, Sendable {
        /// The photo has no label, and the person posed with others in the photo's sessions.
        case unlabelled
        /// An earlier label names the person, and a later label names someone else.
        case relabelled
        /// The label of a further annotator names the person.
        case annotated
        /// The note contains the person's name.
        case note
        /// The photo looks like a photo that is removed: their perceptual hashes are near.
        case lookAlike = "look_alike"
    }

    public let photo: PhotoID
    public let reason: Reason

    public init(photo: PhotoID, reason: Reason) {
        self.photo = photo
        self.reason = reason
    }
}

/// Withdrawals: the queries. `Catalog+WithdrawalRemoval.swift` has the writes.
extension Catalog {
    /// Returns the withdrawals, the oldest first.
    ///
    /// - Parameter state: the state of the withdrawals to return; nil for all.
    public func withdrawals(_ state: Withdrawal.State? = nil) throws -> [Withdrawal] {
        try read { db in
            let sql = "SELECT * FROM withdrawal WHERE ?1 IS NULL OR state = ?1 ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [state?.rawValue]).map { row in
                func names(_ sql: String) throws -> [String] {
                    try String.fetchAll(db, sql: sql, arguments: [row["id"] as Int64])
                }
                let earlierNames: [VolunteerName] = try db.names(
                    "SELECT alias FROM withdrawn_alias WHERE withdrawal = ? ORDER BY alias", [row["id"] as Int64])
                return try Withdrawal(
                    row, earlierNames,
                    versions: names("SELECT version FROM withdrawn_version WHERE withdrawal = ? ORDER BY version"),
                    clearedRuns: names("SELECT run FROM cleared_run WHERE withdrawal = ? ORDER BY run"),
                    undecidedVersions: names(
                        "SELECT version FROM undecided_version WHERE withdrawal = ? ORDER BY version"))
            }
        }
    }

    /// Returns the withdrawal of a person or a session; nil if there is none.
    public func withdrawal(of subject: WithdrawalSubject) throws -> Withdrawal? {
        try withdrawals().first { $0.subject == subject }
    }

    /// Returns the digests of all files that `withdrawal` removed. With nil, returns the digests of all files that any
    /// withdrawal removed.
    public func withdrawnPhotos(by withdrawal: Withdrawal? = nil) throws -> Set<PhotoID> {
        try read { db in
            Set(try db.photos("SELECT digest FROM tombstone WHERE ?1 IS NULL OR withdrawal = ?1", [withdrawal?.id]))
        }
    }

    /// Returns the photos among `photos` that must never be imported again, and all withdrawn people and sessions.
    public func tombstones(among photos: [PhotoID]) throws -> Tombstones {
        let subjects = try withdrawals().map(\.subject)
        let photos = PhotoList(photos)
        let found = try read { db in
            try db.photos("SELECT digest FROM tombstone\(photos.clause("digest"))", photos.arguments)
        }
        return Tombstones(
            photos: Set(found), volunteers: try withdrawnNames(),
            sessions: Set(subjects.compactMap(\.session)))
    }

    /// Returns the photos that the withdrawal of `subject` removes, in the order of their ids.
    ///
    /// For a session: its photos. For a person: the photos with the person's label, the photos in which the person is a
    /// co-subject, and the unlabelled photos in whose sessions only the person posed.
    public func photos(of subject: WithdrawalSubject) throws -> [PhotoID] {
        try read { db in
            switch subject {
            case .session(let name):
                try db.photos("SELECT photo FROM session_photo WHERE session = ? ORDER BY photo", [name.text])
            case .volunteer(let name):
                try Self.photos(of: name, db)
            }
        }
    }

    private static func photos(of volunteer: VolunteerName, _ db: Database) throws -> [PhotoID] {
        let ownLabels = Set(
            try Int.fetchAll(db, sql: "SELECT id FROM label WHERE volunteer = ?", arguments: [volunteer.text]))
        var photos: Set<PhotoID> = []
        var labels = try EffectiveLabels(db, PhotoList(nil))
        while let label = try labels.next() {
            if ownLabels.contains(label.id) { photos.insert(label.photo) }
        }
        photos.formUnion(try db.photos("SELECT photo FROM co_subject WHERE volunteer = ?", [volunteer.text]))
        let unlabelled = "\(unlabelledPhotos) AND \(posed("= ?1")) AND NOT \(posed("<> ?1"))"
        photos.formUnion(try db.photos(unlabelled, [volunteer.text]))
        return photos.sorted()
    }

    private static let unlabelledPhotos = """
        SELECT p.id FROM photo p WHERE NOT EXISTS (SELECT 1 FROM label l WHERE l.photo = p.id)
        """

    /// Returns a condition: a person whose name satisfies `condition` posed in a session of photo `p`.
    private static func posed(_ condition: String) -> String {
        """
        EXISTS (SELECT 1 FROM session_photo a JOIN session_volunteer v ON v.session = a.session
            WHERE a.photo = p.id AND v.volunteer \(condition))
        """
    }

    /// Returns the photos that the withdrawal of `volunteer` keeps and that need review, by reason and then in the
    /// order of their ids.
    public func photosNeedingReview(of volunteer: VolunteerName) throws -> [PhotoNeedingReview] {
        let removed = Set(try photos(of: .volunteer(volunteer)))
        let queries: [(PhotoNeedingReview.Reason, String)] = [
            (.unlabelled, "\(Self.unlabelledPhotos) AND \(Self.posed("= ?1"))"),
            (.relabelled, "SELECT DISTINCT photo FROM label WHERE volunteer = ?1"),
            (.annotated, "SELECT DISTINCT photo FROM annotation WHERE volunteer = ?1"),
        ]
        // A note can contain an earlier name.
        let names = try [volunteer] + earlierNames(of: volunteer)
        return try read { db in
            func review(_ photos: [PhotoID], _ reason: PhotoNeedingReview.Reason) -> [PhotoNeedingReview] {
                Set(photos).subtracting(removed).sorted().map { PhotoNeedingReview(photo: $0, reason: reason) }
            }
            let notes = "SELECT photo FROM session_photo WHERE instr(lower(note), ?1) > 0"
            return try queries.flatMap { reason, sql in review(try db.photos(sql, [volunteer.text]), reason) }
                + review(names.flatMap { try db.photos(notes, [$0.text]) }, .note)
        }
    }

    /// Returns the names of all people in the study and of all people who have withdrawn, earlier names included.
    public func knownPeople() throws -> Set<String> {
        let names = try Set(volunteers().map(\.name)).union(earlierNames().volunteers.keys).union(withdrawnNames())
        return Set(names.map(\.text))
    }

    /// Returns the sessions in which a person posed.
    public func sessions(of volunteer: VolunteerName) throws -> [SessionName] {
        try read { db in
            try db.names(
                "SELECT session FROM session_volunteer WHERE volunteer = ? ORDER BY session", [volunteer.text])
        }
    }

    /// Returns the files that a pending withdrawal must still remove, relative to the workspace.
    public func paths(of withdrawal: Withdrawal) throws -> [String] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT path FROM withdrawn_file WHERE withdrawal = ? ORDER BY path",
                arguments: [withdrawal.id])
        }
    }
}

extension Withdrawal {
    fileprivate init(
        _ row: Row, _ earlierNames: [VolunteerName], versions: [String], clearedRuns: [String],
        undecidedVersions: [String]
    ) throws {
        let volunteer: String? = row["volunteer"]
        let session: String? = row["session"]
        let subject: WithdrawalSubject? =
            if let volunteer {
                .volunteer(VolunteerName(stored: volunteer))
            } else {
                session.map { .session(SessionName(stored: $0)) }
            }
        let state: String = row["state"]
        self.init(
            id: row["id"], subject: try subject.orThrow(InvalidValueError("withdrawal subject", "")),
            earlierNames: earlierNames, made: row["made"],
            state: try State(rawValue: state).orThrow(InvalidValueError("withdrawal.state", state)),
            keepsModels: row["keeps_models"], redacts: row["redacts"], versions: versions,
            clearedRuns: clearedRuns, undecidedVersions: undecidedVersions)
    }
}
