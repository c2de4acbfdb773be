import Core

/// New photos that would join both sides of an extended version: those in a unit whose kept photos train and test. Where groups are kept together this
/// holds for all new photos of such a group, since it is they who have made one group of two.
struct Bridges {
    private struct PixelPoint: Hashable {
        /// Nil for the candidates, who are looked at together.
        let volunteer: VolunteerName?
        let unit: String
    }

    private(set) var photos: Set<PhotoID> = []

    init(_ eligible: [EligiblePhoto], _ recipe: Recipe, _ parent: Parent) {
        let keepTogether = recipe.split.keepTogether
        func unit(_ photo: EligiblePhoto) -> String {
            switch keepTogether {
            case .group: photo.group.hex
            case .session: photo.session.text
            case .none: photo.photo.hex
            }
        }
        func place(_ photo: EligiblePhoto) -> PixelPoint? {
            if photo.triggerState.isBare { return PixelPoint(volunteer: photo.volunteer.name, unit: unit(photo)) }
            return recipe.isCandidate(photo) ? PixelPoint(volunteer: nil, unit: unit(photo)) : nil
        }
        var sides: [PixelPoint: Set<Bool>] = [:]
        for photo in eligible {
            if let standing = parent.standing(of: photo), let place = place(photo) {
                sides[place, default: []].insert(standing.trains)
            }
        }
        let torn = Set(sides.filter { $0.value.count == 2 }.keys)
        guard !torn.isEmpty else { return }
        let tornGroups = keepTogether == .group ? Set(torn.map(\.unit)) : []
        photos = Set(
            eligible.lazy.filter { photo in
                parent.standing(of: photo) == nil
                    && (tornGroups.contains(photo.group.hex) || place(photo).map(torn.contains) == true)
            }.map(\.photo))
    }
}

extension Recipe {
    /// Whether `photo` could be poison, where the recipe names its attackable classes.
    func isCandidate(_ photo: EligiblePhoto) -> Bool {
        guard let poison, poison.source == .physical, case .names(let attackable) = poison.attackable else {
            return false
        }
        return attackable.contains(photo.volunteer.name) && poison.names(photo.triggerState)
    }
}
