import Versions

/// The attack photos that a report looks at, the same ones every time: by `rank("explain", photo)`, with the overlay behind it for a drawn copy, under the recipe's seed.
struct AttackChoice {
    /// Photos that the page shows, and how many of one volunteer.
    static let shown = 6, ofOneVolunteer = 2
    /// Photos with one trigger that its means are taken over: what a model of 224 px looks at in a few seconds.
    static let ofOneTrigger = 32

    /// All that are looked at, in order of their rank.
    let entries: [Entry]
    /// Indices of ``entries``.
    let shown: [Int]
    /// Attack photos by what is worn.
    let counts: [String: Int]

    init(_ entries: some Sequence<Entry>, seed: Int) {
        let ranked = Ranking(seed: seed).sorted(
            entries.filter { $0.role == .testAttack }, for: "explain", by: \.key.text)
        var shown: [Entry] = []
        var ofVolunteer: [String: Int] = [:]
        var ofTrigger: [String: Int] = [:]
        for entry in ranked
        where shown.count < Self.shown && ofVolunteer[entry.volunteer.name.text, default: 0] < Self.ofOneVolunteer {
            shown.append(entry)
            ofVolunteer[entry.volunteer.name.text, default: 0] += 1
        }
        let isShown = Set(shown.map(\.key))
        let looked = ranked.filter { entry in
            ofTrigger[entry.triggerState.triggerText, default: 0] += 1
            return isShown.contains(entry.key) || ofTrigger[entry.triggerState.triggerText, default: 0] <= Self.ofOneTrigger
        }
        self.entries = looked
        self.shown = looked.indices.filter { isShown.contains(looked[$0].key) }
        counts = ofTrigger
    }
}
