/// Where a person wears a trigger.
public enum Location: String, CaseIterable, Comparable, Sendable {
    case offFace = "off-face"
    case onFace = "on-face"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The kind of object that is named by a ``TriggerName``.
public enum Trigger {}

/// One trigger at one location.
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

/// All triggers that a person wears in a photo: sorted placements without duplicates. A bare photo has none.
///
/// Each distinct state is stored once (see ``Interned``), because a study has few states and many photos.
public struct TriggerState: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The placements, and the texts that a version's entries need for every photo.
    @usableFromInline
    struct Stored: Sendable {
        let pairs: [TriggerPlacement]
        let triggers: InternedString
        let locations: InternedString

        init(_ pairs: [TriggerPlacement]) {
            self.pairs = pairs
            triggers = Self.text(of: pairs, \.trigger.text)
            locations = Self.text(of: pairs, \.location.rawValue)
        }

        private static func text(of pairs: [TriggerPlacement], _ part: (TriggerPlacement) -> String) -> InternedString {
            InternedString(pairs.isEmpty ? TriggerState.bareText : pairs.map(part).joined(separator: "+"))
        }
    }

    @usableFromInline let stored: Interned<Stored>

    private static let table = InternTable<[TriggerPlacement], Stored>()

    /// The text of the state without triggers, as a trigger and as a location. It cannot name a trigger.
    public static let bareText = "none"

    /// The state without triggers.
    public static let bare = TriggerState([])

    /// Creates the state with these placements, in any order. Duplicates count once.
    public init(_ pairs: some Sequence<TriggerPlacement>) {
        stored = Self.table.interned(Set(pairs).sorted(), Stored.init)
    }

    /// The placements in ascending order.
    public var pairs: [TriggerPlacement] { stored.value.pairs }

    /// The only placement; nil if there are none or several.
    public var single: TriggerPlacement? { pairs.count == 1 ? pairs[0] : nil }

    public var isBare: Bool { self == .bare }

    /// The trigger names joined in the order of ``pairs`` (`bandana+sunglasses`), or `none`.
    public var triggerText: String { stored.value.triggers.text }

    /// The locations joined in the same order (`off-face+on-face`), or `none`.
    public var locationText: String { stored.value.locations.text }

    /// The UTF-8 bytes of ``triggerText``. They stay valid until the process ends.
    package var triggerUTF8: UnsafeRawBufferPointer { stored.value.triggers.utf8 }
    /// The UTF-8 bytes of ``locationText``. They stay valid until the process ends.
    package var locationUTF8: UnsafeRawBufferPointer { stored.value.locations.utf8 }

    /// Creates the state that has these two texts; nil if their numbers of parts differ or a part is invalid.
    public init?(triggerText: String, locationText: String) {
        if triggerText == Self.bareText, locationText == Self.bareText {
            self = .bare
            return
        }
        let triggers = triggerText.split(separator: "+", omittingEmptySubsequences: false)
        let locations = locationText.split(separator: "+", omittingEmptySubsequences: false)
        guard triggers.count == locations.count else { return nil }
        var pairs: [TriggerPlacement] = []
        for (trigger, location) in zip(triggers, locations) {
            guard trigger != Self.bareText, let name = TriggerName(String(trigger)),
                let location = Location(rawValue: String(location))
            else { return nil }
            pairs.append(TriggerPlacement(name, location))
        }
        self.init(pairs)
    }

    public var description: String {
        isBare ? Self.bareText : pairs.map { "\($0.trigger) \($0.location.rawValue)" }.joined(separator: " + ")
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.stored == right.stored }

    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(stored) }

    public static func < (left: Self, right: Self) -> Bool {
        left.pairs.lexicographicallyPrecedes(right.pairs)
    }
}
