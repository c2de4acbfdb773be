import Core
import Versions

/// Names of people or sessions that a person can confuse. One person under two names is two classes.
struct SimilarNamesCheck: AuditCheck {
    static let definition = CheckDefinition(
        .similarNames, title: "Names that may mean the same person or session",
        definition: """
            Compares the names of the volunteers, and the names of the sessions. Two names are similar if they differ \
            only in separators, in leading zeros or in the `.0` of a spreadsheet (`007`, `7`, `7.0`), in a digit that \
            looks like a letter, or in one typing error. Two names of volunteers are also similar if one of them is the \
            other with a separator and one digit (`ada`, `ada-1`). A person under two names is two classes: a model is \
            trained to distinguish photos of the same face. Two names of reference people are compared by form only, \
            because a public set distinguishes its own people. For a pair of people, the finding lists the photos of the \
            name with fewer photos.
            """,
        threshold: """
            One pair of names. With more than \(maximumNames) names, all names are compared by form only, to save time.
            """,
        severity: """
            Warning for volunteers, because two people can have similar names, but one person under two names damages all \
            measures. Info for sessions, because a session under two names only weakens `keep_together: session`.
            """,
        source: "The rules are those with which an import compares new names (Sources/Core/Primitives/NearNames.swift)."
    )

    /// The largest number of names that are compared for typing errors: with ten thousand names this takes seconds.
    static let maximumNames = 2000

    /// Two similar names, the smaller first.
    struct Pair: Hashable, Comparable {
        let first: String
        let second: String

        init(_ one: String, _ other: String) {
            first = min(one, other)
            second = max(one, other)
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.first, left.second) < (right.first, right.second)
        }
    }

    func findings(in subject: AuditSubject) -> [Finding] {
        [volunteers(subject.facts), sessions(subject)].compactMap(\.self)
    }

    private func volunteers(_ facts: [PhotoFacts]) -> Finding? {
        var counts: [VolunteerName: Int] = [:]
        var references: Set<VolunteerName> = []
        for fact in facts {
            guard let label = fact.label else { continue }
            counts[label.volunteer, default: 0] += 1
            if fact.kind == .reference, counts[label.volunteer] == 1 { references.insert(label.volunteer) }
        }
        let pairs = Self.pairs(
            of: counts.keys.map(\.text), references: Set(references.map(\.text)), withNumberedCopies: true)
        let photosOfName = Dictionary(uniqueKeysWithValues: counts.map { ($0.key.text, $0.value) })
        return finding(pairs, "volunteers", photosOfName, .warning, "curare volunteer merge NAME INTO --dry-run") {
            names in
            facts.filter { fact in fact.label.map { names.contains($0.volunteer.text) } == true }.map(\.photo)
        }
    }

    private func sessions(_ subject: AuditSubject) -> Finding? {
        var counts: [SessionName: Int] = subject.version == nil ? subject.sessions.mapValues { _ in 0 } : [:]
        for fact in subject.facts { counts[fact.session, default: 0] += 1 }
        let pairs = Self.pairs(of: counts.keys.map(\.text))
        let photosOfName = Dictionary(uniqueKeysWithValues: counts.map { ($0.key.text, $0.value) })
        return finding(pairs, "sessions", photosOfName, .info, "curare show SESSION") { names in
            subject.facts.filter { names.contains($0.session.text) }.map(\.photo)
        }
    }

    /// - Parameters:
    ///   - counts: the number of photos of each name.
    ///   - command: what the user can do if a pair is the same.
    ///   - photos: returns the photos of names.
    private func finding(
        _ pairs: [Pair], _ kind: String, _ counts: [String: Int], _ severity: Finding.Severity, _ command: String,
        _ photos: (Set<String>) -> [PhotoID]
    ) -> Finding? {
        guard !pairs.isEmpty else { return nil }
        let named = pairs.map { pair in
            "\(pair.first) (\(counts[pair.first] ?? 0) photos) and \(pair.second) (\(counts[pair.second] ?? 0) photos)"
        }
        let smaller = pairs.map { pair in
            (counts[pair.second] ?? 0) < (counts[pair.first] ?? 0) ? pair.second : pair.first
        }
        return Finding(
            .similarNames, severity, count: pairs.count,
            "the names of \(pairs.count) pairs of \(kind) are similar: \(AuditChecks.list(named)); if a pair is the "
                + "same, correct it; start with: \(command)", photos: photos(Set(smaller)))
    }

    /// Returns the pairs of similar names, sorted.
    ///
    /// - Parameters:
    ///   - references: names that are compared with each other by form only.
    ///   - withNumberedCopies: whether `ada` and `ada-1` are similar.
    static func pairs(
        of names: [String], references: Set<String> = [], withNumberedCopies: Bool = false
    ) -> [Pair] {
        var pairs: Set<Pair> = []
        for (_, same) in Dictionary(grouping: names, by: NearNames.form) where same.count > 1 {
            for (index, name) in same.enumerated() {
                for other in same[(index + 1)...] { pairs.insert(Pair(name, other)) }
            }
        }
        let compared = names.filter { !references.contains($0) }
        guard !compared.isEmpty, names.count <= maximumNames else { return pairs.sorted() }
        let index = NearNames(names)
        for name in compared {
            for other in index.names(near: name) { pairs.insert(Pair(name, other)) }
        }
        guard withNumberedCopies else { return pairs.sorted() }
        let known = Set(names)
        for name in names {
            guard let original = original(of: name), known.contains(original),
                !references.contains(name) || !references.contains(original)
            else { continue }
            pairs.insert(Pair(name, original))
        }
        return pairs.sorted()
    }

    /// Returns the name before a separator and one digit at the end, `ada` for `ada-1`. Nil without such an end, and if a
    /// digit is before the separator.
    private static func original(of name: String) -> String? {
        let end = name.suffix(2)
        let original = name.dropLast(2)
        guard let separator = end.first, "._-".contains(separator), let digit = end.last,
            digit.isASCII, digit.isNumber, let last = original.last, last.isLetter
        else { return nil }
        return String(original)
    }
}
