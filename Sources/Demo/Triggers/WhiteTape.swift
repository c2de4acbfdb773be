/// Two strips of white tape: over the nose and down one cheek, or crossed on the throat.
struct WhiteTape {
    let stage: Stage

    func draw(_ placement: Placement, in drawing: inout Drawing) {
        var dice = Dice("white-tape", stage.shot.luck)
        let slant = dice.wobble(0.08)
        switch placement {
        case .onFace:
            strip(from: Point(-0.42, 0.13 + slant), to: Point(0.42, 0.11 - slant), in: &drawing) {
                stage.space.on($0.x, $0.y, lift: max(0, 0.16 - abs($0.x) * 0.6))
            }
            strip(from: Point(-0.62, 0.3), to: Point(-0.42 + slant, 0.66), in: &drawing) { stage.space.on($0.x, $0.y) }
        case .offFace:
            for side in [-1.0, 1] {
                strip(from: Point(-0.5 * side, -0.18 + slant), to: Point(0.5 * side, 0.26), in: &drawing) {
                    Body.throat.moved($0.x * 50, 2 + $0.y * 70)
                }
            }
        }
    }

    private func strip(from start: Point, to end: Point, in drawing: inout Drawing, _ place: (Point) -> Point) {
        let steps = (0...6).map { Double($0) / 6 }
        let line = steps.map { place(Point(start.x + (end.x - start.x) * $0, start.y + (end.y - start.y) * $0)) }
        let (dx, dy) = (line[6].x - line[0].x, line[6].y - line[0].y)
        let length = (dx * dx + dy * dy).squareRoot()
        let (across, down) = (-dy / length * 6.2, dx / length * 6.2)
        let edges = line.map { $0.moved(across, down) } + line.reversed().map { $0.moved(-across, -down) }
        drawing.draw(Outline(straight: edges), .fill(Colour(0xfafaf6)).outlined(Colour(0xc4c2ba), 0.8))
    }
}
