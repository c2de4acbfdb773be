import Core

/// Steps 4 and 5 of selection: the photos or copies that become poison, and the tests of the other triggered photos.
///
/// ``Selection`` runs all steps: ``Eligibility``, ``TargetResolution``, ``CleanSplit``, and this type. The whole rule
/// is in `docs/format.md`, "Selection". In short, for physical triggers:
/// 1. The candidates are the eligible triggered photos of attackable volunteers (``TargetResolution``) whose trigger
///    and location are exactly those of the recipe.
/// 2. A unit contains the candidates that the recipe keeps together, for example a near-duplicate group. The key of a
///    unit is its smallest photo id.
/// 3. For each volunteer, units are held out in the order of `rank("attack", key)` (``Ranking``), until at least
///    ⌈hold_out · candidates⌉ photos are held out. Held-out photos are never poison.
/// 4. n clean training photos and the injection rate r require m = n · r / (1 − r) poison photos, rounded.
/// 5. The other units become poison in the order of `rank("poison", key)`: the longest prefix with at most m photos.
///
/// For drawn triggers, the candidates are copies of clean training photos of attackable volunteers. Each copy is a
/// unit, and `hold_out` has no effect. In a version that extends another version, the poison of that version stays
/// poison.
struct PoisonSelection {
    /// The assignments of photos with triggers.
    let triggered: [Assignments.Row]
    /// Copies with drawn triggers, and their assignments. Empty for physical triggers.
    let copies: [(copy: Assignments.Copy, row: Assignments.Row)]
    /// The number of poison photos that the requested injection rate requires. The actual number ``poisonCount`` can
    /// differ.
    let askedCount: Int
    let poisonCount: Int
    /// The number of photos or copies that could become poison.
    let poolCount: Int

    /// - Parameters:
    ///   - recipe: with resolved target and attackable classes.
    ///   - triggered: the indices of photos with triggers, increasing.
    ///   - base: the version that the recipe extends. Its poison stays poison while the photo is available.
    /// - Throws: ``CurareError`` (65) when the pool is too small, or when the rate is above 0 and nothing can become
    ///   poison.
    init(
        _ clean: CleanSplit, _ table: SplitTable, triggered: [Int], _ recipe: Recipe, _ settings: Recipe.Poison,
        target: VolunteerName, attackable: Set<VolunteerName>, _ base: BaseVersion?
    ) throws {
        switch settings.source {
        case .physical:
            let poison = try PhysicalPoison(
                table, triggered: triggered, settings, target: target, attackable: attackable,
                cleanCount: clean.train.count, seed: recipe.seed, base)
            self.triggered = triggered.map { poison.row($0, table, settings, target, attackable) }
            copies = []
            askedCount = poison.askedCount
            poisonCount = poison.poison.count
            poolCount = poison.poolCount
        case .digital:
            let poison = try DigitalPoison(
                clean, table, settings, target: target, attackable: attackable, seed: recipe.seed, base)
            self.triggered = triggered.map { index in
                let role: Role =
                    settings.sharesTrigger(with: table[index].triggerState) ? .testTransfer : .testOther
                return Assignments.Row(index, role, label: table.volunteer(of: index))
            }
            copies = poison.assignments(table, settings, target: target, attackable: attackable)
            askedCount = poison.askedCount
            poisonCount = poison.poisonCount
            poolCount = poison.poolCount
        }
    }

    /// The error for a pool that is too small. The pool has at least one photo: other errors explain an empty pool.
    fileprivate static func shortage(
        _ settings: Recipe.Poison, asked: Int, clean: Int, pool: Int, _ available: String, next: String
    ) -> CurareError {
        CurareError(
            .badInput,
            "injection rate \(settings.injectionRate) requires \(asked) poison photos for \(clean) clean photos, but "
                + available,
            at: "poison.injection_rate",
            next: "the highest rate that you can request is \(InjectionRate.highest(poison: pool, clean: clean)); "
                + "or write on_shortage: cap, \(next)")
    }

    /// The error for a rate that requires less than half a photo.
    fileprivate static func rateTooLow(_ settings: Recipe.Poison, clean: Int) -> CurareError {
        CurareError(
            .badInput,
            "injection rate \(settings.injectionRate) for \(clean) clean photos is less than one poison photo",
            at: "poison.injection_rate", next: "raise the rate, or import more bare photos")
    }
}

