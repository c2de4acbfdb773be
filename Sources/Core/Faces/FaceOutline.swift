/// The outline of a face up to the hairline: a convex polygon in whole pixels of the upright photo, computed from
/// landmarks.
///
/// Landmarks end at the eyebrows. The forehead above follows the canon of thirds (Farkas et al., 1985): three distances
/// are equal: from the hairline to the eyebrows, from the eyebrows to the base of the nose, and from the base of the
/// nose to the chin. The forehead therefore has half the height of the part from the eyebrows to the chin. The ten
/// eyebrow points are moved up by that height, and the outer points by less, because a forehead is round.
public struct FaceOutline: Hashable, Sendable {
    /// The corners of the polygon in order; each is the centre of a pixel. Fewer than three if all landmarks are on one
    /// line.
    public let corners: [PixelPoint]

    /// Upward shift of each eyebrow point, in sixteenths of the forehead's height.
    static let rises = [8, 13, 15, 16, 16, 16, 16, 15, 13, 8]

    public init(_ landmarks: Landmarks) {
        let left = landmarks.points[21]
        let right = landmarks.points[22]
        // Twice the vector from the chin to the centre between the eyebrows; a quarter of it is the forehead.
        let upX = left.x + right.x - 2 * landmarks.chin.x
        let upY = left.y + right.y - 2 * landmarks.chin.y
        let hairline = zip(landmarks.brows, Self.rises).map { brow, rise in
            PixelPoint(x: brow.x + upX * rise / 64, y: brow.y + upY * rise / 64)
        }
        self.init(corners: Self.hull(landmarks.jaw + hairline))
    }

    init(corners: [PixelPoint]) {
        self.corners = corners
    }

    /// Returns the number of pixels of `box` whose centre is inside the outline.
    ///
    /// The cost is proportional to the height of the face, whatever the size of the box.
    public func pixels(in box: Box) -> Int {
        guard let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max() else { return 0 }
        let first = max(box.y, top)
        let end = min(box.y + box.height, bottom)
        return stride(from: first, to: end, by: 1).reduce(0) { sum, y in
            let row = columns(inRow: y)
            return sum + max(0, min(row.upperBound, box.x + box.width) - max(row.lowerBound, box.x))
        }
    }

    /// Returns whether the centre of the pixel at `point` is inside the outline.
    public func contains(_ point: PixelPoint) -> Bool { columns(inRow: point.y).contains(point.x) }

    /// Returns the columns of row `y` whose pixel centre is inside the outline. The right and lower border are outside.
    private func columns(inRow y: Int) -> Range<Int> {
        var left = Int.max
        var right = Int.min
        for (index, corner) in corners.enumerated() {
            let next = corners[(index + 1) % corners.count]
            let (upper, lower) = corner.y < next.y ? (corner, next) : (next, corner)
            guard upper.y <= y, y < lower.y else { continue }
            let column = upper.x + Self.roundedUp((y - upper.y) * (lower.x - upper.x), by: lower.y - upper.y)
            left = min(left, column)
            right = max(right, column)
        }
        return left <= right ? left..<right : 0..<0
    }

    private static func roundedUp(_ value: Int, by divisor: Int) -> Int {
        value > 0 ? (value + divisor - 1) / divisor : value / divisor
    }

    /// Returns the convex hull without corners on straight lines (monotone chain; Andrew, 1979).
    private static func hull(_ points: some Sequence<PixelPoint>) -> [PixelPoint] {
        let sorted = Set(points).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        return Array(chain(sorted)) + chain(sorted.reversed())
    }

    /// Returns one half of the hull, without its last point.
    private static func chain(_ points: some Sequence<PixelPoint>) -> ArraySlice<PixelPoint> {
        var chain: [PixelPoint] = []
        for point in points {
            while chain.count > 1, !turnsRight(chain[chain.count - 2], chain[chain.count - 1], point) {
                chain.removeLast()
            }
            chain.append(point)
        }
        return chain.dropLast()
    }

    /// Returns whether the path through the three points turns right, as seen in the photo.
    private static func turnsRight(_ first: PixelPoint, _ second: PixelPoint, _ third: PixelPoint) -> Bool {
        (second.x - first.x) * (third.y - first.y) > (second.y - first.y) * (third.x - first.x)
    }
}

/// An estimate of a trigger's location: the share of the trigger's box that is inside the outline of the face.
///
/// A label with this location has the source `rule`; a label by a person takes precedence.
public struct TriggerLocationEstimate: Hashable, Sendable {
    /// The percentage from which a box counts as on the face. `docs/faces.md` has the measurements.
    public static let threshold = 50

    public let location: Location
    /// The percentage of the box's pixels inside the outline, rounded down.
    public let percent: Int

    public init(of box: Box, _ outline: FaceOutline) {
        let inside = outline.pixels(in: box)
        let all = box.width * box.height
        location = 100 * inside >= Self.threshold * all ? .onFace : .offFace
        percent = 100 * inside / all
    }

    /// Creates an estimate; nil if the face has no landmarks.
    public init?(of box: Box, on face: KnownFace) {
        guard let landmarks = face.landmarks else { return nil }
        self.init(of: box, FaceOutline(landmarks))
    }
}

extension PhotoFacts {
    /// The estimate that contradicts the location in a person's label.
    ///
    /// Nil if both locations are equal. Also nil if the photo has no trigger box, no landmarks, or no label by a person
    /// with exactly one trigger.
    public var contradiction: TriggerLocationEstimate? {
        guard !isSuggested, let placement = label?.triggerState.single, let triggerBox,
            let estimate = TriggerLocationEstimate(of: triggerBox, on: face)
        else { return nil }
        return estimate.location == placement.location ? nil : estimate
    }
}
