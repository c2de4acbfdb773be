import Core

/// Two photos of different volunteers whose perceptual hashes differ in few bits. The photos may be the same picture,
/// labelled with two names.
public struct LookAlikePair: Hashable, Comparable, Sendable {
    /// The smaller id.
    public let first: PhotoID
    public let second: PhotoID

    init(_ left: PhotoID, _ right: PhotoID) {
        first = min(left, right)
        second = max(left, right)
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }
}

/// The search for pairs of photos that look alike and belong to different volunteers.
public enum LookAlikes {
    /// Returns pairs of photos of different volunteers within a distance, sorted. Photos without a hash are in no pair.
    ///
    /// - Parameter limit: the largest number of pairs. The search in each part of the hashes ends when it has found
    ///   this number of pairs.
    public static func pairs(
        among members: [NearDuplicateGroups.Member], within distance: GroupDistance, limit: Int = 10_000
    ) -> [LookAlikePair] {
        let search = LookAlikeSearch(members, distance, limit: limit)
        let masks = HashPartition(within: distance).masks
        let found = ThreadBudget.shared.map(masks) { search.pairs(equalIn: $0) }
        return Array(Set(found.joined()).sorted().prefix(limit))
    }
}

private struct LookAlikeSearch: Sendable {
    private let photos: [PhotoID]
    private let volunteers: [VolunteerName]
    private let hashes: [UInt64]
    private let distance: Int
    private let partition: HashPartition
    private let limit: Int

    init(_ members: [NearDuplicateGroups.Member], _ distance: GroupDistance, limit: Int) {
        let measured = members.filter { $0.perceptualHash != nil }
        photos = measured.map(\.photo)
        volunteers = measured.map(\.volunteer)
        hashes = measured.compactMap(\.perceptualHash?.bits)
        self.distance = distance.bits
        partition = HashPartition(within: distance)
        self.limit = limit
    }

    /// Returns the pairs whose hashes are equal in the bits of `mask`.
    func pairs(equalIn mask: UInt64) -> [LookAlikePair] {
        var found: [LookAlikePair] = []
        partition.forEachRun(of: hashes, equalIn: mask) { positions in
            guard found.count < limit else { return }
            if positions.count <= HashPartition.pairwiseLimit {
                compare(positions, with: positions, to: &found)
            } else if positions.contains(where: { volunteers[$0] != volunteers[positions[0]] }) {
                divide(positions, differingIn: ~mask, to: &found)
            }
        }
        return found
    }

    /// Compares many photos: each hash once, and only hashes that can be near.
    private func divide(_ positions: [Int], differingIn open: UInt64, to found: inout [LookAlikePair]) {
        let groups = Dictionary(grouping: positions) { hashes[$0] }.sorted { $0.key < $1.key }
        for group in groups { compare(group.value, with: group.value, to: &found) }
        let points = groups.enumerated().map { HashPoint(bits: $1.key, index: $0) }
        partition.forEachSet(of: points, differingIn: open) { points in
            for (number, left) in points.enumerated() where found.count < limit {
                for right in points[(number + 1)...] where (left.bits ^ right.bits).nonzeroBitCount <= distance {
                    compare(groups[left.index].value, with: groups[right.index].value, to: &found)
                }
            }
        }
    }

    private func compare(_ positions: [Int], with others: [Int], to found: inout [LookAlikePair]) {
        for left in positions where found.count < limit {
            for right in others
            where (hashes[left] ^ hashes[right]).nonzeroBitCount <= distance && volunteers[left] != volunteers[right] {
                found.append(LookAlikePair(photos[left], photos[right]))
            }
        }
    }
}