/// Poison photographed with triggers.
private struct PhysicalPoison {
    /// Indices of photos that are never poison.
    let heldOut: Set<Int>
    /// Indices of photos that become poison.
    let poison: Set<Int>
    let askedCount: Int
    let poolCount: Int

    init(
        _ table: SplitTable, triggered: [Int], _ settings: Recipe.Poison, target: VolunteerName,
        attackable: Set<VolunteerName>, cleanCount: Int, seed: Int, _ base: BaseVersion?
    ) throws {
        let ranking = Ranking(seed: seed)
        let candidates = triggered.filter {
            attackable.contains(table.volunteer(of: $0)) && settings.matches(table[$0].triggerState)
        }
        let inherited = InheritedPartition(table.units(of: candidates), table, base)
        let new = inherited.newUnits.flatMap(\.photos).sorted()
        let required = Self.counts(candidates, table).mapValues { settings.holdOut.roundedUp(of: $0) }
        let missing = required.merging(Self.counts(inherited.heldOut, table)) { $0 - $1 }
        let heldOut = Set(inherited.heldOut).union(Self.heldOut(table.byClass(new), missing, table, ranking))
        let pool = new.filter { !heldOut.contains($0) }
        let keptCount = inherited.train.count
        poolCount = keptCount + pool.count
        askedCount = settings.injectionRate.poisonCount(clean: cleanCount)
        guard settings.injectionRate.isZero || poolCount > 0 else {
            throw EmptyPool(
                triggered.map { table[$0] }, settings, target: target, attackable: attackable,
                heldOut: candidates.isEmpty ? 0 : heldOut.count
            ).error
        }
        if askedCount > poolCount, settings.onShortage == .fail {
            let reason = base.map { " (attack test photos of \($0.reference) cannot become poison)" } ?? ""
            throw PoisonSelection.shortage(
                settings, asked: askedCount, clean: cleanCount, pool: poolCount, "there are only \(poolCount)\(reason)",
                next: "lower hold_out, or import more triggered photos")
        }
        poison = Set(inherited.train).union(
            Self.prefix(table.units(of: pool), upTo: min(askedCount, poolCount) - keptCount, table, ranking))
        guard settings.injectionRate.isZero || !poison.isEmpty else {
            guard askedCount > 0 else { throw PoisonSelection.rateTooLow(settings, clean: cleanCount) }
            throw CurareError(
                .badInput,
                "no photo can become poison: the rate requires \(askedCount), and the next photos that stay together are "
                    + "more (\(poolCount) photos could become poison)",
                at: "poison.injection_rate", next: "raise the rate, or write keep_together: none under split")
        }
        self.heldOut = heldOut
    }

    private static func counts(_ photos: [Int], _ table: SplitTable) -> [VolunteerName: Int] {
        photos.reduce(into: [:]) { $0[table.volunteer(of: $1), default: 0] += 1 }
    }

    /// Returns the photos to hold out: for each volunteer, units by rank until the missing number is reached.
    private static func heldOut(
        _ candidates: [[Int]], _ missing: [VolunteerName: Int], _ table: SplitTable, _ ranking: Ranking
    ) -> [Int] {
        ThreadBudget.shared.map(candidates.count) { classIndex in
            var heldOut: [Int] = []
            var missing = missing[table.classes[classIndex].name] ?? 0
            let units = table.units(of: candidates[classIndex])
            for unit in ranking.sorted(units, for: "attack", by: { table[$0.key].photo }) where missing > 0 {
                heldOut += unit.photos
                missing -= unit.count
            }
            return heldOut
        }.flatMap(\.self)
    }

    /// Returns the photos of the longest prefix of units by rank with at most `limit` photos. The poison of a higher
    /// rate therefore contains the poison of a lower rate.
    private static func prefix(_ pool: [SplitUnit], upTo limit: Int, _ table: SplitTable, _ ranking: Ranking)
        -> [Int]
    {
        var poison: [Int] = []
        for unit in ranking.sorted(pool, for: "poison", by: { table[$0.key].photo }) {
            guard poison.count + unit.count <= limit else { break }
            poison += unit.photos
        }
        return poison
    }

