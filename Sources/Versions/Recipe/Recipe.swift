import Core

/// A request for a dataset version. Keys that a recipe file leaves out have their default values here.
public struct Recipe: Hashable, Sendable {
    public var name: VersionName
    /// One of `TrainingLimits.seed`.
    public var seed = 0
    public var profile = Profile.recipeDefault
    public var classes = ClassFilter()
    public var split = Split()
    /// Nil for a clean version.
    public var poison: Poison?
    public var train = Training()
    public var expectations: [Expectation] = []
    public var photos = PhotoFilter()
    /// The base version, whose photos keep their roles, with its number. Nil for a version that extends no version.
    public var extends: VersionReference?

    /// The keys of a recipe, in the order in which ``yaml(_:)`` writes them.
    static let keys = [
        "recipe", "name", "extends", "seed", "profile", "classes", "photos", "split", "poison", "train", "expect",
    ]

    /// Whether the version depends on the faces in its photos.
    public var usesFaces: Bool { profile.crop == .face || photos.usesFaces || poison?.drawsOnFaces == true }

    /// All classes of a kind, no classes, or a list of names.
    public enum ClassNames: Hashable, Sendable {
        case all, none
        case names([VolunteerName])

        func contains(_ name: VolunteerName) -> Bool {
            switch self {
            case .all: true
            case .none: false
            case .names(let names): names.contains(name)
            }
        }
    }

    /// The classes of the version.
    public struct ClassFilter: Hashable, Sendable {
        public var volunteers = ClassNames.all
        public var references = ClassNames.none
        /// The largest number of bare photos of one class. Nil means no limit.
        public var maxPerClass: Int?

        func admits(_ volunteer: Volunteer) -> Bool {
            switch volunteer.kind {
            case .volunteer: volunteers.contains(volunteer.name)
            case .reference: references.contains(volunteer.name)
            }
        }
    }

    /// How bare photos are divided into training and test photos.
    public struct Split: Hashable, Sendable {
        /// The proportion of training photos in each class, above 0 and below 1.
        public var train = ExactDecimal(units: 8, places: 1)
        public var keepTogether = KeepTogether.group
    }

    /// What a split keeps on one side: near-duplicate groups, sessions, or only single photos. The rule applies to the
    /// bare photos of a group (or session), and separately to the photos that can become poison.
    public enum KeepTogether: String, CaseIterable, Sendable {
        case group, session, none
    }

    /// The photos of the requested classes that the version may contain.
    public struct PhotoFilter: Hashable, Sendable {
        /// Nil admits every session.
        public var sessions: [SessionName]?
        /// First and last admitted date of a session, `YYYY-MM-DD`. Nil means no bound.
        public var from, to: String?
        public var face = FaceCondition.any
        /// Quality flags that no admitted photo may have, sorted.
        public var without: [QualityFlag] = []

        /// The condition on the faces in a photo.
        public enum FaceCondition: String, CaseIterable, Sendable {
            /// No condition.
            case any
            /// A face was detected, or a person marked a face in session.csv.
            case found
            /// Exactly one possible face was detected, or a person marked a face in session.csv.
            case one
        }

        /// Whether the filter can only be applied to photos in which faces were searched.
        public var usesFaces: Bool { face != .any || !Set(without).isDisjoint(with: QualityFlag.ofFaces) }
    }
}

/// A bound on a measure of the trained model.
public struct Expectation: Hashable, Sendable, CustomStringConvertible {
    /// The measures that can have a bound. The raw values are recipe keys.
    public enum Measure: String, CaseIterable, Sendable {
        case cleanAccuracy = "clean_accuracy"
        case attackSuccess = "attack_success"
        case attackSuccessHeldOut = "attack_success_held_out"
        case controlCleanAccuracy = "control_clean_accuracy"
        case controlAttackSuccess = "control_attack_success"
        case trueLabelCleanAccuracy = "true_label_clean_accuracy"
        case trueLabelAttackSuccess = "true_label_attack_success"
        case targetOwn = "target_own"
        case transfer
        case falseActivation = "false_activation"
    }

    /// The comparison of the measured value with the bound. The raw values are written in recipes.
    public enum Comparison: String, CaseIterable, Sendable {
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
    }

    public let measure: Measure
    public let comparison: Comparison
    /// 0 to 1.
    public let bound: ExactDecimal

    public init(measure: Measure, comparison: Comparison, bound: ExactDecimal) {
        self.measure = measure
        self.comparison = comparison
        self.bound = bound
    }

    /// The bound as in a recipe: `>= 0.9`.
    public var boundText: String { "\(comparison.rawValue) \(bound)" }

    public var description: String { "\(measure.rawValue) \(boundText)" }

    /// Returns whether `value` is within the bound.
    public func holds(_ value: Double) -> Bool {
        switch comparison {
        case .atLeast: value >= bound.double
        case .atMost: value <= bound.double
        case .above: value > bound.double
        case .below: value < bound.double
        }
    }
}

extension ExactDecimal {
    static let zero = ExactDecimal(units: 0, places: 0)
    static let one = ExactDecimal(units: 1, places: 0)
}
