import Core

/// The units of one step, told apart by where the photos of the extended version stand in them: a new photo follows those of its unit.
///
/// Without a parent all units are new.
struct Sides {
    /// Numbers of photos that train, or test, because they did so before or because those of their unit do.
    private(set) var train: [Int] = [], test: [Int] = []
    /// Those of `test` that were held out from the poison, or whose unit's were, all of them.
    private(set) var heldOut: [Int] = []
    /// How many units hold kept photos.
    private(set) var keptUnits = 0
    /// Units of new photos alone, in the order of their keys.
    private(set) var new: [Unit] = []

    init(_ units: [Unit], _ table: PhotoTable, _ parent: Parent?) {
        guard let parent else {
            new = units
            return
        }
        for unit in units {
            let standings = unit.numbers.map { parent.standing(of: table[$0]) }
            let kept = standings.compactMap(\.self)
            guard !kept.isEmpty else {
                new.append(unit)
                continue
            }
            keptUnits += 1
            let trains = kept.allSatisfy(\.trains)
            let heldOut = kept.allSatisfy(\.heldOut)
            for (number, standing) in zip(unit.numbers, standings) {
                if standing?.trains ?? trains { train.append(number) } else { test.append(number) }
                if standing?.heldOut ?? heldOut { self.heldOut.append(number) }
            }
        }
    }
}
