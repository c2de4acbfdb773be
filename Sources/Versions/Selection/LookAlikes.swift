import Core

/// Two photos of different volunteers whose perceptual hashes differ in few bits. They may be the same picture, filed
/// under two names.
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
    /// The search processes a million photos in less than a second (`make bench-scale`, `audit`).
    ///
    /// - Parameter limit: the search ends in each part of the hashes when it has found this many pairs.
    public static func pairs(
        among members: [NearDuplicateGroups.Member], within distance: GroupDistance, limit: Int = 10_000
    ) -> [LookAlikePair] {
        let sorted = members.indices.compactMap { index in
            members[index].perceptualHash.map { HashPoint(bits: $0.bits, index: index) }
        }.sorted { ($0.bits, $0.index) < ($1.bits, $1.index) }
        var points: [HashPoint] = []
        var starts: [Int] = []
        for (position, point) in sorted.enumerated() where point.bits != points.last?.bits {
            points.append(HashPoint(bits: point.bits, index: points.count))
            starts.append(position)
        }
        starts.append(sorted.count)
        let search = Search(members: members, sorted: sorted, starts: starts, distance: distance.bits, limit: limit)
        let partition = HashPartition(within: distance)
        let near = ThreadBudget.shared.map(distance.bits > 0 ? partition.partCount : 0) { [points] part in
            search.near(partition, points, part)
        }
        return Array(Set(search.equal() + near.joined()).sorted().prefix(limit))
    }

    private struct Search: Sendable {
        let members: [NearDuplicateGroups.Member]
        /// The photos with a hash, sorted by hash.
        let sorted: [HashPoint]
        /// The position of the first photo with each hash, and the number of photos.
        let starts: [Int]
        let distance: Int
        let limit: Int

        /// Returns pairs with equal hashes.
        func equal() -> [LookAlikePair] {
            var found: [LookAlikePair] = []
            for hash in starts.indices.dropLast() {
                let range = starts[hash]..<starts[hash + 1]
                guard range.count > 1 else { continue }
                for left in range {
                    add((left + 1)..<range.upperBound, left, to: &found)
                    if found.count >= limit { return found }
                }
            }
            return found
        }

        /// Returns pairs with different hashes that are equal in one part of their bits.
        func near(_ partition: HashPartition, _ points: [HashPoint], _ part: Int) -> [LookAlikePair] {
            var found: [LookAlikePair] = []
            partition.forEachSet(of: points, equalInPart: part) { points in
                for (number, left) in points.enumerated() where found.count < limit {
                    for right in points[(number + 1)...]
                    where (left.bits ^ right.bits).nonzeroBitCount <= distance {
                        for position in starts[left.index]..<starts[left.index + 1] where found.count < limit {
                            add(starts[right.index]..<starts[right.index + 1], position, to: &found)
                        }
                    }
                }
            }
            return found
        }

        private func add(_ others: Range<Int>, _ position: Int, to found: inout [LookAlikePair]) {
            let member = members[sorted[position].index]
            for other in others where members[sorted[other].index].volunteer != member.volunteer {
                found.append(LookAlikePair(member.photo, members[sorted[other].index].photo))
            }
        }
    }
}
