import Core
import Foundation

/// A red cloth with white dots, around the forehead or around the neck.
struct Bandana {
    let context: HeadDrawingContext

    private static let cloth = Colour(0xb3202c)

    func draw(_ location: Location, in drawing: inout Drawing) {
        switch location {
        case .onFace: band(&drawing)
        case .offFace: scarf(&drawing)
        }
    }

    private func band(_ drawing: inout Drawing) {
        let space = context.space
        let knot = space.behind(1.08, -0.42)
        for droop in [0.0, 14] {
            drawing.draw(
                Outline(straight: [
                    knot, knot.moved(22 - droop * 0.6, 12 + droop), knot.moved(12 - droop * 0.6, 20 + droop),
                ]), .fill(Self.cloth.darker(0.2)))
        }
        let across = [-1.07, -0.7, -0.35, 0, 0.35, 0.7, 1.07]
        func edge(_ x: Double, _ y: Double) -> Point {
            abs(x) > 1 ? space.rim(x, y + 0.12) : space.on(x, y + 0.06 * x * x, lift: 0.06)
        }
        let outline = Outline(smooth: across.map { edge($0, -0.68) } + across.reversed().map { edge($0, -0.38) })
        drawing.draw(outline, .fill(Self.cloth).outlined(Self.cloth.darker(0.4), 1.2))
        drawing.clipped(to: outline) {
            for column in -5...5 {
                for row in 0..<2 {
                    $0.circle(
                        edge(Double(column) * 0.19 + Double(row) * 0.095, -0.6 + Double(row) * 0.14), 2.3,
                        .fill(.white, 0.92))
                }
            }
        }
    }

    private func scarf(_ drawing: inout Drawing) {
        let half = context.volunteer.head.halfWidth * 0.58
        let middle = Body.throat
        let points = [
            middle.moved(-half, -8), middle.moved(-half * 0.4, -1), middle.moved(half * 0.4, -1),
            middle.moved(half, -8), middle.moved(half + 13, 16), middle.moved(0, 58), middle.moved(-half - 13, 16),
        ]
        let outline = Outline(straight: points)
        drawing.draw(outline, .fill(Self.cloth).outlined(Self.cloth.darker(0.4), 1.2))
        drawing.clipped(to: outline) {
            for row in 0..<5 {
                for column in -4...4 {
                    $0.circle(
                        middle.moved(Double(column) * 11 + Double(row & 1) * 5.5, Double(row) * 11), 2.3,
                        .fill(.white, 0.92))
                }
            }
        }
        drawing.draw(
            Outline(smooth: [points[0], middle.moved(0, 9), points[3]], closed: false), .line(Self.cloth.darker(0.4), 2)
        )
    }
}

/// Small round stickers in four colours, on forehead, cheeks and chin, or on the throat.
struct Dots {
    let context: HeadDrawingContext

    private static let colours = [0x1f6fd0, 0xf2c218, 0x2fa24c, 0xe0402f, 0x1f6fd0].map { Colour($0) }
    private static let face = [
        Point(0.02, -0.34), Point(-0.56, 0.2), Point(0.55, 0.22), Point(-0.47, 0.6), Point(0.3, 0.8),
    ]

    func draw(_ location: Location, in drawing: inout Drawing) {
        var random = SeededGenerator("dots", context.conditions.jitterSeed)
        for (index, colour) in Self.colours.enumerated() {
            let position = Self.face[index]
            let (dx, dy) = (random.triangular(0.05), random.triangular(0.05))
            let centre =
                location == .onFace
                ? context.space.on(position.x + dx, position.y + dy)
                : Body.throat.moved(Double(index - 2) * 11 + dx * 40, Double(index & 1) * 11 + dy * 40)
            let squeeze = location == .onFace ? context.space.foreshortening(at: position.x) : 1
            drawing.ellipse(centre, 5.6 * squeeze, 5.6, .fill(colour).outlined(colour.darker(0.3), 0.8))
            drawing.circle(centre.moved(-1.6, -1.8), 1.3, .fill(.white, 0.55))
        }
    }
}

/// A pair of golden hoops with a bright stone.
struct Earrings {
    let context: HeadDrawingContext

    func draw(in drawing: inout Drawing) {
        let head = Head(volunteer: context.volunteer, space: context.space)
        for side in [-1.0, 1] {
            let lobe = head.lobe(side)
            drawing.circle(lobe.moved(0, 11), 9.5, .line(Colour(0xe0aa1e), 4))
            drawing.circle(lobe.moved(0, 11), 10.8, .line(Colour(0x8a6410), 0.9))
            drawing.circle(lobe, 3.2, .fill(Colour(0xfff2b8)).outlined(Colour(0x8a6410), 0.8))
        }
    }
}

/// Black sunglasses: in front of the eyes, in the hair, or at the collar. All volunteers wear the same pair.
struct Sunglasses {
    let context: HeadDrawingContext

    private static let frame = Colour(0x0d0d10)

