import Core
import Versions

// Checks of the labels of single photos.

/// Photos without a label.
struct UnlabelledCheck: AuditCheck {
    static let definition = CheckDefinition(
        .unlabelled, title: "Photos without a label",
        definition: "Counts photos whose volunteer and trigger are not known. No new version can contain them.",
        threshold: "One photo.",
        severity: """
            Warning for the catalog, because the photos only wait for a label. Error for a version, because nobody can \
            check the label with which the version uses the photo.
            """,
        source: "A label is part of the definition of a photo's role (docs/format.md, Selection).")

    func findings(in subject: AuditSubject) -> [Finding] {
        let finding =
            subject.version.map { Self.finding($0.entries.list, catalog: subject.facts) }
            ?? Self.finding(subject.facts)
        return finding.map { [$0] } ?? []
    }

    /// Photos of the catalog without a label.
    static func finding(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.lazy.filter { $0.label == nil }.map(\.photo).sorted()
        guard !photos.isEmpty else { return nil }
        return Finding(
            .unlabelled, .warning, count: photos.count,
            "\(photos.count) photos have no label and are not in any version; label them with: curare label",
            photos: photos)
    }

    /// Photos of a version without a label in the catalog.
    static func finding(_ entries: some Collection<Entry>, catalog facts: [PhotoFacts]) -> Finding? {
        let unlabelled = Set(facts.lazy.filter { $0.label == nil }.map(\.photo))
        let photos = entries.lazy.map(\.photo).filter { unlabelled.contains($0) }
        let count = photos.count
        guard count > 0 else { return nil }
        return Finding(
            .unlabelled, .error, count: count, "\(count) photos of this version have no label in the catalog today",
            photos: Set(photos).sorted())
    }
}

/// Photos whose location was derived from boxes and faces, and that no person has labelled.
struct SuggestedLabelsCheck: AuditCheck {
    static let definition = CheckDefinition(
        .suggestedLabels, title: "Locations that no person has confirmed",
        definition: """
            Counts photos on which a rule derived the trigger's location from the trigger's box and the face's outline. \
            The rule is sometimes wrong, for example for sunglasses in the hair.
            """,
        threshold: "One photo.",
        severity:
            "Warning, because most suggestions are right, but each wrong one puts a photo into a wrong condition.",
        source: "The error rate of the rule is measured in docs/faces.md, On-face and off-face.")

    func findings(in subject: AuditSubject) -> [Finding] { Self.finding(subject.facts).map { [$0] } ?? [] }

    static func finding(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter(\.isSuggested).map(\.photo).sorted()
        guard let first = photos.first else { return nil }
        return Finding(
            .suggestedLabels, .warning, count: photos.count,
            "the location of the trigger on \(photos.count) photos is only a suggestion, such as photo \(first.short); "
                + "review them, then confirm with: curare label PHOTO --trigger T --location L",
            photos: photos)
    }
}

/// Photos of an attack whose label no person has confirmed.
struct UnreviewedCheck: AuditCheck {
    static let definition = CheckDefinition(
        .unreviewed, title: "Poison or attack test photos with labels that no person has confirmed",
        definition: """
            Counts the poisoned training photos and the attack test photos of a version whose label is the suggestion of \
            a rule. These photos decide the result of the attack. The check `suggested-labels` counts the photos of all \
            roles.
            """,
        threshold: "One photo.",
        severity: "Warning, because a wrong location in these roles changes the measured attack.",
        source: "The error rate of the rule is measured in docs/faces.md, On-face and off-face.", scope: .version)

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version else { return [] }
        return Self.finding(version.entries.list, catalog: subject.facts).map { [$0] } ?? []
    }

    static func finding(_ entries: some Collection<Entry>, catalog facts: [PhotoFacts]) -> Finding? {
        let suggested = Set(facts.lazy.filter(\.isSuggested).map(\.photo))
        guard !suggested.isEmpty else { return nil }
        // The triggers of copies are drawn. Their locations are those of the recipe.
        func photos(_ role: Role) -> [PhotoID] {
            entries.filter { $0.role == role && $0.overlay == nil && suggested.contains($0.photo) }.map(\.photo)
        }
        let poison = photos(.trainPoison)
        let attack = photos(.testAttack)
        let all = (poison + attack).sorted()
        guard !all.isEmpty else { return nil }
        return Finding(
            .unreviewed, .warning, count: all.count,
            "no person has confirmed the labels of \(poison.count) poison photos and \(attack.count) attack test "
                + "photos; view them with: curare sheet --in-version NAME@V --finding unreviewed --out unreviewed.html, "
                + "then confirm with: curare label PHOTO --trigger T --location L", photos: all)
    }
}

/// Photos in which the trigger's box contradicts the location in the label.
struct LocationMismatchCheck: AuditCheck {
    static let definition = CheckDefinition(
        .locationMismatch, title: "Locations that the trigger's box contradicts",
        definition: """
            Counts photos with a label by a person, a marked box of the trigger and a known face, where the rule for \
            locations derives another location from the box than the label has. Either the label, the box, or the \
            estimated outline of the face is wrong.
            """,
        threshold: """
            One photo. The rule derives `on-face` if at least \(TriggerLocationEstimate.threshold)% of the box is inside \
            the face's outline.
            """,
        severity: "Warning, because the label counts, and the outline is an estimate that can be wrong too.",
        source: "The error rate of the rule is measured in docs/faces.md, On-face and off-face.")

    func findings(in subject: AuditSubject) -> [Finding] { Self.finding(subject.facts).map { [$0] } ?? [] }

    static func finding(_ facts: [PhotoFacts]) -> Finding? {
        let contradicted = facts.compactMap {
            fact -> (photo: PhotoID, triggerState: TriggerState, ruled: TriggerLocationEstimate)? in
            guard let label = fact.label, let ruled = fact.contradiction else { return nil }
            return (fact.photo, label.triggerState, ruled)
        }.sorted { $0.photo < $1.photo }
        guard let first = contradicted.first else { return nil }
        return Finding(
            .locationMismatch, .warning, count: contradicted.count,
            "on \(contradicted.count) photos, the trigger's box contradicts the labelled location. "
                + "Example: photo \(first.photo.short) has the label \(first.triggerState), "
                + "but \(first.ruled.percent)% of the box is inside the face. "
                + "Review the photos with: curare sheet --finding location-mismatch --out location-mismatch.html",
            photos: contradicted.map(\.photo))
    }
}
