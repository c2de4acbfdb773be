import Core

/// Which of many perceptualHashes are joined by steps of at most so many bits.
///
/// Two that differ in at most d bits are equal in one at least of d + 1 parts of the 64, so that only those with an equal part are compared; where they
/// are many, only those that are equal in a part of the other bits too, and a third time. That keeps it near-linear, whatever bits a volunteer's photos share.
struct Links {
    private struct Point {
        let bits: UInt64
        let place: Int
    }

    /// For each perceptualHash a step towards the first of all that it is joined with; at last the first itself.
    private var parents: [Int]
    private let distance: Int

    /// - Parameter perceptualHashes: all different.
    init(_ perceptualHashes: [PerceptualHash], within distance: GroupDistance) {
        parents = Array(perceptualHashes.indices)
        self.distance = distance.bits
        // At a distance of 0 equal ones are linked, and there are none.
        guard distance.bits > 0 else { return }
        join(perceptualHashes.enumerated().map { Point(bits: $1.bits, place: $0) }, differingIn: .max, levels: 3)
        // A step always leads to an earlier one, whose own is whole by then.
        for place in parents.indices { parents[place] = parents[parents[place]] }
    }

    /// The place of the first perceptualHash that the one at `place` is joined with.
    func first(of place: Int) -> Int { parents[place] }

    /// Joins those of `points` that steps connect.
    ///
    /// - Parameter open: the bits in which they may differ.
    private mutating func join(_ points: [Point], differingIn open: UInt64, levels: Int) {
        guard levels > 0, points.count > Self.few else { return join(points) }
        for part in Self.parts(of: open, distance + 1) {
            let sorted = points.sorted { ($0.bits & part, $0.place) < ($1.bits & part, $1.place) }
            var start = 0
            while start < sorted.count {
                var end = start + 1
                while end < sorted.count, (sorted[end].bits ^ sorted[start].bits) & part == 0 { end += 1 }
                if end - start > 1 { join(Array(sorted[start..<end]), differingIn: open & ~part, levels: levels - 1) }
                start = end
            }
        }
    }

    /// So few are compared one by one.
    private static let few = 64

    /// The set bits of `open` in `count` runs as long as each other, or a bit longer.
    private static func parts(of open: UInt64, _ count: Int) -> [UInt64] {
        let places = (UInt64(0)..<64).filter { open >> $0 & 1 == 1 }
        return (0..<count).map { part in
            places[places.count * part / count..<places.count * (part + 1) / count].reduce(0) { $0 | 1 << $1 }
        }
    }

    /// Compares one by one. What has been reached is taken out, so that a heap of near ones is walked once.
    private mutating func join(_ points: [Point]) {
        var rest = points
        while let first = rest.popLast() {
            var reached = [first]
            while let from = reached.popLast() {
                var index = 0
                while index < rest.count {
                    if (rest[index].bits ^ from.bits).nonzeroBitCount <= distance {
                        unite(from.place, rest[index].place)
                        reached.append(rest[index])
                        rest.swapAt(index, rest.count - 1)
                        rest.removeLast()
                    } else {
                        index += 1
                    }
                }
            }
        }
    }

    private mutating func unite(_ left: Int, _ right: Int) {
        let (left, right) = (walk(from: left), walk(from: right))
        parents[max(left, right)] = min(left, right)
    }

    /// Where the steps from `place` end; the way is halved.
    private mutating func walk(from place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }
}