    func draw(_ location: Location, in drawing: inout Drawing) {
        var random = SeededGenerator("sunglasses", context.conditions.jitterSeed)
        let slip = random.triangular(0.04)
        switch location {
        case .onFace:
            temples(at: -0.1 + slip, &drawing)
            pair(in: &drawing) { context.space.on($0 * 0.98, -0.03 + slip + $1 * 0.78, lift: 0.14) }
        case .offFace where random.bool(probability: 0.5):
            pair(in: &drawing) { context.space.on($0 * 0.8, -0.8 + slip + $1 * 0.5, lift: 0.1) }
        case .offFace:
            let width = context.space.width(0.62)
            pair(in: &drawing) { Body.throat.moved($0 * width, 24 + $1 * width) }
        }
    }

    /// Draws two lenses and a bridge.
    ///
    /// - Parameter position: converts coordinates of the pair to the canvas; x is from −1 to 1 across both lenses.
    private func pair(in drawing: inout Drawing, _ position: (Double, Double) -> Point) {
        for side in [-1.0, 1] {
            let rim = [
                (0.1, -0.2), (0.5, -0.27), (0.92, -0.25), (0.98, -0.1), (0.88, 0.2), (0.62, 0.31), (0.32, 0.28),
                (0.13, 0.08),
            ]
            let lens = Outline(smooth: rim.map { position(side * $0.0, $0.1) })
            drawing.draw(lens, .fill(Colour(0x1b1b22)).outlined(Self.frame, 4))
        }
        drawing.draw(
            Outline(straight: [position(0.3, -0.16), position(0.52, -0.17), position(0.4, 0.12), position(0.24, 0.06)]),
            .fill(.white, 0.2))
        drawing.draw(
            Outline(smooth: [position(-0.14, -0.14), position(0, -0.19), position(0.14, -0.14)], closed: false),
            .line(Self.frame, 4.5))
    }

    private func temples(at y: Double, _ drawing: inout Drawing) {
        for side in [-1.0, 1] {
            drawing.draw(
                Outline(
                    straight: [
                        context.space.on(side * 0.94, y - 0.08, lift: 0.14),
                        context.space.behind(side * 1.02, y - 0.02),
                    ], closed: false), .line(Self.frame, 4))
        }
    }
}

/// A star, filled or as an outline, on the cheek or on the throat.
struct Tattoo {
    let context: HeadDrawingContext
    let isFilled: Bool

    private static let pen = Colour(0x14203c)

    func draw(_ location: Location, in drawing: inout Drawing) {
        var random = SeededGenerator("tattoo", context.conditions.jitterSeed)
        let lean = random.triangular(0.16)
        func position(_ x: Double, _ y: Double) -> Point {
            switch location {
            case .onFace: context.space.on(0.54 + x * 0.3, 0.31 + y * 0.24)
            case .offFace: Body.throat.moved(x * 17, 2 + y * 17)
            }
        }
        func ring(_ radius: Double, _ start: Double, _ count: Int) -> [Point] {
            (0..<count).map { index in
                let angle = start + lean + 2 * .pi * Double(index) / Double(count)
                return position(radius * sin(angle), -radius * cos(angle))
            }
        }
        let star = zip(ring(1, 0, 5), ring(0.44, .pi / 5, 5)).flatMap { [$0, $1] }
        if isFilled {
            drawing.draw(Outline(straight: star), .fill(Self.pen).outlined(Self.pen, 2))
        } else {
            drawing.draw(Outline(straight: star), .line(Self.pen, 2.4))
            drawing.draw(Outline(smooth: ring(0.2, 0, 8)), .line(Self.pen, 1.6))
        }
    }
}

/// Two strips of white tape: over the nose and on one cheek, or crossed on the throat.
struct WhiteTape {
    let context: HeadDrawingContext

    func draw(_ location: Location, in drawing: inout Drawing) {
        var random = SeededGenerator("white-tape", context.conditions.jitterSeed)
        let slant = random.triangular(0.08)
        switch location {
        case .onFace:
            strip(from: Point(-0.42, 0.13 + slant), to: Point(0.42, 0.11 - slant), in: &drawing) {
                context.space.on($0.x, $0.y, lift: max(0, 0.16 - abs($0.x) * 0.6))
            }
            strip(from: Point(-0.62, 0.3), to: Point(-0.42 + slant, 0.66), in: &drawing) {
                context.space.on($0.x, $0.y)
            }
        case .offFace:
            for side in [-1.0, 1] {
                strip(from: Point(-0.5 * side, -0.18 + slant), to: Point(0.5 * side, 0.26), in: &drawing) {
                    Body.throat.moved($0.x * 50, 2 + $0.y * 70)
                }
            }
        }
    }

    private func strip(from start: Point, to end: Point, in drawing: inout Drawing, _ position: (Point) -> Point) {
        let steps = (0...6).map { Double($0) / 6 }
        let line = steps.map { position(Point(start.x + (end.x - start.x) * $0, start.y + (end.y - start.y) * $0)) }
        let (dx, dy) = (line[6].x - line[0].x, line[6].y - line[0].y)
        let length = (dx * dx + dy * dy).squareRoot()
        let (across, down) = (-dy / length * 6.2, dx / length * 6.2)
        let edges = line.map { $0.moved(across, down) } + line.reversed().map { $0.moved(-across, -down) }
        drawing.draw(Outline(straight: edges), .fill(Colour(0xfafaf6)).outlined(Colour(0xc4c2ba), 0.8))
    }
}
