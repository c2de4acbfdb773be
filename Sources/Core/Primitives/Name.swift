/// A pseudonym or identifier that a researcher chose: `[a-z0-9][a-z0-9._-]{0,63}`.
///
/// A name is always text (`007`, `on`). Names sort by their bytes. The type parameter prevents the use of a trigger's
/// name for a volunteer.
public struct Name<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline let interned: InternedString

    public var text: String { interned.text }

    /// The UTF-8 bytes of ``text``. They stay valid until the process ends.
    package var utf8: UnsafeRawBufferPointer { interned.utf8 }

    /// Creates a name; nil if `text` violates the ``rule``.
    public init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        interned = InternedString(text)
    }

    /// Creates a name from the catalog, whose CHECK constraints have validated it.
    package init(stored text: String) {
        interned = InternedString(text)
    }

    /// Returns whether `text` satisfies the ``rule``.
    public static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), let first = bytes.first, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    /// The rule for names, for use in messages.
    public static var rule: String {
        "a name starts with a–z or 0–9, continues with a–z 0–9 . _ -, and has at most 64 characters"
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.interned == right.interned }

    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(interned) }

    public static func < (left: Self, right: Self) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    public var description: String { text }
}

public typealias VolunteerName = Name<Volunteer>
public typealias TriggerName = Name<Trigger>
public typealias SessionName = Name<Session>
