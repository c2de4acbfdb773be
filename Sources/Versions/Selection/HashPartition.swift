import Core

/// A perceptual hash with the index of the element that has this hash.
struct HashPoint {
    let bits: UInt64
    let index: Int
}

/// Divides hashes into small sets, so that any two hashes within a Hamming distance are together in at least one set.
///
/// Two hashes that differ in at most d bits are equal in at least one of d + 1 parts of the 64 bits, so that only
/// hashes with an equal part are together. A large set with an equal part is divided again by the other bits, up to
/// three times. The number of comparisons stays nearly linear also when many hashes have many bits in common. The
/// benchmark is `Benchmarks/near-duplicates`.
struct HashPartition {
    private let distance: Int

    init(within distance: GroupDistance) {
        self.distance = distance.bits
    }

    /// Calls `body` with each set of two or more points. A pair of points can be in several sets.
    ///
    /// - Parameter open: the bits in which the points can differ.
    func forEachSet(of points: [HashPoint], differingIn open: UInt64 = .max, _ body: ([HashPoint]) -> Void) {
        divide(points, differingIn: open, levels: 3, body)
    }

    private var partCount: Int { distance + 1 }

    /// Divides points that differ only in the bits `open`.
    private func divide(
        _ points: [HashPoint], differingIn open: UInt64, levels: Int, _ body: ([HashPoint]) -> Void
    ) {
        guard levels > 0, points.count > Self.pairwiseLimit else { return body(points) }
        for part in Self.parts(of: open, partCount) {
            divide(points, equalIn: part, differingIn: open, levels: levels, body)
        }
    }

    private func divide(
        _ points: [HashPoint], equalIn part: UInt64, differingIn open: UInt64, levels: Int,
        _ body: ([HashPoint]) -> Void
    ) {
        let sorted = points.sorted { ($0.bits & part, $0.index) < ($1.bits & part, $1.index) }
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, ((sorted[end].bits ^ sorted[start].bits) & part) == 0 { end += 1 }
            if end - start > 1 {
                divide(Array(sorted[start..<end]), differingIn: open & ~part, levels: levels - 1, body)
            }
            start = end
        }
    }

    /// Sets with at most this number of points are not divided.
    static let pairwiseLimit = 64

    /// Returns `count` masks with the set bits of `open` in runs of nearly equal length.
    private static func parts(of open: UInt64, _ count: Int) -> [UInt64] {
        let positions = (UInt64(0)..<64).filter { ((open >> $0) & 1) == 1 }
        return (0..<count).map { part in
            let run = positions[(positions.count * part / count)..<(positions.count * (part + 1) / count)]
            return run.reduce(0) { $0 | (1 << $1) }
        }
    }
}
