/// What is behind the sitter: a place, seen out of focus.
struct Backdrop {
    let shot: Shot

    func draw(in drawing: inout Drawing) {
        var dice = Dice("backdrop", shot.luck)
        let (top, bottom) = colours
        let wash = drawing.gradient(
            from: (top, 1), to: (bottom, 1), start: Point(dice.between(0, 0.4), 0), end: Point(dice.between(0.6, 1), 1))
        drawing.cover(wash)
        switch shot.place {
        case .studio: break
        case .office: panes(&drawing, &dice)
        case .garden: leaves(&drawing, &dice)
        case .library: books(&drawing, &dice)
        }
    }

    private var colours: (Colour, Colour) {
        switch shot.place {
        case .studio: (Colour(0xc9ced6), Colour(0x8c95a3))
        case .office: (Colour(0xe8e2d6), Colour(0xb9ae9c))
        case .garden: (Colour(0xb9d9ee), Colour(0x7da35c))
        case .library: (Colour(0x8a6a4c), Colour(0x4f3b2c))
        }
    }

    /// A window of four panes somewhere behind.
    private func panes(_ drawing: inout Drawing, _ dice: inout Dice) {
        let left = dice.between(-50, 150)
        let top = dice.between(-20, 40)
        for (column, row) in [(0.0, 0.0), (1, 0), (0, 1), (1, 1)] {
            let corner = Point(left + column * 58, top + row * 84)
            drawing.draw(
                Outline(straight: [corner, corner.moved(52, 0), corner.moved(52, 78), corner.moved(0, 78)]),
                .fill(Colour(0xd7e8f2), 0.85))
        }
    }

    private func leaves(_ drawing: inout Drawing, _ dice: inout Dice) {
        for _ in 0..<16 {
            let green = Colour(0x5f8f45).mixed(with: Colour(0x9cc06a), dice.share())
            drawing.circle(
                Point(dice.between(-20, 260), dice.between(90, 320)), dice.between(18, 52), .fill(green, 0.55))
        }
    }

    private func books(_ drawing: inout Drawing, _ dice: inout Dice) {
        for shelf in stride(from: -10.0, to: 330, by: 84) {
            var left = dice.between(-20, 0)
            while left < 250 {
                let width = dice.between(9, 22)
                let height = dice.between(50, 72)
                let corner = Point(left, shelf + 76 - height)
                drawing.draw(
                    Outline(straight: [
                        corner, corner.moved(width, 0), corner.moved(width, height), corner.moved(0, height),
                    ]),
                    .fill(dice.pick(Palette.shirts).darker(0.35), 0.8))
                left += width + dice.between(0.5, 4)
            }
        }
    }
}
