import Core
import Versions

// Checks of consent and of labels. What consent allows is decided by the catalog, which fills `PhotoFacts.consented`.

extension AuditChecks {
    /// Photos of the catalog that no version may use.
    static func consent(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter { !$0.consented }
        guard !photos.isEmpty else { return nil }
        let sessions = Set(photos.map(\.session)).sorted()
        return Finding(
            .consent, .warning, count: photos.count,
            "\(photos.count) photos are not in any version until all people in them have consented; "
                + "sessions: \(list(sessions))")
    }

    /// Photos of a version that may no longer be used.
    static func consent(_ entries: some Collection<Entry>, catalog facts: [PhotoFacts]) -> Finding? {
        let allowed = Set(facts.lazy.filter(\.consented).map(\.photo))
        let photos = entries.filter { !allowed.contains($0.photo) }
        guard !photos.isEmpty else { return nil }
        let names = Set(photos.map(\.volunteer.name)).sorted()
        return Finding(
            .consent, .error, count: photos.count,
            "\(photos.count) photos of this version have no consent today or are no longer in the catalog; "
                + "volunteers: \(list(names))")
    }

    /// Photos of the catalog without a label.
    static func unlabelled(_ facts: [PhotoFacts]) -> Finding? {
        let count = facts.count { $0.label == nil }
        guard count > 0 else { return nil }
        return Finding(
            .unlabelled, .warning, count: count,
            "\(count) photos have no label and are not in any version; label them with: curare label")
    }

    /// Photos of a version without a label in the catalog.
    static func unlabelled(_ entries: some Collection<Entry>, catalog facts: [PhotoFacts]) -> Finding? {
        let unlabelled = Set(facts.lazy.filter { $0.label == nil }.map(\.photo))
        let count = entries.count { unlabelled.contains($0.photo) }
        guard count > 0 else { return nil }
        return Finding(
            .unlabelled, .error, count: count, "\(count) photos of this version have no label in the catalog today")
    }

    /// Photos whose location was derived from boxes and faces, and that no person has labelled.
    static func suggestedLabels(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter(\.isSuggested).map(\.photo).sorted()
        guard let first = photos.first else { return nil }
        return Finding(
            .suggestedLabels, .warning, count: photos.count,
            "the location of the trigger on \(photos.count) photos is only a suggestion, such as photo \(first.short); "
                + "review them, then confirm with: curare label PHOTO --trigger T --location L",
            photos: photos)
    }

    /// Nearly identical photos with labels of different volunteers, such as a photo and a compressed copy of this photo
    /// in another session. One of both labels is wrong, and after a withdrawal of one person the other photo would
    /// stay.
    ///
    /// Perceptual hashes are sufficient. On the 457 real photos of 19 people in the README, hashes of different people
    /// differ in 14 bits or more, also before the same background.
    static func lookAlike(_ facts: [PhotoFacts], within distance: GroupDistance) -> Finding? {
        let members = facts.compactMap { fact in
            fact.label.map {
                NearDuplicateGroups.Member(
                    photo: fact.photo, volunteer: $0.volunteer, perceptualHash: fact.perceptualHash)
            }
        }
        let pairs = LookAlikes.pairs(among: members, within: distance)
        guard let first = pairs.first else { return nil }
        let names = members.reduce(into: [first.first: "", first.second: ""]) { names, member in
            if names[member.photo] != nil { names[member.photo] = member.volunteer.text }
        }
        let photos = [first.first, first.second].map { "photo \($0.short) of \(names[$0] ?? "")" }
        return Finding(
            .lookAlike, .error, count: pairs.count,
            "\(pairs.count) pairs of photos look like the same picture under the names of different volunteers, "
                + "such as \(photos.joined(separator: " and ")); compare them with: curare show PHOTO, "
                + "then correct the label with: curare label PHOTO --volunteer NAME",
            photos: Set(pairs.flatMap { [$0.first, $0.second] }).sorted())
    }

    /// Photos in which the trigger's box contradicts the location in the label.
    static func locationContradicted(_ facts: [PhotoFacts]) -> Finding? {
        let contradicted = facts.compactMap {
            fact -> (photo: PhotoID, triggerState: TriggerState, ruled: TriggerLocationEstimate)? in
            guard let label = fact.label, let ruled = fact.contradiction else { return nil }
            return (fact.photo, label.triggerState, ruled)
        }.sorted { $0.photo < $1.photo }
        guard let first = contradicted.first else { return nil }
        return Finding(
            .locationContradicted, .warning, count: contradicted.count,
            "on \(contradicted.count) photos, the trigger's box contradicts the labelled location. "
                + "Example: photo \(first.photo.short) has the label \(first.triggerState), "
                + "but \(first.ruled.percent)% of the box is inside the face. "
                + "Review the photos with: curare show PHOTO",
            photos: contradicted.map(\.photo))
    }
}
