import Core

/// A problem or a special property of a catalog or a version. A researcher must know the finding to interpret a
/// measurement.
public struct Finding: Hashable, Sendable {
    /// The checks of an audit. The raw values occur in reports and must not change.
    ///
    /// To add a check: add a case here, add a function to ``AuditChecks`` in the file of its topic, and call the
    /// function in one or both initializers of ``Audit``.
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
        case locationContradicted = "location-contradicted"
        case lookAlike = "look-alike"

        /// Whether a finding of this check lists the photos to review.
        public var listsPhotos: Bool {
            switch self {
            case .blurred, .tooDark, .tooBright, .smallFace, .tilted, .cutOff, .suggestedLabels, .locationContradicted,
                .lookAlike:
                true
            case .consent, .leakage, .imbalance, .unlabelled, .noCleanTest, .oneGroup, .missingImage, .cropShortcut,
                .cropScale:
                false
            }
        }
    }

    /// How serious a finding is. An audit with an error fails.
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
    /// The photos that a person should review one by one, sorted by id. Empty when the finding is not about single
    /// photos.
    public let photos: [PhotoID]

    public init(_ check: Check, _ severity: Severity, count: Int, _ detail: String, photos: [PhotoID] = []) {
        self.check = check
        self.severity = severity
        self.count = count
        self.detail = detail
        self.photos = photos
    }
}
