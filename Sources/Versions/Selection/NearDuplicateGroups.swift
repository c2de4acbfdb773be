import Core

/// Groups of near-duplicates: the connected components of a graph in which two photos of one volunteer are linked when
/// their perceptual hashes differ in at most a given number of bits.
///
/// The id of a group is its smallest photo id. The groups do not depend on the order of the photos.
public struct NearDuplicateGroups: Sendable {
    /// The facts about one photo that grouping needs.
    public struct Member: Sendable {
        public let photo: PhotoID
        public let volunteer: VolunteerName
        /// Nil when the photo was not measured. Such a photo is the only photo of its group.
        public let perceptualHash: PerceptualHash?

        public init(photo: PhotoID, volunteer: VolunteerName, perceptualHash: PerceptualHash?) {
            self.photo = photo
            self.volunteer = volunteer
            self.perceptualHash = perceptualHash
        }
    }

    /// The group of each member, in the order of the members.
    public let ids: [PhotoID]

    /// Finds the groups, volunteers in parallel.
    public init(_ members: [Member], within distance: GroupDistance) {
        let volunteers = CategoryIndex(members, by: \.volunteer).members
        let found = ThreadBudget.shared.map(volunteers.count) { volunteer in
            Self.ids(of: volunteers[volunteer].map { members[$0] }, within: distance)
        }
        var ids = members.map(\.photo)
        for (indices, groups) in zip(volunteers, found) {
            for (index, group) in zip(indices, groups) { ids[index] = group }
        }
        self.ids = ids
    }

    /// Returns the groups of one volunteer's photos.
    private static func ids(of members: [Member], within distance: GroupDistance) -> [PhotoID] {
        let measured = members.indices.compactMap { index in
            members[index].perceptualHash.map { (hash: $0, index: index) }
        }.sorted { $0.hash < $1.hash }
        // Equal hashes are compared once, so that many identical photos cost no more than different ones.
        var hashes: [PerceptualHash] = []
        var hashIndices: [Int] = []
        for (hash, _) in measured {
            if hash != hashes.last { hashes.append(hash) }
            hashIndices.append(hashes.count - 1)
        }
        let components = HammingUnionFind(hashes, within: distance)
        var ids = members.map(\.photo)
        var smallest: [PhotoID?] = Array(repeating: nil, count: hashes.count)
        for (hash, (_, index)) in zip(hashIndices, measured) {
            let root = components.root(of: hash)
            smallest[root] = min(smallest[root] ?? ids[index], ids[index])
        }
        for (hash, (_, index)) in zip(hashIndices, measured) {
            if let group = smallest[components.root(of: hash)] { ids[index] = group }
        }
        return ids
    }
}

/// A union-find structure over hashes that are linked when their Hamming distance is at most d.
private struct HammingUnionFind {
    /// For each hash an earlier hash of its component or, for the first hash of a component, the hash itself.
    private var parents: [Int]
    private let distance: Int

    /// - Parameter hashes: all different.
    init(_ hashes: [PerceptualHash], within distance: GroupDistance) {
        parents = Array(hashes.indices)
        self.distance = distance.bits
        // At distance 0 only equal hashes are linked, and no two of them are equal.
        guard distance.bits > 0 else { return }
        let points = hashes.enumerated().map { HashPoint(bits: $1.bits, index: $0) }
        HashPartition(within: distance).forEachSet(of: points) { linkPairwise($0) }
        // Parents are smaller than their children, so that a parent already has its root here.
        for index in parents.indices { parents[index] = parents[parents[index]] }
    }

    /// Returns the index of the first hash in the component of the hash at `index`.
    func root(of index: Int) -> Int { parents[index] }

    /// Links points by comparing pairs. A point that was reached is removed, so that dense sets cost little.
    private mutating func linkPairwise(_ points: [HashPoint]) {
        var rest = points
        while let first = rest.popLast() {
            var reached = [first]
            while let from = reached.popLast() {
                var next = 0
                while next < rest.count {
                    if (rest[next].bits ^ from.bits).nonzeroBitCount <= distance {
                        unite(from.index, rest[next].index)
                        reached.append(rest[next])
                        rest.swapAt(next, rest.count - 1)
                        rest.removeLast()
                    } else {
                        next += 1
                    }
                }
            }
        }
    }

    private mutating func unite(_ left: Int, _ right: Int) {
        let left = findRoot(left)
        let right = findRoot(right)
        parents[max(left, right)] = min(left, right)
    }

    /// Returns the root of `index`, and halves the path to the root.
    private mutating func findRoot(_ index: Int) -> Int {
        var index = index
        while parents[index] != index {
            parents[index] = parents[parents[index]]
            index = parents[index]
        }
        return index
    }
}
