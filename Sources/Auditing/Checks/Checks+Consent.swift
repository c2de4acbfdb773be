import Core
import Versions

/// The checks of an audit: pure functions from facts and entries to a finding, or to nothing.
enum Checks {}

extension Checks {
    /// Photos in the catalog that no version may use.
    static func unconsented(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter { !$0.consented }
        guard !photos.isEmpty else { return nil }
        let sessions = Set(photos.map(\.session)).sorted()
        return Finding(
            .consent, .warning, count: photos.count,
            "\(photos.count) photos are in no version until everyone in them has consented; sessions: \(names(sessions))"
        )
    }

    /// Photos in a version that may not be used any more.
    static func consent(_ entries: some Collection<Entry>, today facts: [PhotoFacts]) -> Finding? {
        let allowed = Set(facts.lazy.filter(\.consented).map(\.photo))
        let photos = entries.filter { !allowed.contains($0.photo) }
        guard !photos.isEmpty else { return nil }
        return Finding(
            .consent, .error, count: photos.count,
            "\(photos.count) photos of this version have no consent today, or are gone; of \(names(Set(photos.map(\.volunteer.name)).sorted()))"
        )
    }

    static func unlabelled(_ facts: [PhotoFacts]) -> Finding? {
        let count = facts.count { $0.label == nil }
        return count == 0
            ? nil
            : Finding(
                .unlabelled, .warning, count: count,
                "\(count) photos are in no version until somebody says who is in them: curare label")
    }

    static func unlabelled(_ entries: some Collection<Entry>, today facts: [PhotoFacts]) -> Finding? {
        let unlabelled = Set(facts.lazy.filter { $0.label == nil }.map(\.photo))
        let count = entries.count { unlabelled.contains($0.photo) }
        return count == 0
            ? nil
            : Finding(
                .unlabelled, .error, count: count, "\(count) photos of this version have no label in the catalog today")
    }

    /// The first names of a list, for a sentence.
    static func names(_ names: [some CustomStringConvertible]) -> String {
        names.prefix(8).map(\.description).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
