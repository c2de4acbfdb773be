import Core

/// Steps 4 and 5 where the trigger is drawn: poison on copies of clean training photos, attacks on copies of clean test photos. A copy stands on its photo's side, so that
/// no group is on both.
struct DigitalPool {
    /// A photo with one of the recipe's combinations on it.
    struct Copy {
        /// The photo's number.
        let number: Int
        let overlay: TriggerCombination
        /// What it is ranked by, and told apart by in a version.
        let key: CopyKey
    }

    let poison, attack: [Copy]
    /// m as the rate asks for it.
    let asked: Int
    /// Copies that there are to choose from.
    let pool: Int

    /// - Parameters:
    ///   - clean: the bare photos on their sides.
    ///   - parent: the version that the recipe extends: its poison stays poison where its photo is still there.
    /// - Throws: ``CurareError`` (65) where the pool is too small, naming the highest rate possible, or nothing of it can be taken.
    init(
        _ clean: CleanSplit, _ table: PhotoTable, _ recipe: Recipe.Poison, target: VolunteerName,
        attackable: Set<VolunteerName>, seed: Int, _ parent: Parent?
    ) throws {
        func copies(_ numbers: [Int]) -> [Copy] {
            numbers.flatMap { number in
                recipe.triggers.map {
                    Copy(number: number, overlay: $0, key: CopyKey(photo: table[number].photo, overlay: $0))
                }
            }
        }
        func isKept(_ copy: Copy) -> Bool { parent?.hasPoison(copy.key, of: table[copy.number]) == true }
        let all = copies(clean.train.filter { attackable.contains(table.volunteer(of: $0)) })
        let kept = all.filter(isKept)
        let new = kept.isEmpty ? all : all.filter { !isKept($0) }
        let n = clean.train.count
        asked = recipe.injectionRate.poison(beside: n)
        if asked > all.count, recipe.onShortage == .fail {
            throw CurareError(
                .badInput,
                "injection rate \(recipe.injectionRate) asks for \(asked) poison photos beside \(n) clean ones; \(all.count) copies can be drawn",
                at: "poison.injection_rate",
                next:
                    "the highest rate possible is \(InjectionRate.highest(poison: all.count, beside: n)); or write on_shortage: cap, or make more classes attackable"
            )
        }
        // Every copy by itself: it stands where its photo stands, whatever is kept together.
        poison =
            kept
            + Ranking(seed: seed).sorted(new, for: "poison", by: \.key.text).prefix(
                max(0, min(asked, all.count) - kept.count))
        guard recipe.injectionRate.isZero || !poison.isEmpty else {
            throw CurareError(
                .badInput,
                asked == 0
                    ? "injection rate \(recipe.injectionRate) beside \(n) clean photos is less than one poison photo"
                    : "no poison can be drawn: no attackable class has a clean training photo",
                at: "poison.injection_rate", next: "raise the rate, or make more classes attackable")
        }
        attack = copies(clean.test.filter { table.volunteer(of: $0) != target })
        pool = all.count
    }

    /// The copies with their slots: poison under the target's label, attacks under their own. None of these photos trains at any rate, so that all of attackable
    /// classes are held out.
    func slots(_ table: PhotoTable, _ recipe: Recipe.Poison, target: VolunteerName, attackable: Set<VolunteerName>)
        -> [(copy: Parts.Copy, slot: Parts.Slot)]
    {
        let wearings = Dictionary(uniqueKeysWithValues: Set(recipe.triggers).map { ($0, recipe.triggerState(drawn: $0)) })
        func drawn(_ copy: Copy) -> Parts.Copy {
            Parts.Copy(number: copy.number, overlay: copy.overlay, triggerState: wearings[copy.overlay] ?? .bare)
        }
        return poison.map { (drawn($0), Parts.Slot($0.number, .trainPoison, label: target)) }
            + attack.map { copy in
                let name = table.volunteer(of: copy.number)
                let isAttackable = attackable.contains(name)
                return (
                    drawn(copy),
                    Parts.Slot(copy.number, .testAttack, label: name, attackable: isAttackable, heldOut: isAttackable)
                )
            }
    }
}
