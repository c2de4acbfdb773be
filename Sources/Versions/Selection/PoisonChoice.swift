import Core

/// Step 4: which triggered photos of the attackable classes are held out, and which become poison.
struct PoisonChoice {
    /// Numbers of photos.
    let heldOut, poison: Set<Int>
    /// m as the rate asks for it, or the whole pool where the recipe caps it.
    let asked: Int
    let pool: Int

    /// - Parameters:
    ///   - numbers: of triggered photos, rising.
    ///   - clean: n, the clean training photos.
    ///   - parent: the version that the recipe extends: its poison stays, its attack photos stay, and so does what was held out.
    /// - Throws: ``CurareError`` (65) where the pool is too small, naming the highest rate possible.
    init(
        _ table: PhotoTable, triggered numbers: [Int], _ recipe: Recipe.Poison, attackable: Set<VolunteerName>,
        clean: Int, _ whole: Recipe, _ parent: Parent?
    ) throws {
        let ranking = Ranking(seed: whole.seed)
        let candidates = numbers.filter {
            attackable.contains(table.volunteer(of: $0)) && recipe.names(table[$0].triggerState)
        }
        let sides = Sides(table.units(of: candidates), table, parent)
        let fresh = sides.new.flatMap(\.numbers).sorted()
        let wanted = Self.counts(candidates, table).mapValues { recipe.holdOut.roundedUp(of: $0) }
        let missing = wanted.merging(Self.counts(sides.heldOut, table)) { $0 - $1 }
        let heldOut = Set(sides.heldOut).union(Self.heldOut(table.byClass(fresh), missing, table, ranking))
        let pool = fresh.filter { !heldOut.contains($0) }
        let kept = sides.train.count
        let largest = kept + pool.count
        asked = recipe.injectionRate.poison(beside: clean)
        if asked > largest, recipe.onShortage == .fail {
            let highest = InjectionRate.highest(poison: largest, beside: clean)
            let stays = parent.map { " (the attack test of \($0.reference) stays what it is)" } ?? ""
            throw CurareError(
                .badInput,
                "injection rate \(recipe.injectionRate) asks for \(asked) poison photos beside \(clean) clean ones; there are \(largest)\(stays)",
                at: "poison.injection_rate",
                next:
                    "the highest rate possible is \(highest); or write on_shortage: cap, lower hold_out, or import more triggered photos"
            )
        }
        poison = Set(sides.train).union(
            Self.prefix(table.units(of: pool), upTo: min(asked, largest) - kept, table, ranking))
        guard recipe.injectionRate.isZero || !poison.isEmpty else {
            throw CurareError(
                .badInput,
                asked == 0
                    ? "injection rate \(recipe.injectionRate) beside \(clean) clean photos is less than one poison photo"
                    : "no poison can be chosen: \(candidates.count) candidates, \(heldOut.count) held out, \(asked) asked for",
                at: "poison.injection_rate",
                next:
                    "raise the rate, lower hold_out, or import more photos of the attackable classes with these triggers"
            )
        }
        self.heldOut = heldOut
        self.pool = largest
    }

    private static func counts(_ numbers: [Int], _ table: PhotoTable) -> [VolunteerName: Int] {
        numbers.reduce(into: [:]) { $0[table.volunteer(of: $1), default: 0] += 1 }
    }

    /// Volunteer by volunteer, units by rank until they hold as many photos as are missing of that volunteer.
    private static func heldOut(
        _ candidates: [[Int]], _ missing: [VolunteerName: Int], _ table: PhotoTable, _ ranking: Ranking
    ) -> [Int] {
        ThreadBudget.shared.map(candidates.count) { place in
            var heldOut: [Int] = []
            var missing = missing[table.classes[place].name] ?? 0
            for unit in ranking.sorted(table.units(of: candidates[place]), for: "attack", by: { table[$0.key].photo })
            where missing > 0 {
                heldOut += unit.numbers
                missing -= unit.count
            }
            return heldOut
        }.flatMap(\.self)
    }

    /// The longest prefix of units by rank that holds no more than `limit` photos, so that a higher rate's poison contains a lower one's.
    private static func prefix(_ pool: [Unit], upTo limit: Int, _ table: PhotoTable, _ ranking: Ranking) -> [Int] {
        var poison: [Int] = []
        for unit in ranking.sorted(pool, for: "poison", by: { table[$0.key].photo }) {
            guard poison.count + unit.count <= limit else { break }
            poison += unit.numbers
        }
        return poison
    }
}
