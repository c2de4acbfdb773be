import Core

/// Something in a catalog or version that a researcher must know before trusting a number.
public struct Finding: Hashable, Sendable {
    /// What was looked for; the raw values stand in reports.
    public enum Check: String, CaseIterable, Sendable {
        case consent
        case leakage
        case imbalance
        case unlabelled
        case noCleanTest = "no-clean-test"
        case oneGroup = "class-is-one-group"
        case missingImage = "missing-image"
        case cropShortcut = "crop-shortcut"
        case blurred
        case tooDark = "too-dark"
        case tooBright = "too-bright"
        case smallFace = "small-face"
        case tilted
        case cutOff = "cut-off"
        case suggestedLabels = "suggested-labels"
        case locationContradicted = "location-contradicted"
    }

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
    /// How many photos, groups or classes are concerned.
    public let count: Int
    public let detail: String
    /// The photos that a person should look at one by one, in the order of their ids; empty where the finding is not about single ones.
    public let photos: [PhotoID]

    public init(_ check: Check, _ severity: Severity, count: Int, _ detail: String, photos: [PhotoID] = []) {
        (self.check, self.severity, self.count, self.detail, self.photos) = (check, severity, count, detail, photos)
    }
}
