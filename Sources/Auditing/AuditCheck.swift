import Core
import Versions

/// One check of an audit: what it looks for, and the function that finds it.
///
/// A check is a pure function of an ``AuditSubject``. It never reads a file, and it gives the same findings for the same
/// subject. `curare audit --list` and `docs/audit.md` print ``definition``.
///
/// To add a check: add a case to ``Finding/Check``, add a type in the file of its topic in `Checks/`, and add the type to
/// ``AuditChecklist/all``. Then record `docs/audit.md` (CONTRIBUTING.md, "How to add an audit check").
public protocol AuditCheck: Sendable {
    /// The text that explains the check to a researcher.
    static var definition: CheckDefinition { get }

    init()

    /// Returns what the check found, or an empty list when there is nothing to report.
    func findings(in subject: AuditSubject) -> [Finding]
}

/// The explanation of a check.
public struct CheckDefinition: Hashable, Sendable {
    /// What a check examines.
    public enum Scope: String, Sendable {
        case catalog, version, both

        /// Returns whether the check examines a subject.
        func includes(_ subject: AuditSubject) -> Bool {
            switch self {
            case .catalog: subject.version == nil
            case .version: subject.version != nil
            case .both: true
            }
        }
    }

    public let check: Finding.Check
    /// The problem in one line, without a full stop.
    public let title: String
    /// What the check counts, and why a researcher must know it. Full sentences.
    public let definition: String
    /// The limits above which the check reports a finding, with their units.
    public let threshold: String
    /// The severities that a finding can have, each with the reason.
    public let severity: String
    /// The paper, section or measurement that justifies the check and its threshold.
    public let source: String
    /// What the score of a photo means, if the check gives each photo a score.
    public let score: String?
    public let scope: Scope

    /// The severities that ``severity`` names, most severe first.
    public var severities: [Finding.Severity] {
        let words = Set(severity.lowercased().split { !$0.isLetter })
        return [.error, .warning, .info].filter { words.contains($0.rawValue[...]) }
    }

    public init(
        _ check: Finding.Check, title: String, definition: String, threshold: String, severity: String, source: String,
        score: String? = nil, scope: Scope = .both
    ) {
        self.check = check
        self.title = title
        self.definition = definition
        self.threshold = threshold
        self.severity = severity
        self.source = source
        self.score = score
        self.scope = scope
    }
}

/// The data that the checks of an audit examine: a catalog, or a version together with today's catalog.
public struct AuditSubject: Sendable {
    /// The photos that the checks examine, in the order of photo ids: all photos of the catalog, or the version's photos
    /// that are in the catalog today.
    public let facts: [PhotoFacts]
    /// All photos of the catalog, in the order of photo ids. Equal to ``facts`` in an audit of the catalog.
    public let catalog: [PhotoFacts]
    /// Nil in an audit of the catalog.
    public let version: Version?
    /// The profile of the images: that of the version's recipe, or the default profile of the workspace.
    public let profile: Profile
    /// The perceptual-hash distance within which photos are near-duplicates.
    public let distance: GroupDistance
    /// The records of all sessions, by name.
    public let sessions: [SessionName: SessionRecord]
    /// Face embeddings by photo. Empty if the face network is not installed.
    public let embeddings: [PhotoID: FaceEmbedding]
    let confounderCache = ConfounderCache()

    /// What a session folder states about a photo shoot.
    public struct SessionRecord: Hashable, Sendable {
        /// `YYYY-MM-DD`.
        public let date: String
        public let photographer: String?
        public let camera: String?
        public let place: String?

        public init(date: String, photographer: String? = nil, camera: String? = nil, place: String? = nil) {
            self.date = date
            self.photographer = photographer
            self.camera = camera
            self.place = place
        }
    }

    /// The earlier names of people and triggers. A rename is not another label.
    public let names: EarlierNames
    /// The geometry of the face crops. Nil if nobody has bare and triggered photos with a face, or if the images are not
    /// face crops.
    public let crop: CropGeometry?
    /// Whether the image file of a photo exists under ``profile``.
    public let hasImage: @Sendable (PhotoID) -> Bool
    /// Whether the image file of a version's entry exists. Images with drawn triggers have files of their own.
    public let hasImageOfEntry: @Sendable (Entry) -> Bool

    /// - Parameters:
    ///   - facts: all photos of the catalog; with all landmarks if the version has copies with drawn triggers.
    ///   - hasImage: for an audit of the catalog.
    ///   - hasImageOfEntry: for an audit of a version.
    public init(
        catalog facts: [PhotoFacts], version: Version? = nil, profile: Profile = .standard, distance: GroupDistance,
        sessions: [SessionName: SessionRecord] = [:], embeddings: [PhotoID: FaceEmbedding] = [:],
        names: EarlierNames = EarlierNames(), hasImage: @escaping @Sendable (PhotoID) -> Bool = { _ in true },
        hasImageOfEntry: @escaping @Sendable (Entry) -> Bool = { _ in true }
    ) {
        let isSorted = zip(facts, facts.dropFirst()).allSatisfy { $0.photo < $1.photo }
        let facts = isSorted ? facts : facts.sorted { $0.photo < $1.photo }
        catalog = facts
        self.version = version
        self.profile = version?.manifest.recipe.profile ?? profile
        self.distance = version?.manifest.grouping.distance ?? distance
        self.sessions = sessions
        self.embeddings = embeddings
        self.names = names
        self.hasImage = hasImage
        self.hasImageOfEntry = hasImageOfEntry
        self.facts = version.map { Self.facts(facts, of: $0.eligiblePhotos) } ?? facts
        crop = version.map { CropGeometry($0) } ?? CropGeometry(facts, profile)
    }

    /// Returns the facts about the photos of a version. Both lists are in the order of photo ids.
    private static func facts(_ catalog: [PhotoFacts], of photos: [EligiblePhoto]) -> [PhotoFacts] {
        var next = 0
        return catalog.filter { fact in
            while next < photos.count, photos[next].photo < fact.photo { next += 1 }
            return next < photos.count && photos[next].photo == fact.photo
        }
    }

    /// Returns the facts about a photo, or nil if the catalog does not have the photo.
    public func fact(of photo: PhotoID) -> PhotoFacts? {
        var range = facts.startIndex..<facts.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if facts[middle].photo == photo { return facts[middle] }
            range = facts[middle].photo < photo ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}

/// All checks, in the order in which `curare audit --list` prints them.
public enum AuditChecklist {
    public static let all: [any AuditCheck.Type] = [
        ConsentCheck.self,
        UnlabelledCheck.self,
        SuggestedLabelsCheck.self,
        UnreviewedCheck.self,
        LocationMismatchCheck.self,
        SimilarNamesCheck.self,
        ImbalanceCheck.self,
        OneGroupCheck.self,
        LeakageCheck.self,
        CrossPairsCheck.self,
        NoCleanTestCheck.self,
        LowPowerCheck.self,
        RateShortfallCheck.self,
        StaleVersionCheck.self,
        MissingImageCheck.self,
        CropShortcutCheck.self,
        CropScaleCheck.self,
        WeakFaceCheck.self,
        BlurredCheck.self,
        TooDarkCheck.self,
        TooBrightCheck.self,
        SmallFaceCheck.self,
        TiltedCheck.self,
        CutOffCheck.self,
        DuplicateAcrossVolunteers.self,
        DuplicateAcrossLabels.self,
        DomainGap.self,
        ConfounderCheck.self,
        ArtifactClassifierCheck.self,
        LabelSuspects.self,
        TriggerSuspects.self,
    ]
}
