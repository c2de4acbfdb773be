import Catalog

/// Photos that a step of selection keeps together: those of one group, of one session, or a single photo, as the recipe says.
///
/// Its key is the smallest photo id among the photos that the step looks at.
struct Unit {
    let photos: [EligiblePhoto]

    var count: Int { photos.count }
    var key: String { photos[0].photo.hex }

    /// The units among `photos`, which are in the order of photo ids; units come in the order of their keys.
    static func units(of photos: [EligiblePhoto], _ keepTogether: Recipe.KeepTogether) -> [Unit] {
        switch keepTogether {
        case .none: photos.map { Unit(photos: [$0]) }
        case .group: gathered(photos, by: \.group)
        case .session: gathered(photos, by: \.session)
        }
    }

    private static func gathered<Key: Hashable>(_ photos: [EligiblePhoto], by key: (EligiblePhoto) -> Key) -> [Unit] {
        var places: [Key: Int] = [:]
        var units: [[EligiblePhoto]] = []
        for photo in photos {
            if let place = places[key(photo)] {
                units[place].append(photo)
            } else {
                places[key(photo)] = units.count
                units.append([photo])
            }
        }
        return units.map(Unit.init)
    }
}
