import Core
import Foundation

/// The search for pairs of photos that show the same picture, also turned by quarters or mirrored, in nearly linear time.
///
/// Hashes are divided into parts that contain the bit of the frequencies u and v together with the bit of v and u. The
/// smallest of the eight hashes of a picture in such parts is then the same for a picture and its turned and mirrored
/// copies. When a copy differs in at most d of 64 bits, at least two of d + 2 parts have no difference, so only hashes
/// that agree in two parts are compared.
struct SamePictureSearch: Sendable {
    /// A pair of photos by their indices.
    struct Pair: Hashable, Comparable, Sendable {
        /// The smaller index.
        let first: Int32
        let second: Int32

        static func < (left: Self, right: Self) -> Bool {
            (left.first, left.second) < (right.first, right.second)
        }
    }

    /// The hash of each photo.
    let hashes: [UInt64]
    /// Photos of the same category are no pair.
    let categories: [Int32]
    /// The largest number of differing bits.
    let distance: Int
    /// Whether photos of two different categories can be a pair.
    let isPair: @Sendable (Int, Int) -> Bool
    /// The search in each part of the hashes ends when it has found this number of pairs.
    var limit = 10_000

    /// Sets with at most this number of photos are compared pair by pair.
    private static let pairwiseLimit = 64
    /// Buckets with at most this number of photos are not sorted.
    private static let smallBucket = 8
    /// How often a large set of hashes with equal parts is divided again.
    private static let levels = 3

    /// Returns the pairs among all photos, sorted.
    func pairs() -> [Pair] {
        guard hashes.count > Self.pairwiseLimit else { return pairs(among: Array(0..<Int32(hashes.count))) }
        let parts = Self.parts(of: .max, distance + 2)
        var masks: [UInt64] = []
        for (number, first) in parts.enumerated() {
            for second in parts[(number + 1)...] { masks.append(first | second) }
        }
        let found = ThreadBudget.shared.map(masks) { pairs(equalIn: $0) }
        return Array(Set(found.joined()).sorted().prefix(limit))
    }

    /// Returns the pairs among some photos, sorted.
    func pairs(among positions: [Int32]) -> [Pair] {
        var found: Set<Pair> = []
        divide(positions, equalIn: 0, levels: Self.levels, to: &found)
        return found.sorted()
    }

