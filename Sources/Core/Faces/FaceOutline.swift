/// The outline of a face from its landmarks, as far as the hairline: a convex polygon in whole pixels of the upright photo.
///
/// Landmarks end at the brows. Above them stands the forehead, by the canon of thirds (Farkas et al., 1985): from the hairline to the brows it is as far as from the brows to the
/// nose's base and from there to the chin, so half as far as from the brows to the chin. The brows' ten points are moved up by that much, the outer ones by less, since a forehead is round.
public struct FaceOutline: Hashable, Sendable {
    /// The polygon's corners, each the middle of a pixel, one after another around it; fewer than three where the landmarks lie on one line.
    public let corners: [PixelPoint]

    /// Sixteenths of the forehead's height by which each of the brows' points is moved.
    static let rises = [8, 13, 15, 16, 16, 16, 16, 15, 13, 8]

    public init(_ landmarks: Landmarks) {
        let (left, right) = (landmarks.places[21], landmarks.places[22])
        // Twice the way from the chin to the middle between the brows: a quarter of it is the forehead.
        let (upX, upY) = (left.x + right.x - 2 * landmarks.chin.x, left.y + right.y - 2 * landmarks.chin.y)
        let hairline = zip(landmarks.brows, Self.rises).map { brow, rise in
            PixelPoint(x: brow.x + upX * rise / 64, y: brow.y + upY * rise / 64)
        }
        self.init(corners: Self.hull(landmarks.jaw + hairline))
    }

    init(corners: [PixelPoint]) {
        self.corners = corners
    }

    /// How many of the pixels of `box` have their middle in the outline.
    ///
    /// Row by row, so that it costs no more than the face is high, however large the box.
    public func pixels(in box: Box) -> Int {
        guard let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max() else { return 0 }
        let first = max(box.y, top)
        let end = min(box.y + box.height, bottom)
        return stride(from: first, to: end, by: 1).reduce(0) { sum, y in
            let row = columns(inRow: y)
            return sum + max(0, min(row.upperBound, box.x + box.width) - max(row.lowerBound, box.x))
        }
    }

    /// Whether the middle of the pixel at `place` is in the outline.
    public func contains(_ place: PixelPoint) -> Bool { columns(inRow: place.y).contains(place.x) }

    /// The pixels of row `y` whose middle is in the outline, those on its right and lower border not among them.
    private func columns(inRow y: Int) -> Range<Int> {
        var (left, right) = (Int.max, Int.min)
        for (index, corner) in corners.enumerated() {
            let next = corners[(index + 1) % corners.count]
            let (upper, lower) = corner.y < next.y ? (corner, next) : (next, corner)
            guard upper.y <= y, y < lower.y else { continue }
            let column = upper.x + Self.roundedUp((y - upper.y) * (lower.x - upper.x), by: lower.y - upper.y)
            (left, right) = (min(left, column), max(right, column))
        }
        return left <= right ? left..<right : 0..<0
    }

    private static func roundedUp(_ value: Int, by divisor: Int) -> Int {
        value > 0 ? (value + divisor - 1) / divisor : value / divisor
    }

    /// The convex hull of `places`, without corners on a straight line (Andrew, 1979).
    private static func hull(_ places: some Sequence<PixelPoint>) -> [PixelPoint] {
        let sorted = Set(places).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        func chain(_ places: some Sequence<PixelPoint>) -> [PixelPoint] {
            var chain: [PixelPoint] = []
            for place in places {
                while chain.count > 1, !turns(chain[chain.count - 2], chain[chain.count - 1], place) {
                    chain.removeLast()
                }
                chain.append(place)
            }
            return chain.dropLast()
        }
        return chain(sorted) + chain(sorted.reversed())
    }

    /// Whether the way over these three places turns to the right, as seen in a picture.
    private static func turns(_ first: PixelPoint, _ second: PixelPoint, _ third: PixelPoint) -> Bool {
        (second.x - first.x) * (third.y - first.y) > (second.y - first.y) * (third.x - first.x)
    }
}
