/// Returns the known word with the smallest edit distance to a mistyped word; nil if no known word is close enough.
///
/// A known word is close enough at a distance of at most 1, or of at most a third of the mistyped word's length. A
/// known word that starts with a mistyped word of three or more characters is close enough too. If several words have
/// the same distance, the function returns the word that sorts first. Upper and lower case count as equal.
public func closestMatch(to word: String, among known: some Sequence<String>) -> String? {
    let word = word.lowercased()
    let limit = max(1, word.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
        let lowercased = candidate.lowercased()
        let distance = editDistance(word, lowercased)
        let isClose = distance <= limit || (word.count >= 3 && lowercased.hasPrefix(word))
        guard isClose else { continue }
        if let best, (best.distance, best.word) <= (distance, candidate) { continue }
        best = (candidate, distance)
    }
    return best?.word
}

/// Returns the question `did you mean WORD?` for the next step of an error; nil if no known word is close enough.
public func suggestion(for word: String, among known: some Sequence<String>) -> String? {
    closestMatch(to: word, among: known).map(question)
}

/// Returns the question `did you mean WORD?` for the next step of an error.
public func question(_ word: String) -> String { "did you mean \(word)?" }

/// Returns the file name that a person can confuse with `name`: it differs only in upper and lower case, in dots at the
/// start, or in `.yml` instead of `.yaml`. Nil if there is none. If there are several such names,
/// the function returns the name that sorts first.
public func confusableFileName(_ name: String, among names: some Sequence<String>) -> String? {
    func key(_ name: String) -> String {
        let key = name.lowercased().drop { $0 == "." }
        return key.hasSuffix(".yml") ? String(key.dropLast(4)) + ".yaml" : String(key)
    }
    let wanted = key(name)
    return wanted.isEmpty ? nil : names.filter { $0 != name && key($0) == wanted }.min()
}

/// Returns the end of a sentence about an unknown word: `; did you mean WORD?`, or a full stop.
public func suggestionClause(for word: String, among known: some Sequence<String>) -> String {
    suggestion(for: word, among: known).map { "; \($0)" } ?? "."
}

/// Returns the Levenshtein distance between at most the first 64 Unicode scalars of each string.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars.prefix(64))
    let right = Array(right.unicodeScalars.prefix(64))
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = above
        }
    }
    return row[right.count]
}
