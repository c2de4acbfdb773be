import Core

/// Step 3 of selection: the training and test side of each bare photo.
struct CleanSplit {
    /// Indices of photos, class by class.
    private(set) var train: [Int] = []
    private(set) var test: [Int] = []
    /// Classes with only one unit, which therefore have no clean test photo, and their numbers of photos.
    private(set) var withoutTest: [(name: VolunteerName, photos: Int)] = []
    /// Classes whose bare photos are all test photos. Only a version that extends another can have them.
    private(set) var withoutTraining: [VolunteerName] = []

    /// Splits the classes in parallel.
    ///
    /// - Parameters:
    ///   - bare: the indices of bare photos, increasing.
    ///   - base: the version that the recipe extends.
    init(_ table: SplitTable, bare: [Int], _ recipe: Recipe, _ base: BaseVersion?) {
        let classes = table.byClass(bare)
        let splits = ThreadBudget.shared.map(classes.count) { ClassSplit(table, classes[$0], recipe, base) }
        for (volunteer, split) in zip(table.classes, splits) where !(split.train.isEmpty && split.test.isEmpty) {
            train += split.train
            test += split.test
            if split.test.isEmpty { withoutTest.append((volunteer.name, split.train.count)) }
            if split.train.isEmpty { withoutTraining.append(volunteer.name) }
        }
    }

    private struct ClassSplit: Sendable {
        var train: [Int]
        var test: [Int]

        init(_ table: SplitTable, _ photos: [Int], _ recipe: Recipe, _ base: BaseVersion?) {
            let inherited = InheritedPartition(table.units(of: photos), table, base)
            let testSize = photos.count - recipe.split.train.roundedHalfUp(of: photos.count)
            let units = Ranking(seed: recipe.seed).sorted(inherited.newUnits, for: "split") { table[$0.key].photo }
            let new = Self.split(units, testSize: testSize, inherited)
            train = inherited.train + new.train.flatMap(\.photos)
            test = inherited.test + new.test.flatMap(\.photos)
        }

        /// Adds each unit to the test side if the test side then has at most `testSize` photos. A later, smaller unit
        /// can still fit. If there are at least two units, each side has at least one unit.
        ///
        /// - Parameter units: in the order of their ranks.
        private static func split(_ units: [SplitUnit], testSize: Int, _ inherited: InheritedPartition) -> (
            train: [SplitUnit], test: [SplitUnit]
        ) {
            var train: [SplitUnit] = []
            var test: [SplitUnit] = []
            var testCount = inherited.test.count
            for unit in units {
                if testCount + unit.count <= testSize {
                    test.append(unit)
                    testCount += unit.count
                } else {
                    train.append(unit)
                }
            }
            // Of units with equal size, the first has the smallest rank.
            if testCount == 0, units.count + inherited.keptUnitCount >= 2,
                let smallest = train.indices.min(by: { (train[$0].count, $0) < (train[$1].count, $1) })
            {
                test.append(train.remove(at: smallest))
            }
            if train.isEmpty, inherited.train.isEmpty, let last = test.popLast() { train.append(last) }
            return (train, test)
        }
    }
}
