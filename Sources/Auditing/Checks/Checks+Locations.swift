import Core

extension Checks {
    /// Photos whose label is a rule's suggestion alone.
    static func suggested(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter(\.isSuggested).map(\.photo).sorted()
        guard !photos.isEmpty else { return nil }
        return Finding(
            .suggestedLabels, .warning, count: photos.count,
            """
            \(photos.count) photos have their location from a rule, and no person has said so yet, such as photo \(photos[0].short); look at them, then: curare label PHOTO --trigger T --location L
            """, photos: photos)
    }

    /// Photos whose trigger is marked elsewhere than a person has said it is worn.
    static func contradicted(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.compactMap { fact in fact.contradiction.map { (fact: fact, ruled: $0) } }.sorted {
            $0.fact.photo < $1.fact.photo
        }
        guard let first = photos.first else { return nil }
        return Finding(
            .locationContradicted, .warning, count: photos.count,
            """
            on \(photos.count) photos the trigger's box lies elsewhere than their label says, such as photo \(first.fact.photo.short): it says \(first.fact.label?.triggerState.description ?? ""), \
            and \(first.ruled.percent)% of the box are in the face's outline; look at them with curare show
            """, photos: photos.map(\.fact.photo))
    }
}
