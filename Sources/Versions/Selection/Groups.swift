import Core

/// Near-duplicates, gathered: photos of one volunteer whose perceptualHashes differ in at most so many bits are linked, and a group is all that links lead to.
///
/// A group's id is its smallest photo id. Groups hang on which photos there are, and on nothing else: not on their order.
public struct Groups: Sendable {
    /// What is looked at of one photo.
    public struct Member: Sendable {
        public let photo: PhotoID
        public let volunteer: VolunteerName
        /// Nil where it was not measured: the photo is a group of its own.
        public let perceptualHash: PerceptualHash?

        public init(photo: PhotoID, volunteer: VolunteerName, perceptualHash: PerceptualHash?) {
            (self.photo, self.volunteer, self.perceptualHash) = (photo, volunteer, perceptualHash)
        }
    }

    /// The group of each member, in the members' order.
    public let ids: [PhotoID]

    /// Volunteers are gathered side by side.
    public init(_ members: [Member], within distance: GroupDistance) {
        let volunteers = Numbering(members, by: \.volunteer).gathered
        let gathered = ThreadBudget.shared.map(volunteers.count) { number in
            Self.ids(of: volunteers[number].map { members[$0] }, within: distance)
        }
        var ids = members.map(\.photo)
        for (places, found) in zip(volunteers, gathered) {
            for (place, id) in zip(places, found) { ids[place] = id }
        }
        self.ids = ids
    }

    /// The groups of one volunteer's photos.
    private static func ids(of members: [Member], within distance: GroupDistance) -> [PhotoID] {
        let measured = members.indices.compactMap { place in
            members[place].perceptualHash.map { (perceptualHash: $0, place: place) }
        }.sorted { $0.perceptualHash < $1.perceptualHash }
        // Equal perceptualHashes are one, so that a burst of a thousand equal photos costs no more than its photos.
        var perceptualHashes: [PerceptualHash] = []
        var looks: [Int] = []
        for (perceptualHash, _) in measured {
            if perceptualHash != perceptualHashes.last { perceptualHashes.append(perceptualHash) }
            looks.append(perceptualHashes.count - 1)
        }
        let links = Links(perceptualHashes, within: distance)
        var ids = members.map(\.photo)
        var smallest: [PhotoID?] = Array(repeating: nil, count: perceptualHashes.count)
        for (look, (_, place)) in zip(looks, measured) {
            let first = links.first(of: look)
            smallest[first] = min(smallest[first] ?? ids[place], ids[place])
        }
        for (look, (_, place)) in zip(looks, measured) { ids[place] = smallest[links.first(of: look)] ?? ids[place] }
        return ids
    }
}
