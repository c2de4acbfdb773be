import Foundation

/// A star, drawn with a pen or filled in, on the cheek or on the throat.
struct Tattoo {
    let stage: Stage
    let isFilled: Bool

    private static let pen = Colour(0x14203c)

    func draw(_ placement: Placement, in drawing: inout Drawing) {
        var dice = Dice("tattoo", stage.shot.luck)
        let lean = dice.wobble(0.16)
        func place(_ x: Double, _ y: Double) -> Point {
            switch placement {
            case .onFace: stage.space.on(0.54 + x * 0.3, 0.31 + y * 0.24)
            case .offFace: Body.throat.moved(x * 17, 2 + y * 17)
            }
        }
        func ring(_ radius: Double, _ start: Double, _ count: Int) -> [Point] {
            (0..<count).map { index in
                let angle = start + lean + 2 * .pi * Double(index) / Double(count)
                return place(radius * sin(angle), -radius * cos(angle))
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
