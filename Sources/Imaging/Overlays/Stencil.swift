/// A point of an overlay's drawing, in 1/1024 of a pixel from its top left.
struct Spot: Hashable {
    static let scale = 1024
    let x, y: Int

    /// - Parameters: whole pixels.
    init(_ x: Int, _ y: Int) {
        self.init(fine: x * Self.scale, y * Self.scale)
    }

    init(fine x: Int, _ y: Int) {
        (self.x, self.y) = (x, y)
    }
}

/// The part of a canvas that a shape covers, told by sixteen places a pixel, in whole numbers alone.
struct Stencil {
    let width, height: Int
    /// A bit for each of a pixel's 4 × 4 places.
    private(set) var places: [UInt16]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        places = Array(repeating: 0, count: width * height)
    }

    /// Adds what lies inside of a closed line of spots; where it crosses itself, every second area is outside.
    mutating func polygon(_ spots: [Spot]) {
        add { y in
            spots.indices.compactMap { index in
                let (from, to) = (spots[index], spots[(index + 1) % spots.count])
                let (upper, lower) = from.y <= to.y ? (from, to) : (to, from)
                guard upper.y <= y, y < lower.y else { return nil }
                return upper.x + Self.floor((lower.x - upper.x) * (y - upper.y), lower.y - upper.y)
            }
        }
    }

    /// Adds an ellipse; radii in whole pixels.
    mutating func ellipse(_ centre: Spot, _ rx: Int, _ ry: Int) {
        let fine = 16
        let (width, height) = (rx * fine, ry * fine)
        add { y in
            let off = (y - centre.y) / (Spot.scale / fine)
            guard abs(off) < height else { return [] }
            let half = squareRoot(width * width * (height * height - off * off)) / height * (Spot.scale / fine)
            return [centre.x - half, centre.x + half]
        }
    }

    /// Adds a line of a width in whole pixels through all spots, its ends and corners round.
    mutating func line(_ spots: [Spot], width: Int, isClosed: Bool = false) {
        for spot in spots { ellipse(spot, max(1, width / 2), max(1, width / 2)) }
        for (from, to) in zip(spots, isClosed ? Array(spots.dropFirst()) + [spots[0]] : Array(spots.dropFirst())) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let length = squareRoot(dx * dx + dy * dy)
            guard length > 0 else { continue }
            let (ax, ay) = (
                Self.floor(-dy * width * Spot.scale / 2, length), Self.floor(dx * width * Spot.scale / 2, length)
            )
            polygon([
                Spot(fine: from.x + ax, from.y + ay), Spot(fine: to.x + ax, to.y + ay),
                Spot(fine: to.x - ax, to.y - ay), Spot(fine: from.x - ax, from.y - ay),
            ])
        }
    }

    /// Keeps what lies in `other` too.
    mutating func clip(to other: Stencil) {
        for index in places.indices { places[index] &= other.places[index] }
    }

    /// Takes away what lies in `other`.
    mutating func cut(_ other: Stencil) {
        for index in places.indices { places[index] &= ~other.places[index] }
    }

    /// - Parameter crossings: where the shape's border crosses the level y, in any order.
    private mutating func add(_ crossings: (Int) -> [Int]) {
        let step = Spot.scale / 4
        for row in 0..<4 * height {
            let found = crossings(row * step + step / 2).sorted()
            for pair in stride(from: 0, to: found.count - 1, by: 2) {
                // Places whose middle is not before the first crossing and before the second.
                let (first, end) = (
                    max(0, Self.floor(found[pair] + step / 2 - 1, step)),
                    min(4 * width, Self.floor(found[pair + 1] + step / 2 - 1, step))
                )
                for column in stride(from: first, to: end, by: 1) {
                    places[row / 4 * width + column / 4] |= 1 << UInt16(4 * (row % 4) + column % 4)
                }
            }
        }
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Stencil {
    /// A smooth curve through all points, which are whole pixels: Catmull–Rom, eight steps from each to the next, exact in 1/1024 of a pixel.
    static func curve(_ points: [(Int, Int)], isClosed: Bool = true) -> [Spot] {
        let last = points.count - 1
        func point(_ index: Int) -> (Int, Int) {
            isClosed ? points[(index + points.count) % points.count] : points[min(last, max(0, index))]
        }
        func value(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ k: Int) -> Int {
            2 * b * 512 + (c - a) * k * 64 + (2 * a - 5 * b + 4 * c - d) * k * k * 8 + (3 * b - a - 3 * c + d) * k * k
                * k
        }
        let spots = (0..<(isClosed ? points.count : last)).flatMap { index in
            (0..<8).map { k in
                let (a, b, c, d) = (point(index - 1), point(index), point(index + 1), point(index + 2))
                return Spot(fine: value(a.0, b.0, c.0, d.0, k), value(a.1, b.1, c.1, d.1, k))
            }
        }
        return isClosed ? spots : spots + [Spot(points[last].0, points[last].1)]
    }
}

/// The square root of a number that is not negative, rounded down.
func squareRoot(_ value: Int) -> Int {
    guard value > 1 else { return max(0, value) }
    var root = 1 << ((Int.bitWidth - value.leadingZeroBitCount + 1) / 2)
    while true {
        let next = (root + value / root) / 2
        if next >= root { return root }
        root = next
    }
}
