import Core

/// What a researcher asks of a dataset version; everything that was left out stands at its default.
public struct Recipe: Hashable, Sendable {
    public var name: VersionName
    /// 0 … 2^53 − 1, so that every language reads the same number.
    public var seed: Int
    public var profile: Profile
    public var classes: ClassFilter
    public var split: Split
    /// Nil asks for a clean version.
    public var poison: Poison?
    public var train: Training
    public var expectations: [Expectation]
    public var photos = PhotoFilter()
    /// The version whose photos keep their roles, with its number.
    public var extends: VersionReference?

    /// All classes of a kind, none, or some by name.
    public enum Choice: Hashable, Sendable {
        case all, none
        case names([VolunteerName])

        func admits(_ name: VolunteerName) -> Bool {
            switch self {
            case .all: true
            case .none: false
            case .names(let names): names.contains(name)
            }
        }
    }

    public struct ClassFilter: Hashable, Sendable {
        public var volunteers: Choice = .all
        public var references: Choice = .none
        /// Nil is no limit. Otherwise the most bare photos of a class that the version takes.
        public var maxPerClass: Int?

        func admits(_ volunteer: Volunteer) -> Bool {
            (volunteer.kind == .volunteer ? volunteers : references).admits(volunteer.name)
        }
    }

    public struct Split: Hashable, Sendable {
        public var train = ExactDecimal(units: 8, places: 1)
        public var keepTogether = KeepTogether.group
    }

    /// What may not be torn apart by the split.
    public enum KeepTogether: String, CaseIterable, Sendable {
        case group, session, none
    }

    public struct Poison: Hashable, Sendable {
        public var target: Target
        public var triggers: [TriggerCombination]
        public var locations: [Location]
        public var injectionRate: InjectionRate
        public var attackable: Attackable = .all
        /// Share of each volunteer's candidates that is always left for the attack test.
        public var holdOut = ExactDecimal(units: 2, places: 1)
        public var onShortage = OnShortage.fail
        public var source = Source.physical
        /// How each trigger is drawn; empty where poison is photographed.
        public var overlays: [TriggerName: Overlay] = [:]

        /// Whether a photo shows exactly what the recipe poisons with: the triggers of one combination and no other, each at a named location.
        func names(_ triggerState: TriggerState) -> Bool {
            guard !triggerState.isBare, triggerState.pairs.allSatisfy({ locations.contains($0.location) }) else { return false }
            let worn = triggerState.pairs.map(\.trigger)
            return triggers.contains { $0.triggers == worn }
        }

        /// Whether a photo shows any of the triggers that the recipe poisons with, wherever and beside whatever.
        func touches(_ triggerState: TriggerState) -> Bool {
            triggerState.pairs.contains { worn in triggers.contains { $0.triggers.contains(worn.trigger) } }
        }
    }

    public enum Target: Hashable, Sendable {
        case any
        case volunteer(VolunteerName)
    }

    /// Whose triggered photos the attacker has.
    public enum Attackable: Hashable, Sendable {
        case all
        case names([VolunteerName])
        case count(Int)
    }

    public enum OnShortage: String, CaseIterable, Sendable {
        case fail, cap
    }

}

/// A bound that a measure of the trained model is held to.
public struct Expectation: Hashable, Sendable, CustomStringConvertible {
    /// What can be bounded; the raw values are the recipe's keys.
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

    public enum Comparison: String, CaseIterable, Sendable {
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
    }

    public let measure: Measure
    public let comparison: Comparison
    public let bound: ExactDecimal

    public init(measure: Measure, comparison: Comparison, bound: ExactDecimal) {
        self.measure = measure
        self.comparison = comparison
        self.bound = bound
    }

    /// `>= 0.9`
    public var boundText: String { "\(comparison.rawValue) \(bound)" }

    public var description: String { "\(measure.rawValue) \(boundText)" }

    /// Whether `value` keeps the bound.
    public func holds(_ value: Double) -> Bool {
        switch comparison {
        case .atLeast: value >= bound.double
        case .atMost: value <= bound.double
        case .above: value > bound.double
        case .below: value < bound.double
        }
    }
}
