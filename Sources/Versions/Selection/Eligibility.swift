import Core

/// Step 1: the photos that a recipe can use, and why it cannot use the others.
public struct Eligibility: Sendable {
    /// In the order of photo ids.
    public private(set) var photos: [EligiblePhoto] = []
    /// How many photos were left out, by reason.
    public private(set) var excluded: [Reason: Int] = [:]
    public let grouping: Grouping

    public enum Reason: String, CaseIterable, Sendable {
        case consent
        case unlabelled
        case filter = "not-asked-for"
        case session = "session-not-asked-for"
        case date = "date-not-asked-for"
        case face = "face-not-asked-for"
        case quality = "quality-not-asked-for"
        case faceless = "no-face-to-draw-on"
        case noBarePhoto = "class-without-bare-photo"
        case surplus = "above-max-per-class"
        case bridges
    }

    /// Every photo that could stand in some version of the classes that `admits` names.
    ///
    /// - Parameter facts: in the order of photo ids.
    public init(_ facts: [PhotoFacts], groups distance: GroupDistance, admitting admits: (Volunteer) -> Bool) {
        grouping = Grouping(within: distance)
        for fact in facts { admit(fact, admits, withFace: false) { _ in nil } }
        leaveOutClassesWithoutBarePhoto()
        gather(within: distance)
    }

    /// Holds every photo against the recipe's filters, in this order: consent, label, class, photo filter, no face to draw on, `max_per_class`, class without a bare photo, bridges.
    ///
    /// - Parameters:
    ///   - distance: of near-duplicates.
    ///   - parent: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) where the recipe asks for what was never looked for or measured, or the parent's photos were grouped otherwise.
    public init(_ facts: FactSource, _ recipe: Recipe, groups distance: GroupDistance, extending parent: Parent? = nil)
        throws
    {
        grouping = Grouping(within: distance)
        try parent?.require(grouping)
        var sieve = PhotoSieve(recipe)
        try facts.forEach { fact in
            admit(fact, recipe.classes.admits, withFace: recipe.profile.crop == .face) { sieve.reason(against: $0) }
        }
        try sieve.requireThatAllCouldBeJudged()
        leaveOutSurplus(recipe, parent)
        leaveOutClassesWithoutBarePhoto()
        gather(within: distance)
        guard let parent else { return }
        let bridges = Bridges(photos, recipe, parent).photos
        guard !bridges.isEmpty else { return }
        leaveOut(.bridges) { bridges.contains($0.photo) }
        leaveOutClassesWithoutBarePhoto()
        // Without them, groups may be other ones.
        gather(within: distance)
    }

    /// As above, of facts that are all at hand, in the order of photo ids.
    public init(
        _ facts: [PhotoFacts], _ recipe: Recipe, groups distance: GroupDistance, extending parent: Parent? = nil
    ) throws {
        try self.init(FactSource(facts), recipe, groups: distance, extending: parent)
    }

    private mutating func admit(
        _ fact: PhotoFacts, _ admits: (Volunteer) -> Bool, withFace: Bool, filter: (PhotoFacts) -> Reason?
    ) {
        guard fact.consented else {
            excluded[.consent, default: 0] += 1
            return
        }
        guard let label = fact.label, let kind = fact.kind else {
            excluded[.unlabelled, default: 0] += 1
            return
        }
        let volunteer = Volunteer(name: label.volunteer, kind: kind)
        guard admits(volunteer) else {
            excluded[.filter, default: 0] += 1
            return
        }
        if let reason = filter(fact) {
            excluded[reason, default: 0] += 1
            return
        }
        photos.append(EligiblePhoto(fact, volunteer, label.triggerState, withFace: withFace))
    }

    private mutating func leaveOut(_ reason: Reason, where isLeftOut: (EligiblePhoto) -> Bool) {
        let before = photos.count
        photos.removeAll(where: isLeftOut)
        if photos.count < before { excluded[reason, default: 0] += before - photos.count }
    }

    private mutating func leaveOutClassesWithoutBarePhoto() {
        let classes = Set(photos.lazy.filter(\.triggerState.isBare).map(\.volunteer))
        leaveOut(.noBarePhoto) { !classes.contains($0.volunteer) }
    }

    /// Leaves out bare photos above `max_per_class`: those of the extended version come first, then the others by rank.
    private mutating func leaveOutSurplus(_ recipe: Recipe, _ parent: Parent?) {
        guard let most = recipe.classes.maxPerClass else { return }
        let ranking = Ranking(seed: recipe.seed)
        var surplus: Set<PhotoID> = []
        for (_, photos) in Dictionary(grouping: photos.lazy.filter(\.triggerState.isBare), by: \.volunteer.name)
        where photos.count > most {
            let new = photos.filter { parent?.standing(of: $0) == nil }
            surplus.formUnion(
                ranking.sorted(new, for: "class", by: \.photo).dropFirst(max(0, most - (photos.count - new.count))).lazy
                    .map(\.photo))
        }
        leaveOut(.surplus) { surplus.contains($0.photo) }
    }

    private mutating func gather(within distance: GroupDistance) {
        let groups = Groups(
            photos.map { Groups.Member(photo: $0.photo, volunteer: $0.volunteer.name, perceptualHash: $0.perceptualHash) },
            within: distance)
        for place in photos.indices { photos[place].group = groups.ids[place] }
    }
}
