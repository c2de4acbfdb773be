import Core

/// A problem or a special property of a catalog or a version. A researcher must know the finding to interpret a
/// measurement.
public struct Finding: Hashable, Sendable {
    /// The checks of an audit. The raw values occur in reports and must not change. Each one has a type that conforms to
    /// ``AuditCheck``.
    public enum Check: String, CaseIterable, Sendable {
        case consent
        case leakage
        case imbalance
        case unlabelled
        case noCleanTest = "no-clean-test"
        case oneGroup = "class-is-one-group"
        case missingImage = "missing-image"
        case cropShortcut = "crop-shortcut"
        case cropScale = "crop-scale"
        case blurred
        case tooDark = "too-dark"
        case tooBright = "too-bright"
        case smallFace = "small-face"
        case tilted
        case cutOff = "cut-off"
        case suggestedLabels = "suggested-labels"
        case locationMismatch = "location-mismatch"
        /// The earlier name of ``duplicateAcrossVolunteers``. No finding has it: see ``reporting``.
        case lookAlike = "look-alike"
        case duplicateAcrossVolunteers = "duplicate-across-volunteers"
        case duplicateAcrossLabels = "duplicate-across-labels"
        case confounder
        case artifactClassifier = "artifact-classifier"
        case labelSuspect = "label-suspect"
        case triggerSuspect = "trigger-suspect"
        case weakFace = "weak-face"
        case domain
        case similarNames = "similar-names"
        case lowPower = "low-power"
        case rateShortfall = "rate-shortfall"
        case staleVersion = "stale-version"
        case crossPairs = "cross-pairs"
        case unreviewed

        /// The check that reports the findings of this check. Differs from the check only for an earlier name.
        public var reporting: Check { self == .lookAlike ? .duplicateAcrossVolunteers : self }

        /// Whether a finding of this check lists the photos to review.
        public var listsPhotos: Bool {
            switch self {
            case .blurred, .tooDark, .tooBright, .smallFace, .tilted, .cutOff, .suggestedLabels, .locationMismatch,
                .lookAlike, .duplicateAcrossVolunteers, .duplicateAcrossLabels, .labelSuspect, .triggerSuspect,
                .weakFace, .staleVersion, .crossPairs, .unreviewed, .confounder, .domain, .consent, .leakage,
                .unlabelled, .oneGroup, .cropShortcut, .similarNames:
                true
            case .imbalance, .noCleanTest, .missingImage, .cropScale, .artifactClassifier, .lowPower, .rateShortfall:
                false
            }
        }
    }

    /// How serious a finding is. An audit with an error that nobody has accepted fails.
    public enum Severity: String, Comparable, Sendable {
        case info, warning, error

        public static func < (left: Self, right: Self) -> Bool { left.order < right.order }

        private var order: Int {
            switch self {
            case .info: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    public let check: Check
    public let severity: Severity
    /// The number of photos, groups or classes that the finding is about.
    public let count: Int
    public let detail: String
    /// What distinguishes the finding from other findings of the same check about the same photos, such as the property
    /// that is tied to a trigger. Empty if the check has one finding for each list of photos.
    public let topic: String
    /// The photos that a person should review one by one, sorted by id. Empty when the finding is not about single
    /// photos.
    public let photos: [PhotoID]
    /// The score of each photo in ``photos``. Empty if the check has no score. ``CheckDefinition/score`` gives the
    /// meaning.
    public let scores: [PhotoID: Double]
    /// Photos that belong together, such as two copies of one picture.
    public let pairs: [Pair]
    /// Why a person accepted the finding; nil for an open finding. ``Audit/respecting(_:)`` sets the value.
    public var acceptance: Acceptance?

    /// Two photos.
    public struct Pair: Hashable, Sendable {
        public let first: PhotoID
        public let second: PhotoID

        public init(_ first: PhotoID, _ second: PhotoID) {
            self.first = first
            self.second = second
        }
    }

    public init(
        _ check: Check, _ severity: Severity, count: Int, _ detail: String, photos: [PhotoID] = [],
        scores: [PhotoID: Double] = [:], pairs: [Pair] = [], topic: String = ""
    ) {
        self.topic = topic
        self.scores = scores
        self.pairs = pairs
        self.check = check
        self.severity = severity
        self.count = count
        self.detail = detail
        self.photos = photos
    }
}
