/// What a volunteer class is: someone the study photographs, or a bare-faced public class.
public enum VolunteerKind: String, CaseIterable, Sendable {
    case volunteer, reference
}

/// Whether the people in a session agreed to its use. `withdrawn` is known to sheets and never stored.
public enum Consent: String, CaseIterable, Sendable {
    case signed
    case publicDataset = "public-dataset"
    case missing
    case withdrawn

    /// Whether photos under this consent may stand in a version.
    public var allowsUse: Bool { self == .signed || self == .publicDataset }
}

/// Who said what a photo shows.
public enum LabelSource: String, CaseIterable, Sendable {
    case sheet, review, rule
}

/// A kind of object worn.
public enum Trigger {}

/// A person, and a class.
public struct Volunteer: Hashable, Sendable {
    public let name: VolunteerName
    public let kind: VolunteerKind

    public init(name: VolunteerName, kind: VolunteerKind) {
        self.name = name
        self.kind = kind
    }
}

/// One shoot, as its `session.yaml` describes it.
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

/// An original file as it was measured once, at import.
public struct Photo: Hashable, Sendable {
    public let id: PhotoID
    public let bytes: Int
    /// What the bytes are, by content: `jpeg`, `png`, `tiff`, `webp`, `pnm`.
    public let format: String
    /// Upright size in pixels.
    public let width, height: Int
    /// `YYYY-MM-DDTHH:MM:SS` as the camera's clock said, without a zone.
    public let captured: String?
    public let camera: String?

    public init(id: PhotoID, bytes: Int, format: String, width: Int, height: Int, captured: String?, camera: String?) {
        self.id = id
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
        self.captured = captured
        self.camera = camera
    }
}

/// Who is in a photo and what they wear, as somebody said it.
public struct Label: Hashable, Sendable {
    public let volunteer: VolunteerName
    public let triggerState: TriggerState

    public init(volunteer: VolunteerName, triggerState: TriggerState) {
        self.volunteer = volunteer
        self.triggerState = triggerState
    }
}

/// A label in its history.
public struct LabelRecord: Hashable, Sendable {
    public let id: Int64
    public let label: Label
    public let source: LabelSource
    /// UTC, ISO 8601.
    public let made: String

    public init(id: Int64, label: Label, source: LabelSource, made: String) {
        self.id = id
        self.label = label
        self.source = source
        self.made = made
    }
}

/// A photo's place in a session's sheet.
public struct SessionPhoto: Hashable, Sendable {
    public let session: SessionName
    public let file: String
    public let note: String?

    public init(session: SessionName, file: String, note: String? = nil) {
        self.session = session
        self.file = file
        self.note = note
    }
}

/// A photo normalized under a profile.
public struct Image: Hashable, Sendable {
    public let photo: PhotoID
    public let profile: Profile
    public let digest: ImageDigest

    public init(photo: PhotoID, profile: Profile, digest: ImageDigest) {
        self.photo = photo
        self.profile = profile
        self.digest = digest
    }
}

extension Duration {
    /// The duration in seconds, as reports give it.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// The person, or the session, whose consent was withdrawn.
public enum WithdrawalSubject: Hashable, Sendable, CustomStringConvertible {
    case volunteer(VolunteerName)
    case session(SessionName)

    public var description: String {
        switch self {
        case .volunteer(let name): name.text
        case .session(let name): "session \(name)"
        }
    }

    /// The pseudonym that is never used again; nil of a session.
    public var volunteer: VolunteerName? { if case .volunteer(let name) = self { name } else { nil } }
}


/// What making an image again has shown.
public struct RemadeImage: Sendable {
    /// What the original gives today.
    public let fresh: Result<ImageDigest, CurareError>
    /// What the image's file holds; nil where there is no file that holds a picture.
    public let stored: ImageDigest?

    public init(fresh: Result<ImageDigest, CurareError>, stored: ImageDigest?) {
        (self.fresh, self.stored) = (fresh, stored)
    }
}
