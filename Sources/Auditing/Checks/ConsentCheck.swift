import Core
import Versions

/// Photos that may not be used. What consent allows is decided by the catalog, which fills `PhotoFacts.consented`.
struct ConsentCheck: AuditCheck {
    static let definition = CheckDefinition(
        .consent, title: "Photos without consent",
        definition: """
            Counts photos of sessions without consent, and photos in which another person is visible who has not \
            consented. In a version, photos that the catalog no longer has count too.
            """,
        threshold: "One photo.",
        severity: """
            Warning for the catalog, because no version can contain such a photo. Error for a version, because the \
            version contains photos that may not be used today.
            """,
        source: "The consent of a session and of other people is recorded at the import (docs/privacy.md).")

    func findings(in subject: AuditSubject) -> [Finding] {
        let finding =
            subject.version.map { Self.finding($0.entries.list, catalog: subject.facts) }
            ?? Self.finding(subject.facts)
        return finding.map { [$0] } ?? []
    }

    /// Photos of the catalog that no version may use.
    static func finding(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter { !$0.consented }
        guard !photos.isEmpty else { return nil }
        let sessions = Set(photos.map(\.session)).sorted()
        return Finding(
            .consent, .warning, count: photos.count,
            "\(photos.count) photos are not in any version until all people in them have consented; "
                + "sessions: \(AuditChecks.list(sessions))", photos: photos.map(\.photo).sorted())
    }

    /// Photos of a version that may no longer be used.
    static func finding(_ entries: some Collection<Entry>, catalog facts: [PhotoFacts]) -> Finding? {
        let allowed = Set(facts.lazy.filter(\.consented).map(\.photo))
        let photos = entries.filter { !allowed.contains($0.photo) }
        guard !photos.isEmpty else { return nil }
        let names = Set(photos.map(\.volunteer.name)).sorted()
        return Finding(
            .consent, .error, count: photos.count,
            "\(photos.count) photos of this version have no consent today or are no longer in the catalog; "
                + "volunteers: \(AuditChecks.list(names))", photos: Set(photos.map(\.photo)).sorted())
    }
}
