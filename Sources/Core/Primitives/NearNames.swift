/// An index of names. It finds the names that a person can confuse with a given name.
///
/// Two different names are near when
/// - they are equal without separators and after each digit is read as a letter that looks like the digit (`an21`,
///   `an2i`), or
/// - they are equal without separators and leading zeros (`007`, `7`; `ada-1`, `ada01`), or
/// - their letters differ by one typing error in at least five letters, and their numbers are equal (`bolland`,
///   `boland`; not `v12`, `v13`). A different last letter does not count as a typing error, because it distinguishes
///   `subject-a` from `subject-b`.
public struct NearNames {
    /// Names by the keys that near names have in common.
    private var namesByKey: [String: [String]] = [:]

    public init(_ names: some Sequence<String> = []) {
        for name in names { insert(name) }
    }

    public mutating func insert(_ name: String) {
        for key in ComparableName(name).keys { namesByKey[key, default: []].append(name) }
    }

    /// Returns the names of the index that are near `name`, sorted. The name itself is left out.
    public func names(near name: String) -> [String] {
        let parsed = ComparableName(name)
        let candidates = Set(parsed.keys.flatMap { namesByKey[$0] ?? [] }).subtracting([name])
        return candidates.filter { parsed.isNear(ComparableName($0)) }.sorted()
    }
}

/// A name divided into letters and numbers.
private struct ComparableName {
    private enum Part: Equatable {
        case letters([Character])
        /// Digits without leading zeros.
        case number(String)
    }

    private static let minimumLetters = 5
    private static let lookalikes: [Character: Set<Character>] = [
        "0": ["o"], "1": ["i", "l"], "2": ["z"], "5": ["s"], "6": ["g"], "8": ["b"],
    ]
    /// Maps a digit, and all letters that look like the digit, to one common letter.
    private static let folded: [Character: Character] = lookalikes.reduce(into: [:]) { folded, entry in
        for character in entry.value.union([entry.key]) { folded[character] = entry.value.max() }
    }

    /// The name without separators. Separators between two digits stay, because they separate two numbers.
    private let characters: [Character]
    private let parts: [Part]

    init(_ name: String) {
        let all = Array(name)
        characters = all.indices.filter { index in
            guard "._-".contains(all[index]) else { return true }
            let isBetweenDigits =
                index > 0 && index + 1 < all.count && Self.isDigit(all[index - 1]) && Self.isDigit(all[index + 1])
            return isBetweenDigits
        }.map { all[$0] }
        parts = Self.parts(characters)
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func parts(_ characters: [Character]) -> [Part] {
        characters.split { "._-".contains($0) }.flatMap { piece -> [Part] in
            var parts: [Part] = []
            var rest = piece
            while let first = rest.first {
                let run = rest.prefix { isDigit($0) == isDigit(first) }
                rest = rest.dropFirst(run.count)
                parts.append(isDigit(first) ? .number(String(run.drop { $0 == "0" })) : .letters(Array(run)))
            }
            return parts
        }
    }

    /// Keys of which two near names have at least one in common. Names with a common key need not be near.
    var keys: Set<String> {
        var keys: Set<String> = [
            "looks " + String(characters.map { Self.folded[$0] ?? $0 }), "equal " + Self.key(parts),
        ]
        for (index, part) in parts.enumerated() {
            guard case .letters(let letters) = part, letters.count >= Self.minimumLetters else { continue }
            var changed = parts
            for position in letters.indices {
                var shorter = letters
                shorter.remove(at: position)
                changed[index] = .letters(shorter)
                keys.insert("typed " + Self.key(changed))
            }
            keys.insert("typed " + Self.key(parts))
        }
        return keys
    }

    private static func key(_ parts: [Part]) -> String {
        parts.map { part in
            switch part {
            case .letters(let letters): String(letters)
            case .number(let digits): "#\(digits)"
            }
        }.joined(separator: "|")
    }

    func isNear(_ other: ComparableName) -> Bool {
        looksLike(other) || parts == other.parts || differsByTypingError(from: other)
    }

    private func looksLike(_ other: ComparableName) -> Bool {
        characters.count == other.characters.count
            && zip(characters, other.characters).allSatisfy { left, right in
                left == right || Self.lookalikes[left]?.contains(right) == true
                    || Self.lookalikes[right]?.contains(left) == true
            }
    }

    private func differsByTypingError(from other: ComparableName) -> Bool {
        guard parts.count == other.parts.count else { return false }
        let different = zip(parts, other.parts).filter { $0 != $1 }
        guard different.count == 1, case .letters(let left) = different[0].0, case .letters(let right) = different[0].1,
            min(left.count, right.count) >= Self.minimumLetters
        else { return false }
        return Self.isTypingError(left, right)
    }

    /// Returns whether the names differ by one missing letter, by one different letter that is not the last, or by two
    /// exchanged neighbouring letters.
    private static func isTypingError(_ left: [Character], _ right: [Character]) -> Bool {
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        if left.count != right.count {
            return abs(left.count - right.count) == 1 && start + end >= min(left.count, right.count)
        }
        let middle = start..<max(start, left.count - end)
        switch middle.count {
        case 1: return middle.lowerBound < left.count - 1
        case 2: return left[middle] == ArraySlice(right[middle].reversed())
        default: return false
        }
    }
}
