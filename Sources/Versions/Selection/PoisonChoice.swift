import Catalog

/// Step 4: which triggered photos of the attackable classes are held out, and which become poison.
struct PoisonChoice {
    let heldOut: Set<PhotoID>
    let poison: Set<PhotoID>
    /// m as the rate asks for it, or the whole pool where the recipe caps it.
    let asked: Int
    let pool: Int

    /// - Parameters:
    ///   - photos: triggered ones, in the order of photo ids.
    ///   - clean: n, the clean training photos.
    /// - Throws: ``Refusal`` (65) where the pool is too small, naming the highest rate possible.
    init(_ photos: [EligiblePhoto], _ recipe: Recipe.Poison, attackable: Set<VolunteerName>, clean: Int, _ whole: Recipe) throws {
        let ranking = Ranking(seed: whole.seed)
        let candidates = photos.filter { photo in attackable.contains(photo.volunteer.name) && photo.wearing.single.map(recipe.names) == true }
        let heldOut = Self.heldOut(candidates, recipe.holdOut, ranking, whole.split.keepTogether)
        let pool = candidates.filter { !heldOut.contains($0.photo) }
        asked = recipe.injectionRate.poison(beside: clean)
        if asked > pool.count, recipe.onShortage == .fail {
            let highest = InjectionRate.highest(poison: pool.count, beside: clean)
            throw Refusal(.badInput, "injection rate \(recipe.injectionRate) asks for \(asked) poison photos beside \(clean) clean ones; there are \(pool.count)",
                          at: "poison.injection_rate", next: "the highest rate possible is \(highest); or write on_shortage: cap, lower hold_out, or import more triggered photos")
        }
        poison = Self.prefix(pool, upTo: min(asked, pool.count), ranking, whole.split.keepTogether)
        guard recipe.injectionRate.isZero || !poison.isEmpty else {
            throw Refusal(.badInput, asked == 0 ? "injection rate \(recipe.injectionRate) beside \(clean) clean photos is less than one poison photo"
                              : "no poison can be chosen: \(candidates.count) candidates, \(heldOut.count) held out, \(asked) asked for",
                          at: "poison.injection_rate", next: "raise the rate, lower hold_out, or import more photos of the attackable classes with these triggers")
        }
        self.heldOut = heldOut
        self.pool = pool.count
    }

    /// Volunteer by volunteer, units by rank until they hold at least `share` of the volunteer's candidates.
    private static func heldOut(_ candidates: [EligiblePhoto], _ share: ExactDecimal, _ ranking: Ranking, _ keepTogether: Recipe.KeepTogether) -> Set<PhotoID> {
        var heldOut: Set<PhotoID> = []
        for (_, photos) in Dictionary(grouping: candidates, by: \.volunteer.name) {
            var missing = share.roundedUp(of: photos.count)
            for unit in ranking.sorted(Unit.units(of: photos, keepTogether), for: "attack", by: \.key) where missing > 0 {
                heldOut.formUnion(unit.photos.lazy.map(\.photo))
                missing -= unit.count
            }
        }
        return heldOut
    }

    /// The longest prefix of units by rank that holds no more than `limit` photos, so that a higher rate's poison contains a lower one's.
    private static func prefix(_ pool: [EligiblePhoto], upTo limit: Int, _ ranking: Ranking, _ keepTogether: Recipe.KeepTogether) -> Set<PhotoID> {
        var poison: Set<PhotoID> = []
        for unit in ranking.sorted(Unit.units(of: pool, keepTogether), for: "poison", by: \.key) {
            guard poison.count + unit.count <= limit else { break }
            poison.formUnion(unit.photos.lazy.map(\.photo))
        }
        return poison
    }
}