    /// Returns the assignment of a photo with triggers.
    func row(
        _ index: Int, _ table: SplitTable, _ settings: Recipe.Poison, _ target: VolunteerName,
        _ attackable: Set<VolunteerName>
    ) -> Assignments.Row {
        if poison.contains(index) { return Assignments.Row(index, .trainPoison, label: target) }
        let name = table.volunteer(of: index)
        let state = table[index].triggerState
        guard settings.matches(state) else {
            return Assignments.Row(
                index, settings.sharesTrigger(with: state) ? .testTransfer : .testOther, label: name)
        }
        guard name != target else { return Assignments.Row(index, .testTargetOwn, label: name) }
        return Assignments.Row(
            index, .testAttack, label: name, attackable: attackable.contains(name), heldOut: heldOut.contains(index))
    }
}

/// Poison with drawn triggers: copies of clean training photos. Copies of clean test photos are the attack test. A copy
/// is on the same side as its photo, so that the bare photos of a group and their copies stay on one side.
private struct DigitalPoison {
    /// A photo and the triggers that are drawn on it.
    private struct Candidate {
        let index: Int
        let overlay: TriggerCombination
        let id: SampleID
    }

    private let chosen: [Candidate]
    private let attack: [Candidate]
    let askedCount: Int
    let poolCount: Int

    var poisonCount: Int { chosen.count }

    init(
        _ clean: CleanSplit, _ table: SplitTable, _ settings: Recipe.Poison, target: VolunteerName,
        attackable: Set<VolunteerName>, seed: Int, _ base: BaseVersion?
    ) throws {
        func candidates(_ photos: [Int]) -> [Candidate] {
            photos.flatMap { index in
                settings.triggers.map {
                    Candidate(index: index, overlay: $0, id: SampleID(photo: table[index].photo, overlay: $0))
                }
            }
        }
        func isKept(_ copy: Candidate) -> Bool { base?.hasPoison(copy.id, of: table[copy.index]) == true }
        let pool = candidates(clean.train.filter { attackable.contains(table.volunteer(of: $0)) })
        let kept = pool.filter(isKept)
        let new = kept.isEmpty ? pool : pool.filter { !isKept($0) }
        let cleanCount = clean.train.count
        poolCount = pool.count
        askedCount = settings.injectionRate.poisonCount(clean: cleanCount)
        guard settings.injectionRate.isZero || poolCount > 0 else {
            throw CurareError(
                .badInput, "no poison can be drawn: no attackable class has a clean training photo",
                at: "poison.attackable", next: "make more classes attackable, or import bare photos of these classes")
        }
        if askedCount > poolCount, settings.onShortage == .fail {
            throw PoisonSelection.shortage(
                settings, asked: askedCount, clean: cleanCount, pool: poolCount,
                "only \(poolCount) copies can be drawn", next: "or make more classes attackable")
        }
        // Copies are ranked one by one whatever the recipe keeps together: each is on the side of its photo.
        let missing = max(0, min(askedCount, poolCount) - kept.count)
        chosen = kept + Ranking(seed: seed).sorted(new, for: "poison", by: \.id.text).prefix(missing)
        guard settings.injectionRate.isZero || !chosen.isEmpty else {
            throw PoisonSelection.rateTooLow(settings, clean: cleanCount)
        }
        attack = candidates(clean.test.filter { table.volunteer(of: $0) != target })
    }

    /// Returns the copies with their assignments. Poison has the target's label; attack tests have the label of the
    /// volunteer in the photo. Clean test photos never become poison, so that all attack tests of attackable classes
    /// count as held out.
    func assignments(
        _ table: SplitTable, _ settings: Recipe.Poison, target: VolunteerName, attackable: Set<VolunteerName>
    ) -> [(copy: Assignments.Copy, row: Assignments.Row)] {
        func copy(_ candidate: Candidate) -> Assignments.Copy {
            Assignments.Copy(
                index: candidate.index, overlay: candidate.overlay,
                triggerState: settings.triggerState(drawing: candidate.overlay))
        }
        let poison = chosen.map { (copy($0), Assignments.Row($0.index, .trainPoison, label: target)) }
        let tests = attack.map { candidate in
            let name = table.volunteer(of: candidate.index)
            let isAttackable = attackable.contains(name)
            let row = Assignments.Row(
                candidate.index, .testAttack, label: name, attackable: isAttackable, heldOut: isAttackable)
            return (copy(candidate), row)
        }
        return poison + tests
    }
}
