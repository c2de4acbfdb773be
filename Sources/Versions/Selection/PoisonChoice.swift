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
    ///   - parent: the version that the recipe extends: its poison stays, its attack photos stay, and so does what was held out.
    /// - Throws: ``Refusal`` (65) where the pool is too small, naming the highest rate possible.
    init(_ photos: [EligiblePhoto], _ recipe: Recipe.Poison, attackable: Set<VolunteerName>, clean: Int, _ whole: Recipe, _ parent: Parent?) throws {
        let (ranking, keepTogether) = (Ranking(seed: whole.seed), whole.split.keepTogether)
        let candidates = photos.filter { attackable.contains($0.volunteer.name) && recipe.names($0.wearing) }
        let sides = Sides(Unit.units(of: candidates, keepTogether), parent)
        let fresh = sides.new.flatMap(\.photos).sorted { $0.photo < $1.photo }
        let wanted = Dictionary(grouping: candidates, by: \.volunteer.name).mapValues { recipe.holdOut.roundedUp(of: $0.count) }
        let already = Dictionary(grouping: sides.heldOut, by: \.volunteer.name).mapValues(\.count)
        let heldOut = Set(sides.heldOut.map(\.photo)).union(Self.heldOut(fresh, wanted.merging(already) { $0 - $1 }, ranking, keepTogether))
        let pool = fresh.filter { !heldOut.contains($0.photo) }
        let kept = sides.train.count, largest = kept + pool.count
        asked = recipe.injectionRate.poison(beside: clean)
        if asked > largest, recipe.onShortage == .fail {
            let highest = InjectionRate.highest(poison: largest, beside: clean)
            let stays = parent.map { " (the attack test of \($0.reference) stays what it is)" } ?? ""
            throw Refusal(.badInput, "injection rate \(recipe.injectionRate) asks for \(asked) poison photos beside \(clean) clean ones; there are \(largest)\(stays)",
                          at: "poison.injection_rate", next: "the highest rate possible is \(highest); or write on_shortage: cap, lower hold_out, or import more triggered photos")
        }
        poison = Set(sides.train.map(\.photo)).union(Self.prefix(pool, upTo: min(asked, largest) - kept, ranking, keepTogether))
        guard recipe.injectionRate.isZero || !poison.isEmpty else {
            throw Refusal(.badInput, asked == 0 ? "injection rate \(recipe.injectionRate) beside \(clean) clean photos is less than one poison photo"
                              : "no poison can be chosen: \(candidates.count) candidates, \(heldOut.count) held out, \(asked) asked for",
                          at: "poison.injection_rate", next: "raise the rate, lower hold_out, or import more photos of the attackable classes with these triggers")
        }
        self.heldOut = heldOut
        self.pool = largest
    }

    /// Volunteer by volunteer, units by rank until they hold as many photos as are wanted of that volunteer.
    private static func heldOut(_ candidates: [EligiblePhoto], _ wanted: [VolunteerName: Int], _ ranking: Ranking, _ keepTogether: Recipe.KeepTogether) -> Set<PhotoID> {
        var heldOut: Set<PhotoID> = []
        for (name, photos) in Dictionary(grouping: candidates, by: \.volunteer.name) {
            var missing = wanted[name] ?? 0
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
