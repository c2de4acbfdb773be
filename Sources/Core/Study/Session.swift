/// One photo shoot, as its `session.yaml` describes it.
public struct Session: Hashable, Sendable {
    public let name: SessionName
    /// `YYYY-MM-DD`
    public let date: String
    public let kind: VolunteerKind
    public let consent: Consent
    public let photographer: String?
    public let camera: String?
    public let place: String?

    public init(
        name: SessionName, date: String, kind: VolunteerKind, consent: Consent, photographer: String? = nil,
        camera: String? = nil, place: String? = nil
    ) {
        self.name = name
        self.date = date
        self.kind = kind
        self.consent = consent
        self.photographer = photographer
        self.camera = camera
        self.place = place
    }
}

/// The state of the consent of the people in a session. Only `session.yaml` can contain `withdrawn`; the catalog never
/// does.
public enum Consent: String, CaseIterable, Sendable {
    case signed
    case publicDataset = "public-dataset"
    case missing
    case withdrawn

    /// Whether photos under this consent may be used in a version.
    public var allowsUse: Bool { self == .signed || self == .publicDataset }
}

/// A person and a class of the study.
public struct Volunteer: Hashable, Sendable {
    public let name: VolunteerName
    public let kind: VolunteerKind

    public init(name: VolunteerName, kind: VolunteerKind) {
        self.name = name
        self.kind = kind
    }
}

/// The kind of a class: a person whom the study photographs, or a public class without triggers.
public enum VolunteerKind: String, CaseIterable, Sendable {
    case volunteer, reference
}

/// The person or the session whose consent is withdrawn.
public enum WithdrawalSubject: Hashable, Sendable, CustomStringConvertible {
    case volunteer(VolunteerName)
    case session(SessionName)

    public var description: String {
        switch self {
        case .volunteer(let name): name.text
        case .session(let name): "session \(name)"
        }
    }

    /// The pseudonym, which must never be used again; nil for a session.
    public var volunteer: VolunteerName? {
        if case .volunteer(let name) = self { name } else { nil }
    }

    /// Returns all names of the person: the pseudonym, and the earlier names. Empty for a session.
    public func names(withEarlier earlierNames: [VolunteerName]) -> [VolunteerName] {
        volunteer.map { [$0] + earlierNames } ?? []
    }

    /// The session; nil for a person.
    public var session: SessionName? {
        if case .session(let name) = self { name } else { nil }
    }
}
