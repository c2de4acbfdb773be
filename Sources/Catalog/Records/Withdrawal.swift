import Core

/// Somebody who has withdrawn, or a session whose consent was: all that the catalog keeps of it.
public struct Withdrawal: Hashable, Sendable {
    public let id: Int64
    public let subject: WithdrawalSubject
    /// UTC, ISO 8601.
    public let made: String
    /// Whether files or freed pages may still be there.
    public let isPending: Bool
    /// Whether models that were trained on the photos stay.
    public let keepsModels: Bool
    /// Whether versions and runs lose pseudonym and digests too.
    public let redacts: Bool
    /// `NAME@V` of the versions that held a photo.
    public let versions: [String]
}

/// What is to be taken out of the catalog in one transaction.
public struct WithdrawalOrder: Sendable {
    public var subject: WithdrawalSubject
    /// Photos that go, with everything that is known of them.
    public var photos: [PhotoID]
    /// SHA-256 of other files that must never come in: what could not be imported.
    public var otherFiles: [PhotoID]
    /// Files to remove, relative to the workspace.
    public var paths: [String]
    /// `NAME@V`
    public var versions: [String]
    public var keepsModels, redacts: Bool

    public init(
        _ subject: WithdrawalSubject, photos: [PhotoID], otherFiles: [PhotoID] = [], paths: [String] = [],
        versions: [String] = [], keepsModels: Bool = false, redacts: Bool = false
    ) {
        (self.subject, self.photos, self.otherFiles, self.paths, self.versions) = (
            subject, photos, otherFiles, paths, versions
        )
        (self.keepsModels, self.redacts) = (keepsModels, redacts)
    }
}

/// What can never be imported again.
public struct Tombstones: Hashable, Sendable {
    public let photos: Set<PhotoID>
    public let volunteers: Set<VolunteerName>
    public let sessions: Set<SessionName>

    public init(photos: Set<PhotoID> = [], volunteers: Set<VolunteerName> = [], sessions: Set<SessionName> = []) {
        (self.photos, self.volunteers, self.sessions) = (photos, volunteers, sessions)
    }
}

/// A photo that stays, and of which a person should say whether it shows somebody who withdraws.
public struct PhotoNeedingReview: Hashable, Sendable {
    public enum Reason: String, Sendable {
        /// Nobody has said who is in it, and it is of a session in which they posed with others.
        case unlabelled
        /// It was said to show them, and a later word says that it shows somebody else.
        case relabelled
        /// Its note holds their name.
        case note
    }

    public let photo: PhotoID
    public let reason: Reason

    public init(photo: PhotoID, reason: Reason) {
        (self.photo, self.reason) = (photo, reason)
    }
}
