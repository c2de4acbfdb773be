import Core

/// The photos that selection looks at, by number: 0, 1, 2 and so on in the order of their ids, so that the smaller number is the smaller id, and a step
/// that deals out a million photos moves numbers alone.
struct PhotoTable: Sendable {
    let photos: [EligiblePhoto]
    /// All classes, in index order.
    let classes: [Volunteer]
    /// For each photo the place of its class in ``classes``.
    private let classOf: [Int]
    /// For each photo the number of its group.
    let groups: Numbering
    /// For each photo the number of what it is kept together by.
    private let kept: [Int]

    /// - Parameter photos: in the order of photo ids.
    init(_ photos: [EligiblePhoto], _ keepTogether: Recipe.KeepTogether) {
        self.photos = photos
        let volunteers = Numbering(photos, by: \.volunteer)
        var met: [Volunteer?] = Array(repeating: nil, count: volunteers.count)
        for (photo, number) in zip(photos, volunteers.numbers) { met[number] = photo.volunteer }
        let order = met.indices.sorted {
            (met[$0]?.name.text ?? "").utf8.lexicographicallyPrecedes((met[$1]?.name.text ?? "").utf8)
        }
        classes = order.compactMap { met[$0] }
        var places = order
        for (place, number) in order.enumerated() { places[number] = place }
        classOf = volunteers.numbers.map { places[$0] }
        groups = Numbering(groupsOf: photos)
        kept =
            switch keepTogether {
            case .none: Array(photos.indices)
            case .group: groups.numbers
            case .session: Numbering(photos, by: \.session).numbers
            }
    }

    subscript(number: Int) -> EligiblePhoto { photos[number] }

    func volunteer(of number: Int) -> VolunteerName { photos[number].volunteer.name }

    /// `numbers` class by class, in index order.
    func byClass(_ numbers: [Int]) -> [[Int]] {
        var classes: [[Int]] = Array(repeating: [], count: classes.count)
        for number in numbers { classes[classOf[number]].append(number) }
        return classes
    }

    /// The units among the photos `numbers`, which rise; units come in the order of their keys.
    func units(of numbers: [Int]) -> [Unit] {
        // Those of one unit side by side, rising.
        let together = numbers.sorted { kept[$0] == kept[$1] ? $0 < $1 : kept[$0] < kept[$1] }
        var units: [Unit] = []
        var start = 0
        for end in together.indices where end + 1 == together.count || kept[together[end]] != kept[together[end + 1]] {
            units.append(Unit(numbers: together[start...end]))
            start = end + 1
        }
        return units.sorted { $0.key < $1.key }
    }
}

/// Photos that a step of selection keeps together: those of one group, of one session, or a single photo, as the recipe says.
struct Unit: Sendable {
    /// In the table, rising.
    let numbers: ArraySlice<Int>

    var count: Int { numbers.count }
    /// The number of its key: the smallest photo id among the photos that the step looks at.
    var key: Int { numbers[numbers.startIndex] }
}
