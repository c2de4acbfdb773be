/// One pair of black sunglasses that everybody wears in turn: before the eyes, pushed up into the hair, or hung into the collar.
struct Sunglasses {
    let stage: Stage

    private static let frame = Colour(0x0d0d10)

    func draw(_ placement: Placement, in drawing: inout Drawing) {
        var dice = Dice("sunglasses", stage.shot.luck)
        let slip = dice.wobble(0.04)
        switch placement {
        case .onFace:
            temples(at: -0.1 + slip, &drawing)
            pair(in: &drawing) { stage.space.on($0 * 0.98, -0.03 + slip + $1 * 0.78, lift: 0.14) }
        case .offFace where dice.chance(0.5):
            pair(in: &drawing) { stage.space.on($0 * 0.8, -0.8 + slip + $1 * 0.5, lift: 0.1) }
        case .offFace:
            let width = stage.space.width(0.62)
            pair(in: &drawing) { Body.throat.moved($0 * width, 24 + $1 * width) }
        }
    }

    /// Two lenses and a bridge; `place` puts them: x from −1 to 1 across both, y beside them.
    private func pair(in drawing: inout Drawing, _ place: (Double, Double) -> Point) {
        for side in [-1.0, 1] {
            let rim = [
                (0.1, -0.2), (0.5, -0.27), (0.92, -0.25), (0.98, -0.1), (0.88, 0.2), (0.62, 0.31), (0.32, 0.28),
                (0.13, 0.08),
            ]
            let lens = Outline(smooth: rim.map { place(side * $0.0, $0.1) })
            drawing.draw(lens, .fill(Colour(0x1b1b22)).outlined(Self.frame, 4))
        }
        drawing.draw(
            Outline(straight: [place(0.3, -0.16), place(0.52, -0.17), place(0.4, 0.12), place(0.24, 0.06)]),
            .fill(.white, 0.2))
        drawing.draw(
            Outline(smooth: [place(-0.14, -0.14), place(0, -0.19), place(0.14, -0.14)], closed: false),
            .line(Self.frame, 4.5))
    }

    private func temples(at y: Double, _ drawing: inout Drawing) {
        for side in [-1.0, 1] {
            drawing.draw(
                Outline(
                    straight: [
                        stage.space.on(side * 0.94, y - 0.08, lift: 0.14), stage.space.behind(side * 1.02, y - 0.02),
                    ], closed: false), .line(Self.frame, 4))
        }
    }
}
