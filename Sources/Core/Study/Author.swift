/// The name of the person who gave a label, marked a box or accepted a finding.
///
/// The name is free text, because it can be a real name: 1 to 64 printable characters. A volunteer's name can be an
/// author too. A withdrawal of this volunteer removes the author from all records.
public struct Author: Hashable, Comparable, Sendable, CustomStringConvertible {
    public static let maximumLength = 64

    public let text: String

    /// Creates an author; nil if `text` violates the ``rule``. Spaces around the name are ignored.
    public init?(_ text: String) {
        let trimmed = text.trimmingWhitespace
        guard (1...Self.maximumLength).contains(trimmed.unicodeScalars.count),
            !trimmed.unicodeScalars.contains(where: \.isHidden)
        else { return nil }
        self.text = trimmed
    }

    /// Creates an author from the catalog, whose CHECK constraints have validated the name.
    package init(stored text: String) {
        self.text = text
    }

    /// Parses what a person typed; nil if the person typed no name.
    ///
    /// - Throws: ``CurareError`` (64) if the text violates the ``rule``.
    public static func parsing(_ text: String?) throws -> Author? {
        guard let text else { return nil }
        return try Author(text).orThrow(
            CurareError(.usage, "\"\(text.prefix(80).printable())\" cannot name an author", next: rule))
    }

    /// The rule for authors, for use in messages.
    public static let rule =
        "the name of an author has 1 to \(maximumLength) characters, without control characters and invisible marks"

    public static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    public static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    public var description: String { text }
}

extension String {
    /// The text without whitespace at both ends.
    package var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension Name {
    /// Returns whether a text contains the name as a word, with upper or lower case letters. A letter or digit before or
    /// after the name makes another word.
    public func isWord(in text: String) -> Bool {
        let name = Array(self.text.unicodeScalars)
        let scalars = Array(text.lowercased().unicodeScalars)
        guard scalars.count >= name.count else { return false }
        func isWordPart(_ index: Int) -> Bool {
            scalars.indices.contains(index)
                && (scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil)
        }
        return (0...scalars.count - name.count).contains { start in
            scalars[start..<start + name.count].elementsEqual(name) && !isWordPart(start - 1)
                && !isWordPart(start + name.count)
        }
    }
}
