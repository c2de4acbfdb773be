import Catalog

/// Near-duplicates, gathered: photos of one volunteer whose likenesses differ in at most so many bits are linked, and a group is all that links lead to.
///
/// A group's id is its smallest photo id. Groups hang on which photos there are, and on nothing else: not on their order.
public struct Groups: Sendable {
    /// What is looked at of one photo.
    public struct Member: Sendable {
        public let photo: PhotoID
        public let volunteer: VolunteerName
        /// Nil where it was not measured: the photo is a group of its own.
        public let likeness: Likeness?

        public init(photo: PhotoID, volunteer: VolunteerName, likeness: Likeness?) {
            (self.photo, self.volunteer, self.likeness) = (photo, volunteer, likeness)
        }
    }

    private var groups: [PhotoID: PhotoID] = [:]

    public init(_ members: [Member], within distance: GroupDistance) {
        groups.reserveCapacity(members.count)
        for (_, members) in Dictionary(grouping: members, by: \.volunteer) {
            // Equal likenesses are one, so that a burst of a thousand equal photos costs no more than its photos.
            let likenesses = Set(members.lazy.compactMap(\.likeness)).sorted()
            let links = Links(likenesses, within: distance)
            let places = Dictionary(uniqueKeysWithValues: likenesses.enumerated().map { ($1, links.first(of: $0)) })
            var smallest: [Int: PhotoID] = [:]
            for member in members {
                guard let place = member.likeness.flatMap({ places[$0] }) else { continue }
                smallest[place] = min(smallest[place] ?? member.photo, member.photo)
            }
            for member in members { groups[member.photo] = member.likeness.flatMap { places[$0] }.flatMap { smallest[$0] } }
        }
    }

    public func group(of photo: PhotoID) -> PhotoID { groups[photo] ?? photo }
}
