/// Where a trigger is worn.
public enum Location: String, CaseIterable, Comparable, Sendable {
    case offFace = "off-face"
    case onFace = "on-face"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One object worn at one place.
public struct TriggerPlacement: Hashable, Comparable, Sendable {
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
///
/// A study knows few ways to wear something and has many photos of each, so that each way is kept once.
public struct TriggerState: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The pairs, and what is asked of them photo by photo.
    @usableFromInline
    struct Outfit: Sendable {
        let pairs: [TriggerPlacement]
        let triggers, locations: InternedString

        init(_ pairs: [TriggerPlacement]) {
            self.pairs = pairs
            triggers = InternedString(pairs.isEmpty ? "none" : pairs.map(\.trigger.text).joined(separator: "+"))
            locations = InternedString(pairs.isEmpty ? "none" : pairs.map(\.location.rawValue).joined(separator: "+"))
        }
    }

    @usableFromInline let outfit: Interned<Outfit>

    private static let known = InternTable<[TriggerPlacement], Outfit>()

    public static let bare = TriggerState([])

    public init(_ pairs: some Sequence<TriggerPlacement>) {
        outfit = Self.known.interned(Set(pairs).sorted(), Outfit.init)
    }

    public var pairs: [TriggerPlacement] { outfit.value.pairs }

    /// The only pair, where exactly one is worn.
    public var single: TriggerPlacement? { pairs.count == 1 ? pairs[0] : nil }

    public var isBare: Bool { self == .bare }

    /// The triggers joined in the order of the pairs (`bandana+sunglasses`), or `none`.
    public var triggerText: String { outfit.value.triggers.text }

    /// The locations joined in the same order (`off-face+on-face`), or `none`.
    public var locationText: String { outfit.value.locations.text }

    /// The bytes of ``triggerText`` and ``locationText``, good for as long as the process lives.
    package var triggerUTF8: UnsafeRawBufferPointer { outfit.value.triggers.utf8 }
    package var locationUTF8: UnsafeRawBufferPointer { outfit.value.locations.utf8 }

    /// Reads the two joined texts back; nil where they do not match in number or break a rule.
    public init?(triggerText: String, locationText: String) {
        if triggerText == "none", locationText == "none" {
            self = .bare
            return
        }
        let triggers = triggerText.split(separator: "+", omittingEmptySubsequences: false)
        let locations = locationText.split(separator: "+", omittingEmptySubsequences: false)
        guard triggers.count == locations.count else { return nil }
        var pairs: [TriggerPlacement] = []
        for (trigger, location) in zip(triggers, locations) {
            guard trigger != "none", let name = TriggerName(String(trigger)),
                let place = Location(rawValue: String(location))
            else { return nil }
            pairs.append(TriggerPlacement(name, place))
        }
        self.init(pairs)
    }

    public var description: String {
        isBare ? "none" : pairs.map { "\($0.trigger) \($0.location.rawValue)" }.joined(separator: " + ")
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.outfit == right.outfit }

    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(outfit) }

    public static func < (left: Self, right: Self) -> Bool {
        left.pairs.lexicographicallyPrecedes(right.pairs)
    }
}
