/// A red cloth with white spots: bound round the forehead, or knotted round the neck.
struct Bandana {
    let stage: Stage

    private static let cloth = Colour(0xb3202c)

    func draw(_ placement: Placement, in drawing: inout Drawing) {
        switch placement {
        case .onFace: band(&drawing)
        case .offFace: scarf(&drawing)
        }
    }

    private func band(_ drawing: inout Drawing) {
        let space = stage.space
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
        drawing.inside(outline) {
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
        let half = stage.sitter.head.halfWidth * 0.58
        let middle = Body.throat
        let points = [
            middle.moved(-half, -8), middle.moved(-half * 0.4, -1), middle.moved(half * 0.4, -1),
            middle.moved(half, -8), middle.moved(half + 13, 16), middle.moved(0, 58), middle.moved(-half - 13, 16),
        ]
        let outline = Outline(straight: points)
        drawing.draw(outline, .fill(Self.cloth).outlined(Self.cloth.darker(0.4), 1.2))
        drawing.inside(outline) {
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
