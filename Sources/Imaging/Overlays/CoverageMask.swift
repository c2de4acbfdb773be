import Core

/// A point of an overlay's drawing, in 1/1024 of a pixel from the top left.
struct FixedPoint: Hashable {
    static let scale = 1024
    let x, y: Int

    /// Creates a point from whole pixels.
    init(_ x: Int, _ y: Int) {
        self.init(fine: x * Self.scale, y * Self.scale)
    }

    init(fine x: Int, _ y: Int) {
        self.x = x
        self.y = y
    }
}

/// The part of a canvas that a shape covers, with sixteen samples for each pixel. All arithmetic uses whole numbers.
struct CoverageMask {
    let width, height: Int
    /// One bit for each of the 4 × 4 samples of a pixel.
    private(set) var samples: [UInt16]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        samples = Array(repeating: 0, count: width * height)
    }

    /// Adds the inside of a closed line. If the line crosses itself, the even-odd rule applies.
    mutating func polygon(_ points: [FixedPoint]) {
        add { y in
            points.indices.compactMap { index in
                let (from, to) = (points[index], points[(index + 1) % points.count])
                let (upper, lower) = from.y <= to.y ? (from, to) : (to, from)
                guard upper.y <= y, y < lower.y else { return nil }
                return upper.x + Self.floor((lower.x - upper.x) * (y - upper.y), lower.y - upper.y)
            }
        }
    }

    /// Adds an ellipse. The radii are in whole pixels.
    mutating func ellipse(_ centre: FixedPoint, _ radiusX: Int, _ radiusY: Int) {
        let fine = 16
        let (width, height) = (radiusX * fine, radiusY * fine)
        add { y in
            let offset = (y - centre.y) / (FixedPoint.scale / fine)
            guard abs(offset) < height else { return [] }
            let half =
                integerSquareRoot(width * width * (height * height - offset * offset)) / height
                * (FixedPoint.scale / fine)
            return [centre.x - half, centre.x + half]
        }
    }

    /// Adds a line through all points, with round ends and corners. The width is in whole pixels.
    mutating func line(_ points: [FixedPoint], width: Int, isClosed: Bool = false) {
        for point in points { ellipse(point, max(1, width / 2), max(1, width / 2)) }
        let ends = Array(points.dropFirst()) + (isClosed ? [points[0]] : [])
        for (from, to) in zip(points, ends) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let length = integerSquareRoot(dx * dx + dy * dy)
            guard length > 0 else { continue }
            let (ax, ay) = (
                Self.floor(-dy * width * FixedPoint.scale / 2, length),
                Self.floor(dx * width * FixedPoint.scale / 2, length)
            )
            polygon([
                FixedPoint(fine: from.x + ax, from.y + ay), FixedPoint(fine: to.x + ax, to.y + ay),
                FixedPoint(fine: to.x - ax, to.y - ay), FixedPoint(fine: from.x - ax, from.y - ay),
            ])
        }
    }

    /// Removes the part outside of `other`.
    mutating func intersect(with other: CoverageMask) {
        for index in samples.indices { samples[index] &= other.samples[index] }
    }

    /// Removes the part inside of `other`.
    mutating func subtract(_ other: CoverageMask) {
        for index in samples.indices { samples[index] &= ~other.samples[index] }
    }

    /// Adds a shape.
    ///
    /// - Parameter crossings: returns the x coordinates at which the border of the shape crosses the level y, in any
    ///   order.
    private mutating func add(_ crossings: (Int) -> [Int]) {
        let step = FixedPoint.scale / 4
        for row in 0..<4 * height {
            let found = crossings(row * step + step / 2).sorted()
            for pair in stride(from: 0, to: found.count - 1, by: 2) {
                // Samples whose centre is at or after the first crossing, and before the second.
                let first = max(0, Self.floor(found[pair] + step / 2 - 1, step))
                let end = min(4 * width, Self.floor(found[pair + 1] + step / 2 - 1, step))
                for column in stride(from: first, to: end, by: 1) {
                    samples[row / 4 * width + column / 4] |= 1 << UInt16(4 * (row % 4) + column % 4)
                }
            }
        }
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension FixedPoint {
    /// Returns a smooth curve through all points, which are in whole pixels: a Catmull–Rom spline with eight steps
    /// between two points, exact in 1/1024 of a pixel.
    static func curve(_ points: [(Int, Int)], isClosed: Bool = true) -> [FixedPoint] {
        let last = points.count - 1
        func point(_ index: Int) -> (Int, Int) {
            isClosed ? points[(index + points.count) % points.count] : points[min(last, max(0, index))]
        }
        func value(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ k: Int) -> Int {
            2 * b * 512 + (c - a) * k * 64 + (2 * a - 5 * b + 4 * c - d) * k * k * 8 + (3 * b - a - 3 * c + d) * k * k
                * k
        }
        let curve = (0..<(isClosed ? points.count : last)).flatMap { index in
            (0..<8).map { k in
                let (a, b, c, d) = (point(index - 1), point(index), point(index + 1), point(index + 2))
                return FixedPoint(fine: value(a.0, b.0, c.0, d.0, k), value(a.1, b.1, c.1, d.1, k))
            }
        }
        return isClosed ? curve : curve + [FixedPoint(points[last].0, points[last].1)]
    }
}

/// A canvas on which an overlay is drawn. All arithmetic uses whole numbers, so that every machine draws the same
/// pixels.
struct OverlayCanvas {
    let width, height: Int
    /// The largest value of alpha and of a premultiplied colour: 255 · 255.
    private static let full = 65025
    /// Premultiplied red, green and blue, and alpha.
    private var pixels: [(Int, Int, Int, Int)]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = Array(repeating: (0, 0, 0, 0), count: width * height)
    }

    /// Paints a shape over the canvas.
    ///
    /// - Parameters:
    ///   - colour: `0xrrggbb`.
    ///   - alpha: 0…255.
    ///   - shape: adds the shape to a mask of the canvas's size.
    mutating func paint(_ colour: Int, alpha: Int = 255, _ shape: (inout CoverageMask) -> Void) {
        var mask = CoverageMask(width: width, height: height)
        shape(&mask)
        paint(colour, alpha: alpha, mask)
    }

    mutating func paint(_ colour: Int, alpha: Int = 255, _ mask: CoverageMask) {
        let (red, green, blue) = ((colour >> 16) & 255, (colour >> 8) & 255, colour & 255)
        for (index, samples) in mask.samples.enumerated() where samples != 0 {
            let cover = alpha * 255 * samples.nonzeroBitCount / 16
            let (under, rest) = (pixels[index], Self.full - cover)
            func over(_ own: Int, _ below: Int) -> Int { (own * cover + below * rest + Self.full / 2) / Self.full }
            pixels[index] = (
                over(red * 255, under.0), over(green * 255, under.1), over(blue * 255, under.2),
                over(Self.full, under.3)
            )
        }
    }

    /// The drawn picture; nil if the canvas does not have the size of an overlay.
    var picture: OverlayPicture? {
        let rgba = pixels.flatMap { pixel -> [UInt8] in
            let alpha = pixel.3
            guard alpha > 0 else { return [0, 0, 0, 0] }
            return [pixel.0, pixel.1, pixel.2].map { UInt8(min(255, (255 * $0 + alpha / 2) / alpha)) } + [
                UInt8((alpha + 127) / 255)
            ]
        }
        return OverlayPicture(width: width, height: height, rgba: rgba)
    }
}
