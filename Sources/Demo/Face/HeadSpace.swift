import Foundation

/// From places on a head to places on the canvas, for one sitter in one pose.
///
/// Places are in half widths and half heights about the head's middle: x to the right of the picture, y downward, (0, 1) the chin. The head's tilt, shift and scale
/// are not in here: the whole head is moved by them once it is drawn.
struct HeadSpace {
    /// Where the middle of every head is drawn.
    static let middle = Point(120, 150)

    let shape: HeadShape
    private let sideways, forward, upward: Double

    init(_ sitter: Sitter, _ pose: Shot.Pose) {
        shape = sitter.head
        (sideways, forward, upward) = (sin(pose.turn), cos(pose.turn), sin(pose.nod))
    }

    /// A place on the skin, which turns with the head: what stands out further moves further. `lift` is how far it stands out beyond the skin.
    func on(_ x: Double, _ y: Double, lift: Double = 0) -> Point {
        let depth = max(0, 1 - x * x - 0.7 * y * y).squareRoot() + lift
        return canvas(x * forward + depth * sideways * 0.8, y - depth * upward * 0.45)
    }

    /// A place on the outline, which stays where it is however the head turns.
    func rim(_ x: Double, _ y: Double) -> Point {
        canvas(x, y)
    }

    /// A place beside or behind the head, which moves against the turn.
    func behind(_ x: Double, _ y: Double) -> Point {
        canvas(x - sideways * 0.22, y + upward * 0.12)
    }

    /// How much narrower something at `x` looks for being turned away, 1 where it faces the camera.
    func foreshortening(at x: Double) -> Double {
        let depth = max(0.05, 1 - x * x).squareRoot()
        return min(1, max(0.55, depth * forward - x * sideways) / max(0.6, depth))
    }

    /// Pixels in `share` half widths.
    func width(_ share: Double) -> Double { share * shape.halfWidth }

    private func canvas(_ x: Double, _ y: Double) -> Point {
        Point(Self.middle.x + x * shape.halfWidth, Self.middle.y + y * shape.halfHeight)
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
