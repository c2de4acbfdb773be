import Foundation

/// The map from positions on a head to points on the canvas, for one volunteer in one pose.
///
/// Positions are in half widths and half heights from the head's centre: x to the right of the picture, y downward. The
/// chin is at (0, 1). The map excludes tilt, shift and scale, which transform the whole drawn head.
struct HeadSpace {
    /// The centre of every head on the canvas.
    static let centre = Point(120, 150)

    let shape: HeadShape
    private let sideways, forward, upward: Double

    init(_ volunteer: DemoVolunteer, _ pose: PhotoConditions.Pose) {
        shape = volunteer.head
        sideways = sin(pose.turn)
        forward = cos(pose.turn)
        upward = sin(pose.nod)
    }

    /// Returns a point on the skin, which moves with the rotation of the head. `lift` is the distance above the skin; a
    /// point with a larger `lift` moves more.
    func on(_ x: Double, _ y: Double, lift: Double = 0) -> Point {
        let depth = max(0, 1 - x * x - 0.7 * y * y).squareRoot() + lift
        return canvas(x * forward + depth * sideways * 0.8, y - depth * upward * 0.45)
    }

    /// Returns a point on the outline of the head, which does not move when the head rotates.
    func rim(_ x: Double, _ y: Double) -> Point {
        canvas(x, y)
    }

    /// Returns a point next to or behind the head, which moves against the rotation.
    func behind(_ x: Double, _ y: Double) -> Point {
        canvas(x - sideways * 0.22, y + upward * 0.12)
    }

    /// Returns the apparent width of an object at `x` relative to its width when it faces the camera.
    func foreshortening(at x: Double) -> Double {
        let depth = max(0.05, 1 - x * x).squareRoot()
        return min(1, max(0.55, depth * forward - x * sideways) / max(0.6, depth))
    }

    /// Converts half widths to pixels.
    func width(_ share: Double) -> Double { share * shape.halfWidth }

    private func canvas(_ x: Double, _ y: Double) -> Point {
        Point(Self.centre.x + x * shape.halfWidth, Self.centre.y + y * shape.halfHeight)
    }

    /// The outline of skull and jaw.
    var outline: Outline {
        let right = [
            (0.5, -0.9), (0.87, -0.55), (1, -0.1), (0.97, 0.25), (shape.jaw + 0.1, 0.55), (shape.jaw * 0.83, 0.78),
            (shape.chin, 0.955),
        ]
        let points =
            [rim(0, -1)] + right.map { rim($0.0, $0.1) } + [rim(0, 1)] + right.reversed().map { rim(-$0.0, $0.1) }
        return Outline(smooth: points)
    }
}

/// Ears, skull and jaw.
struct Head {
    let volunteer: DemoVolunteer
    let space: HeadSpace

    /// Returns the position of an ear lobe. `side` is −1 or 1.
    func lobe(_ side: Double) -> Point { space.behind(side * 1.06, 0.26) }

    func drawEars(in drawing: inout Drawing) {
        for side in [-1.0, 1] {
            let ear = space.behind(side * 1.02, 0.05)
            drawing.ellipse(
                ear, space.width(volunteer.earSize * 0.75), space.width(volunteer.earSize * 1.45), rotated: side * 8,
                .fill(volunteer.skin.darker(0.08)).outlined(volunteer.skin.darker(0.3), 1))
            drawing.ellipse(
                ear.moved(side * 1.5, 0), space.width(volunteer.earSize * 0.35), space.width(volunteer.earSize * 0.85),
                rotated: side * 8, .fill(volunteer.skin.darker(0.3), 0.6))
        }
    }

    func drawSkull(in drawing: inout Drawing) {
        drawing.draw(space.outline, .fill(volunteer.skin).outlined(volunteer.skin.darker(0.22), 1.2))
        drawing.clipped(to: space.outline) {
            let shade = $0.gradient(
                from: (volunteer.skin.lighter(0.35), 0.35), to: (volunteer.skin.darker(0.5), 0.32),
                start: Point(0.3, 0),
                end: Point(0.7, 1))
            $0.cover(shade)
        }
    }
}

/// Neck, shoulders and shirt, which do not move when the head rotates or tilts.
struct Body {
    let volunteer: DemoVolunteer
    let conditions: PhotoConditions

    /// The middle of the throat.
    static let throat = Point(120, 237)
    /// The point around which the head tilts.
    static let tiltCentre = Point(120, 222)

    func draw(in drawing: inout Drawing) {
        let half = volunteer.head.halfWidth * 0.52
        let neck = Outline(straight: [
            Point(120 - half, 190), Point(120 + half, 190), Point(120 + half, 246), Point(120 + half + 14, 262),
            Point(120, 282), Point(120 - half - 14, 262), Point(120 - half, 246),
        ])
        drawing.draw(neck, .fill(volunteer.skin.darker(0.14)))
        drawing.clipped(to: neck) {
            $0.ellipse(Point(120, 214), half * 1.3, 22, .fill(volunteer.skin.darker(0.45), 0.45))
        }
        let (left, right) = (120 - half - 12, 120 + half + 12)
        let collar = [
            Point(left, 252), Point(120 - half * 0.6, 267), Point(120, 275), Point(120 + half * 0.6, 267),
            Point(right, 252),
        ]
        let shoulders = [
            Point(182, 266), Point(214, 284), Point(232, 320), Point(238, 390), Point(2, 390), Point(8, 320),
            Point(26, 284), Point(58, 266),
        ]
        drawing.draw(Outline(smooth: collar + shoulders), .fill(conditions.shirt))
        drawing.draw(Outline(smooth: collar, closed: false), .line(conditions.shirt.darker(0.3), 4))
    }
}
