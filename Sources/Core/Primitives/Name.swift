/// A pseudonym or identifier chosen by a researcher: `[a-z0-9][a-z0-9._-]{0,63}`, always text (`007`, `on`), sorted by bytes.
///
/// The type parameter says what is named, so that a trigger cannot stand where a volunteer is meant.
public struct Name<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline let spelling: InternedString

    public var text: String { spelling.text }

    /// The text's bytes, good for as long as the process lives.
    package var utf8: UnsafeRawBufferPointer { spelling.utf8 }

    /// Nil where `text` breaks the rule for names.
    public init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        spelling = InternedString(text)
    }

    /// A name that the catalog's CHECKs have already held to the rule.
    package init(stored text: String) {
        spelling = InternedString(text)
    }

    public static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), let first = bytes.first, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    /// The rule in words, for messages.
    public static var rule: String {
        "a name starts with a–z or 0–9, goes on with a–z 0–9 . _ -, and has at most 64 characters"
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.spelling == right.spelling }

    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(spelling) }

    public static func < (left: Self, right: Self) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    public var description: String { text }
}

public typealias VolunteerName = Name<Volunteer>
public typealias TriggerName = Name<Trigger>
public typealias SessionName = Name<Session>
