/// An index of names. It finds the names that a person can confuse with a given name.
///
/// Two different names are near when
/// - they are equal without separators and after each digit is read as a letter that looks like the digit (`an21`,
///   `an2i`), or
/// - they are equal without separators and leading zeros (`007`, `7`; `ada-1`, `ada01`), or
/// - their letters differ by one typing error in at least five letters, and their numbers are equal (`bolland`,
///   `boland`; not `v12`, `v13`). A different last letter does not count as a typing error, because it distinguishes
///   `subject-a` from `subject-b`, or
/// - one letter is repeated in one of them, there are at least three letters without it, and their numbers are equal
///   (`adaa`, `ada`). Of short names, other letters distinguish people (`anna`, `hanna`).
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

    /// Returns a text that is equal for names which differ only in separators, in leading zeros, or in the `.0` that a
    /// spreadsheet adds to a number: `007`, `7` and `7.0`; `ada-1` and `ada01`.
    public static func form(of name: String) -> String {
        let isDecimal = name.hasSuffix(".0") && name.dropLast(2).allSatisfy { $0.isASCII && $0.isNumber }
        return ComparableName(isDecimal && name.count > 2 ? String(name.dropLast(2)) : name).form
    }
}

/// A name divided into letters and numbers. Names are ASCII, so that bytes are sufficient: a public set has thousands of
/// names, and characters take ten times as long.
private struct ComparableName {
    private enum Part: Equatable {
        case letters([UInt8])
        /// Digits without leading zeros.
        case number(ArraySlice<UInt8>)
    }

    private static let minimumLetters = 5
    /// The minimum number of letters without a repeated letter.
    private static let minimumRepeatedLetters = 3
    /// For each digit the letters that look like the digit.
    private static let lookalikes: [UInt8: Set<UInt8>] = [
        "0": "o", "1": "il", "2": "z", "5": "s", "6": "g", "8": "b",
    ].reduce(into: [:]) { $0[UInt8(ascii: $1.key)] = Set($1.value.utf8) }
    private static let separators = Set("._-".utf8)
    /// Maps a digit, and all letters that look like the digit, to one common letter.
    private static let folded: [UInt8] = lookalikes.reduce(into: Array(0...255)) { folded, entry in
        for byte in entry.value.union([entry.key]) { folded[Int(byte)] = entry.value.max() ?? byte }
    }

    /// The name without separators. Separators between two digits stay, because they separate two numbers.
    private let characters: [UInt8]
    private let parts: [Part]

    init(_ name: String) {
        let all = Array(name.utf8)
        characters = all.indices.filter { index in
            guard Self.separators.contains(all[index]) else { return true }
            let isBetweenDigits =
                index > 0 && index + 1 < all.count && Self.isDigit(all[index - 1]) && Self.isDigit(all[index + 1])
            return isBetweenDigits
        }.map { all[$0] }
        parts = Self.parts(characters)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func parts(_ characters: [UInt8]) -> [Part] {
        characters.split { separators.contains($0) }.flatMap { piece -> [Part] in
            var parts: [Part] = []
            var rest = piece
            while let first = rest.first {
                let run = rest.prefix { isDigit($0) == isDigit(first) }
                rest = rest.dropFirst(run.count)
                parts.append(isDigit(first) ? .number(run.drop { $0 == UInt8(ascii: "0") }) : .letters(Array(run)))
            }
            return parts
        }
    }

    /// Keys of which two near names have at least one in common. Names with a common key need not be near.
    var keys: Set<String> {
        var keys: Set<String> = [
            "looks " + String(decoding: characters.map { Self.folded[Int($0)] }, as: UTF8.self), "equal " + form,
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
            keys.insert("typed " + form)
        }
        // Long names have a common key without a repeated letter already.
        let repeatable = Self.minimumRepeatedLetters...Self.minimumLetters
        for (index, part) in parts.enumerated() {
            guard case .letters(let letters) = part, repeatable.contains(letters.count) else { continue }
            var changed = parts
            changed[index] = .letters(
                letters.indices.filter { $0 == 0 || letters[$0] != letters[$0 - 1] }.map { letters[$0] })
            keys.insert("repeated " + Self.key(changed))
        }
        return keys
    }

    /// The letters and numbers without separators and leading zeros.
    var form: String { Self.key(parts) }

    private static func key(_ parts: [Part]) -> String {
        var key: [UInt8] = []
        for part in parts {
            if !key.isEmpty { key.append(UInt8(ascii: "|")) }
            switch part {
            case .letters(let letters): key += letters
            case .number(let digits):
                key.append(UInt8(ascii: "#"))
                key += digits
            }
        }
        return String(decoding: key, as: UTF8.self)
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
            min(left.count, right.count) >= Self.minimumRepeatedLetters
        else { return false }
        return min(left.count, right.count) >= Self.minimumLetters
            ? Self.isTypingError(left, right) : Self.isRepeatedLetter(left, right)
    }

    /// Returns whether one of the names is the other with one letter repeated.
    private static func isRepeatedLetter(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (shorter, longer) = left.count < right.count ? (left, right) : (right, left)
        guard longer.count == shorter.count + 1 else { return false }
        let start = zip(shorter, longer).prefix { $0 == $1 }.count
        return start > 0 && longer[start] == longer[start - 1] && shorter[start...] == longer[(start + 1)...]
    }

    /// Returns whether the names differ by one missing letter, by one different letter that is not the last, or by two
    /// exchanged neighbouring letters.
    private static func isTypingError(_ left: [UInt8], _ right: [UInt8]) -> Bool {
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
