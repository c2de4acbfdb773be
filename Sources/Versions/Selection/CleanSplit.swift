import Core

/// Step 3: bare photos, class by class, on one side or the other.
struct CleanSplit {
    /// Numbers of photos, class by class.
    private(set) var train: [Int] = [], test: [Int] = []
    /// Classes of one unit, which have no clean test, and how many photos it has.
    private(set) var withoutTest: [(name: VolunteerName, photos: Int)] = []
    /// Classes of which nothing is left to train on but what tests already; a parent's alone can come to this.
    private(set) var withoutTraining: [VolunteerName] = []

    /// Classes are split side by side: none asks what became of another.
    ///
    /// - Parameter numbers: of bare photos, rising.
    init(_ table: PhotoTable, bare numbers: [Int], _ recipe: Recipe, _ parent: Parent?) {
        let classes = table.byClass(numbers)
        let split = ThreadBudget.shared.map(classes.count) { OneClass(table, classes[$0], recipe, parent) }
        for (volunteer, split) in zip(table.classes, split) where !(split.train.isEmpty && split.test.isEmpty) {
            train += split.train
            test += split.test
            if split.test.isEmpty { withoutTest.append((volunteer.name, split.train.count)) }
            if split.train.isEmpty { withoutTraining.append(volunteer.name) }
        }
    }

    private struct OneClass: Sendable {
        var train: [Int], test: [Int]

        init(_ table: PhotoTable, _ numbers: [Int], _ recipe: Recipe, _ parent: Parent?) {
            let sides = Sides(table.units(of: numbers), table, parent)
            let wanted = numbers.count - recipe.split.train.roundedHalfUp(of: numbers.count)
            let units = Ranking(seed: recipe.seed).sorted(sides.new, for: "split") { table[$0.key].photo }
            let new = Self.split(units, test: wanted, beside: sides)
            train = sides.train + new.train.flatMap(\.numbers)
            test = sides.test + new.test.flatMap(\.numbers)
        }

        /// A unit joins the test while it fits into `wanted` photos beside the kept ones; a later, smaller one may still fit. Neither side stays empty where
        /// two units exist.
        private static func split(_ units: [Unit], test wanted: Int, beside kept: Sides) -> (
            train: [Unit], test: [Unit]
        ) {
            var train: [Unit] = []
            var test: [Unit] = []
            var tested = kept.test.count
            for unit in units {
                if tested + unit.count <= wanted {
                    test.append(unit)
                    tested += unit.count
                } else {
                    train.append(unit)
                }
            }
            // `train` is in the order of ranks, so that the first smallest has the smaller rank.
            if tested == 0, units.count + kept.keptUnits >= 2,
                let smallest = train.indices.min(by: { (train[$0].count, $0) < (train[$1].count, $1) })
            {
                test.append(train.remove(at: smallest))
            }
            if train.isEmpty, kept.train.isEmpty, let last = test.popLast() { train.append(last) }
            return (train, test)
        }
    }
}
