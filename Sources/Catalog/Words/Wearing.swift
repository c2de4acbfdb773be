/// Where a trigger is worn.
public enum Location: String, CaseIterable, Comparable, Sendable {
    case offFace = "off-face"
    case onFace = "on-face"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One object worn at one place.
public struct Worn: Hashable, Comparable, Sendable {
    public let trigger: TriggerName
    public let location: Location

    public init(_ trigger: TriggerName, _ location: Location) {
        self.trigger = trigger
        self.location = location
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.trigger == right.trigger ? left.location < right.location : left.trigger < right.trigger
    }
}

/// All that a person wears in a photo, as sorted pairs without doubles; bare where there are none.
public struct Wearing: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let pairs: [Worn]

    public static let bare = Wearing([])

    public init(_ pairs: some Sequence<Worn>) {
        self.pairs = Set(pairs).sorted()
    }

    /// The only pair, where exactly one is worn.
    public var single: Worn? { pairs.count == 1 ? pairs[0] : nil }

    public var isBare: Bool { pairs.isEmpty }

    /// The triggers joined in the order of the pairs (`bandana+sunglasses`), or `none`.
    public var triggerText: String { isBare ? "none" : pairs.map(\.trigger.text).joined(separator: "+") }

    /// The locations joined in the same order (`off-face+on-face`), or `none`.
    public var locationText: String { isBare ? "none" : pairs.map(\.location.rawValue).joined(separator: "+") }

    /// Reads the two joined texts back; nil where they do not match in number or break a rule.
    public init?(triggerText: String, locationText: String) {
        if triggerText == "none", locationText == "none" {
            self = .bare
            return
        }
        let triggers = triggerText.split(separator: "+", omittingEmptySubsequences: false)
        let locations = locationText.split(separator: "+", omittingEmptySubsequences: false)
        guard triggers.count == locations.count else { return nil }
        var pairs: [Worn] = []
        for (trigger, location) in zip(triggers, locations) {
            guard trigger != "none", let name = TriggerName(String(trigger)), let place = Location(rawValue: String(location)) else { return nil }
            pairs.append(Worn(name, place))
        }
        self.init(pairs)
    }

    public var description: String { isBare ? "none" : pairs.map { "\($0.trigger) \($0.location.rawValue)" }.joined(separator: " + ") }

    public static func < (left: Self, right: Self) -> Bool {
        left.pairs.lexicographicallyPrecedes(right.pairs)
    }
}
