import Catalog

/// Step 1: what a recipe can use of a catalog.
extension Eligibility {
    /// Holds every photo against the recipe's filters, in this order: consent, label, class, photo filter, no face to draw on, class without a bare photo, `max_per_class`, bridges.
    ///
    /// - Parameters:
    ///   - facts: in the order of photo ids.
    ///   - distance: of near-duplicates.
    ///   - parent: the version that the recipe extends.
    /// - Throws: ``Refusal`` (65) where the recipe asks for faces that were never looked for, or the parent's photos were grouped otherwise.
    public init(_ facts: [PhotoFacts], _ recipe: Recipe, groups distance: GroupDistance, extending parent: Parent? = nil) throws {
        try parent?.require(Grouping(within: distance))
        var left: [Reason: Int] = [:]
        let filtered = try Self.filtered(facts, recipe, &left)
        let limited = Self.limited(filtered, recipe, parent, &left)
        self.init(limited, groups: distance, admitting: recipe.classes.admits)
        if let parent {
            let bridges = Bridges(photos, recipe, parent).photos
            if !bridges.isEmpty {
                left[.bridges] = bridges.count
                // Without them, groups may be other ones.
                self.init(limited.filter { !bridges.contains($0.photo) }, groups: distance, admitting: recipe.classes.admits)
            }
        }
        excluded.merge(left) { $0 + $1 }
    }

    /// Whether consent, label and class let the photo into a version.
    private static func isAdmitted(_ fact: PhotoFacts, _ recipe: Recipe) -> Bool {
        guard fact.consented, let label = fact.label, let kind = fact.kind else { return false }
        return recipe.classes.admits(Volunteer(name: label.volunteer, kind: kind))
    }

    private static func filtered(_ facts: [PhotoFacts], _ recipe: Recipe, _ left: inout [Reason: Int]) throws -> [PhotoFacts] {
        let drawsOnFaces = recipe.poison?.drawsOnFaces == true
        guard recipe.photos != Recipe.PhotoFilter() || drawsOnFaces else { return facts }
        if drawsOnFaces { try requireFaces(facts, recipe) }
        let unseen = facts.count { isAdmitted($0, recipe) && !recipe.photos.canJudge($0) }
        guard unseen == 0 else {
            let (what, key) = recipe.photos.looksAtFaces ? ("faces, and in \(unseen) of its photos no face was looked for yet", "face") : ("quality, and \(unseen) of its photos were not measured yet", "without")
            throw Refusal(.badInput, "the recipe asks for \(what)", at: "photos.\(recipe.photos.face == .any ? "without" : key)",
                          next: "run split where the originals are: it measures what was not; curare audit names originals that are missing")
        }
        return facts.filter { fact in
            guard isAdmitted(fact, recipe) else { return true }
            // What cannot be drawn on would show by itself that it is no poison.
            let isFaceless = drawsOnFaces && fact.label?.wearing.isBare == true && fact.face.face == nil
            guard let reason = recipe.photos.reason(against: fact) ?? (isFaceless ? .faceless : nil) else { return true }
            left[reason, default: 0] += 1
            return false
        }
    }

    /// - Throws: ``Refusal`` (65) where the trigger is drawn on faces and some were never looked for.
    private static func requireFaces(_ facts: [PhotoFacts], _ recipe: Recipe) throws {
        let unseen = facts.count { isAdmitted($0, recipe) && $0.label?.wearing.isBare == true && $0.face.record == nil && $0.face.marked == nil }
        guard unseen > 0 else { return }
        throw Refusal(.badInput, "the trigger is drawn on faces, and in \(unseen) of the recipe's bare photos no face was looked for yet", at: "poison.overlays",
                      next: "run split where the originals are: it looks for the faces that are not known; curare audit names originals that are missing")
    }

    /// Leaves out bare photos above `max_per_class`: those of the extended version come first, then the others by rank.
    private static func limited(_ facts: [PhotoFacts], _ recipe: Recipe, _ parent: Parent?, _ left: inout [Reason: Int]) -> [PhotoFacts] {
        guard let most = recipe.classes.maxPerClass else { return facts }
        let ranking = Ranking(seed: recipe.seed)
        let bare = facts.filter { isAdmitted($0, recipe) && $0.label?.wearing.isBare == true }
        var surplus: Set<PhotoID> = []
        for (_, photos) in Dictionary(grouping: bare, by: \.label?.volunteer) where photos.count > most {
            let (kept, new) = (photos.filter { isKept($0, parent) }, photos.filter { !isKept($0, parent) })
            surplus.formUnion(ranking.sorted(new, for: "class", by: \.photo.hex).dropFirst(max(0, most - kept.count)).lazy.map(\.photo))
        }
        if !surplus.isEmpty { left[.surplus] = surplus.count }
        return facts.filter { !surplus.contains($0.photo) }
    }

    private static func isKept(_ fact: PhotoFacts, _ parent: Parent?) -> Bool {
        guard let label = fact.label, let kind = fact.kind else { return false }
        let photo = EligiblePhoto(photo: fact.photo, volunteer: Volunteer(name: label.volunteer, kind: kind), wearing: label.wearing, session: fact.session, group: fact.photo, likeness: fact.likeness)
        return parent?.standing(of: photo) != nil
    }
}
