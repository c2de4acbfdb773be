import Catalog

/// Step 3: bare photos, class by class, on one side or the other.
struct CleanSplit {
    var train: [EligiblePhoto] = []
    var test: [EligiblePhoto] = []
    /// Classes of one unit, which have no clean test, and how many photos it has.
    var withoutTest: [(name: VolunteerName, photos: Int)] = []

    /// - Parameter photos: bare ones, in the order of photo ids.
    init(_ photos: [EligiblePhoto], _ recipe: Recipe) {
        let ranking = Ranking(seed: recipe.seed)
        let classes = Dictionary(grouping: photos, by: \.volunteer.name).sorted { $0.key < $1.key }
        for (name, photos) in classes {
            let units = ranking.sorted(Unit.units(of: photos, recipe.split.keepTogether), for: "split", by: \.key)
            let sides = Self.split(units, test: photos.count - recipe.split.train.roundedHalfUp(of: photos.count))
            train += sides.train.flatMap(\.photos)
            test += sides.test.flatMap(\.photos)
            if sides.test.isEmpty { withoutTest.append((name, photos.count)) }
        }
    }

    /// A unit joins the test while it fits into `wanted` photos; a later, smaller one may still fit. Neither side stays empty where two units exist.
    static func split(_ units: [Unit], test wanted: Int) -> (train: [Unit], test: [Unit]) {
        var train: [Unit] = [], test: [Unit] = []
        var tested = 0
        for unit in units {
            if tested + unit.count <= wanted {
                test.append(unit)
                tested += unit.count
            } else {
                train.append(unit)
            }
        }
        // `train` is in the order of ranks, so that the first smallest has the smaller rank.
        if test.isEmpty, units.count >= 2, let smallest = train.indices.min(by: { (train[$0].count, $0) < (train[$1].count, $1) }) {
            test.append(train.remove(at: smallest))
        }
        if train.isEmpty, let last = test.popLast() { train.append(last) }
        return (train, test)
    }
}