    /// Returns the pairs whose hashes are equal in the bits of `mask`, after one of them is turned or mirrored.
    private func pairs(equalIn mask: UInt64) -> Set<Pair> {
        // Hashes with equal bits are in one bucket. There are about as many buckets as hashes.
        let width = max(1, Int.bitWidth - (hashes.count - 1).leadingZeroBitCount)
        let shift = UInt64(64 - width)
        func bucket(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift) }
        let keys = hashes.map { PerceptualHash.canonical($0, in: mask) }
        var ends = [Int32](repeating: 0, count: (1 << width) + 1)
        for key in keys { ends[bucket(key) + 1] += 1 }
        for index in 1..<ends.count { ends[index] += ends[index - 1] }
        // Now `ends` has the start of each bucket; each photo moves it by one.
        var order = [Int32](repeating: 0, count: keys.count)
        for (index, key) in keys.enumerated() {
            let bucket = bucket(key)
            order[Int(ends[bucket])] = Int32(index)
            ends[bucket] += 1
        }
        var found: Set<Pair> = []
        var start = 0
        for end in ends.dropLast() {
            let end = Int(end)
            if end - start > 1 { divide(order[start..<end], by: keys, equalIn: mask, to: &found) }
            start = end
        }
        return found
    }

    /// Divides the photos of a bucket by their keys.
    private func divide(
        _ bucket: ArraySlice<Int32>, by keys: [UInt64], equalIn mask: UInt64, to found: inout Set<Pair>
    ) {
        if bucket.count <= Self.smallBucket {
            for (number, left) in bucket.enumerated() {
                for right in bucket.dropFirst(number + 1) where keys[Int(right)] == keys[Int(left)] {
                    add(left, right, to: &found)
                }
            }
            return
        }
        for set in Self.sets(bucket, by: { keys[Int($0)] }) {
            divide(set, equalIn: mask, levels: Self.levels, to: &found)
        }
    }

    /// Compares photos whose hashes are equal in the bits of `mask`. Divides a large set by other bits.
    private func divide(_ set: [Int32], equalIn mask: UInt64, levels: Int, to found: inout Set<Pair>) {
        guard set.contains(where: { categories[Int($0)] != categories[Int(set[0])] }) else { return }
        guard set.count > Self.pairwiseLimit, levels > 0, mask != .max else { return compare(set, to: &found) }
        // The bits outside of `mask` have at most `distance` differences: one of `distance` + 1 parts has none.
        for part in Self.parts(of: ~mask, distance + 1) where found.count < limit {
            let mask = mask | part
            for set in Self.sets(set[...], by: { PerceptualHash.canonical(hashes[Int($0)], in: mask) }) {
                divide(set, equalIn: mask, levels: levels - 1, to: &found)
            }
        }
    }

    /// Compares every photo with the photos of other categories.
    private func compare(_ set: [Int32], to found: inout Set<Pair>) {
        let sorted = set.sorted { (categories[Int($0)], $0) < (categories[Int($1)], $1) }
        var next = 0
        for (position, left) in sorted.enumerated() {
            while next < sorted.count, categories[Int(sorted[next])] == categories[Int(left)] || next <= position {
                next += 1
            }
            for right in sorted[next...] {
                guard found.count < limit else { return }
                add(left, right, to: &found)
            }
        }
    }

    private func add(_ left: Int32, _ right: Int32, to found: inout Set<Pair>) {
        guard found.count < limit, categories[Int(left)] != categories[Int(right)],
            isNear(hashes[Int(left)], hashes[Int(right)]), isPair(Int(left), Int(right))
        else { return }
        found.insert(Pair(first: min(left, right), second: max(left, right)))
    }

    private func isNear(_ left: UInt64, _ right: UInt64) -> Bool {
        PerceptualHash.turnedDistance(left, right) <= distance
    }

    /// Returns the sets of two or more positions with the same key.
    private static func sets(_ positions: ArraySlice<Int32>, by key: (Int32) -> UInt64) -> [[Int32]] {
        let sorted = positions.map { (key: key($0), position: $0) }.sorted {
            ($0.key, $0.position) < ($1.key, $1.position)
        }
        var sets: [[Int32]] = []
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].key == sorted[start].key { end += 1 }
            if end - start > 1 { sets.append(sorted[start..<end].map(\.position)) }
            start = end
        }
        return sets
    }

    /// Returns `count` masks that divide the bits of `open` into parts of nearly equal size. Each part contains the bit of
    /// u and v together with the bit of v and u, as `open` does.
    static func parts(of open: UInt64, _ count: Int) -> [UInt64] {
        func bit(_ row: Int, _ column: Int) -> UInt64 { 1 << UInt64(63 - (8 * row + column)) }
        var orbits: [UInt64] = []
        for row in 0..<8 { for column in 0..<row { orbits.append(bit(row, column) | bit(column, row)) } }
        for row in 0..<8 { orbits.append(bit(row, row)) }
        var parts = [UInt64](repeating: 0, count: count)
        for orbit in orbits where orbit & open != 0 {
            // The first of the smallest parts.
            let smallest = parts.indices.min { parts[$0].nonzeroBitCount < parts[$1].nonzeroBitCount } ?? 0
            parts[smallest] |= orbit
        }
        return parts
    }
}

extension SamePictureSearch {
    /// The distance for photos of different people: the largest number of bits, at most 6, at which fewer than one pair in
    /// a hundred catalogs is expected by chance.
    ///
    /// A pair of independent hashes with random bits is within d bits, turned or mirrored, with a probability of 8 · Σ
    /// C(64, k)/2⁶⁴ for k from 0 to d. It is 6 bits for up to 23,532 photos, 5 for 74,523, 4 for 260,589, 3 for 1,026,752.
    static func distance(amongPhotos count: Int) -> Int {
        let pairs = Double(count) * Double(count) / 2
        var combinations = 1.0
        var within = 1.0
        var distance = 0
        while distance < 6 {
            combinations *= Double(64 - distance) / Double(distance + 1)
            within += combinations
            // 2⁶⁴
            guard 8 * pairs * within / 18_446_744_073_709_551_616 < 0.01 else { break }
            distance += 1
        }
        return distance
    }
}
