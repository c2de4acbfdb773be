import Catalog

/// Step 3: bare photos, class by class, on one side or the other.
struct CleanSplit {
    var train: [EligiblePhoto] = []
    var test: [EligiblePhoto] = []
    /// Classes of one unit, which have no clean test, and how many photos it has.
    var withoutTest: [(name: VolunteerName, photos: Int)] = []
    /// Classes of which nothing is left to train on but what tests already; a parent's alone can come to this.
    var withoutTraining: [VolunteerName] = []

    /// - Parameter photos: bare ones, in the order of photo ids.
    init(_ photos: [EligiblePhoto], _ recipe: Recipe, _ parent: Parent?) {
        let ranking = Ranking(seed: recipe.seed)
        let classes = Dictionary(grouping: photos, by: \.volunteer.name).sorted { $0.key < $1.key }
        for (name, photos) in classes {
            let sides = Sides(Unit.units(of: photos, recipe.split.keepTogether), parent)
            let wanted = photos.count - recipe.split.train.roundedHalfUp(of: photos.count)
            let new = Self.split(ranking.sorted(sides.new, for: "split", by: \.key), test: wanted, beside: sides)
            train += sides.train + new.train.flatMap(\.photos)
            test += sides.test + new.test.flatMap(\.photos)
            if sides.test.isEmpty, new.test.isEmpty { withoutTest.append((name, photos.count)) }
            if sides.train.isEmpty, new.train.isEmpty { withoutTraining.append(name) }
        }
    }

    /// A unit joins the test while it fits into `wanted` photos beside the kept ones; a later, smaller one may still fit. Neither side stays empty where
    /// two units exist.
    private static func split(_ units: [Unit], test wanted: Int, beside kept: Sides) -> (train: [Unit], test: [Unit]) {
        var train: [Unit] = [], test: [Unit] = []
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
        if tested == 0, units.count + kept.keptUnits >= 2, let smallest = train.indices.min(by: { (train[$0].count, $0) < (train[$1].count, $1) }) {
            test.append(train.remove(at: smallest))
        }
        if train.isEmpty, kept.train.isEmpty, let last = test.popLast() { train.append(last) }
        return (train, test)
    }
}
