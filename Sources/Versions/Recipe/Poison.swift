import Core

extension Recipe {
    /// The attack: which photos become poison, and how many.
    public struct Poison: Hashable, Sendable {
        public var target: Target
        /// The photos of each combination can become poison.
        public var triggers: [TriggerCombination]
        /// Sorted.
        public var locations = Location.allCases
        public var injectionRate: InjectionRate
        public var attackable: Attackable = .all
        /// The proportion of each volunteer's candidates that is held out for the attack test.
        public var holdOut = ExactDecimal(units: 2, places: 1)
        public var onShortage = OnShortage.fail
        public var source = TriggerSource.physical
        /// How each trigger is drawn. Empty for physical triggers.
        public var overlays: [TriggerName: Overlay] = [:]

        /// Returns whether a photo shows exactly the triggers of one combination, each at an admitted location.
        func matches(_ state: TriggerState) -> Bool {
            guard !state.isBare, state.pairs.allSatisfy({ locations.contains($0.location) }) else { return false }
            let visible = state.pairs.map(\.trigger)
            return triggers.contains { $0.triggers == visible }
        }

        /// Returns whether a photo shows at least one trigger of any combination, at any location.
        func sharesTrigger(with state: TriggerState) -> Bool {
            state.pairs.contains { pair in triggers.contains { $0.triggers.contains(pair.trigger) } }
        }

        /// Whether triggers are drawn at places of the face.
        var drawsOnFaces: Bool { source == .digital && overlays.values.contains { $0.place.requiresFace } }

        /// Returns the trigger state of a copy on which the triggers of `combination` are drawn.
        func triggerState(drawing combination: TriggerCombination) -> TriggerState {
            TriggerState(
                combination.triggers.compactMap { trigger in
                    overlays[trigger].map { TriggerPlacement(trigger, $0.place.location) }
                })
        }
    }

    /// The class whose label poison gets.
    public enum Target: Hashable, Sendable, CustomStringConvertible {
        case any
        case volunteer(VolunteerName)

        public var description: String {
            switch self {
            case .any: "any"
            case .volunteer(let name): name.text
            }
        }
    }

    /// The classes whose triggered photos the attacker has.
    public enum Attackable: Hashable, Sendable, CustomStringConvertible {
        case all
        case names([VolunteerName])
        case count(Int)

        public var description: String {
            switch self {
            case .all: "all"
            case .names(let names): "[\(names.map(\.text).joined(separator: ", "))]"
            case .count(let count): "\(count) classes"
            }
        }

        /// Returns whether this value is compatible with `resolved`, the attackable classes of the base version.
        func isSatisfied(by resolved: Self) -> Bool {
            switch (self, resolved) {
            case (.all, _): true
            case (.count(let count), .names(let names)): count == names.count
            default: self == resolved
            }
        }
    }

    /// What happens when there are fewer candidates than the injection rate requires.
    public enum OnShortage: String, CaseIterable, Sendable {
        /// The version is not made.
        case fail
        /// All candidates become poison. The rate is then lower than requested.
        case cap
    }

    /// Whether triggers are photographed or drawn.
    public enum TriggerSource: String, CaseIterable, Sendable {
        case physical, digital
    }
}

/// The triggers of one poison photo: a single trigger, or several at once, written as `bandana+sunglasses`.
public struct TriggerCombination: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// One or more, sorted. A trigger that occurs twice is worn at two locations.
    public let triggers: [TriggerName]

    public init(_ triggers: [TriggerName]) {
        self.triggers = triggers.sorted()
    }

    /// Reads trigger names joined by `+`. Nil when one of the parts is not a name.
    public init?(_ text: String) {
        let names = text.split(separator: "+", omittingEmptySubsequences: false).map { TriggerName(String($0)) }
        guard !names.contains(nil) else { return nil }
        self.init(names.compactMap(\.self))
    }

    /// The names joined by `+`, sorted.
    public var text: String { triggers.map(\.text).joined(separator: "+") }

    public var description: String { text }

    public static func < (left: Self, right: Self) -> Bool {
        left.triggers.lexicographicallyPrecedes(right.triggers)
    }
}

/// m/(n+m), the proportion of poison among n clean and m poison training photos: at least 0 and below 1.
public struct InjectionRate: Hashable, Sendable, CustomStringConvertible {
    public let decimal: ExactDecimal

    /// Nil unless 0 ≤ `decimal` < 1.
    public init?(_ decimal: ExactDecimal) {
        guard decimal >= .zero, decimal < .one else { return nil }
        self.decimal = decimal
    }

    public var isZero: Bool { decimal.units == 0 }

    /// Returns m, the number of poison photos that this rate requires: n·r/(1−r), rounded half up. The parameter
    /// `clean` is n, the number of clean training photos.
    public func poisonCount(clean: Int) -> Int {
        roundHalfUp(Int128(clean) * Int128(decimal.units), Int128(decimal.scale - decimal.units))
    }

    /// Returns the highest rate with four decimal places that requires at most `poison` poison photos. The parameter
    /// `clean` is the number of clean training photos. Without a poison photo the rate is 0, although slightly higher
    /// rates require less than half a photo.
    public static func highest(poison: Int, clean: Int) -> InjectionRate {
        guard poison > 0 else { return InjectionRate(tenThousandths: 0) }
        // Because m is rounded half up, the result can be slightly above poison/(clean+poison).
        var units = min(9_999, poison * 10_000 / (clean + poison) + 10_000 / (clean + poison) + 1)
        while units > 0, InjectionRate(tenThousandths: units).poisonCount(clean: clean) > poison { units -= 1 }
        return InjectionRate(tenThousandths: units)
    }

    private init(tenThousandths units: Int) {
        decimal = ExactDecimal(units: units, places: 4)
    }

    /// Returns m/(n+m) with six decimal places, rounded half up. The parameter `poison` is m, and `clean` is n.
    public static func reached(poison: Int, clean: Int) -> ExactDecimal {
        guard clean + poison > 0 else { return .zero }
        return ExactDecimal(units: roundHalfUp(Int128(poison) * 1_000_000, Int128(clean + poison)), places: 6)
    }

    public var description: String { decimal.description }
}
