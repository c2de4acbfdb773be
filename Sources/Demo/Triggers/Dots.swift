/// Small round stickers in four colours, on forehead, cheeks and chin, or on the throat.
struct Dots {
    let stage: Stage

    private static let colours = [0x1f6fd0, 0xf2c218, 0x2fa24c, 0xe0402f, 0x1f6fd0].map { Colour($0) }
    private static let face = [
        Point(0.02, -0.34), Point(-0.56, 0.2), Point(0.55, 0.22), Point(-0.47, 0.6), Point(0.3, 0.8),
    ]

    func draw(_ placement: Placement, in drawing: inout Drawing) {
        var dice = Dice("dots", stage.shot.luck)
        for (index, colour) in Self.colours.enumerated() {
            let place = Self.face[index]
            let (dx, dy) = (dice.wobble(0.05), dice.wobble(0.05))
            let centre =
                placement == .onFace
                ? stage.space.on(place.x + dx, place.y + dy)
                : Body.throat.moved(Double(index - 2) * 11 + dx * 40, Double(index & 1) * 11 + dy * 40)
            let squeeze = placement == .onFace ? stage.space.foreshortening(at: place.x) : 1
            drawing.ellipse(centre, 5.6 * squeeze, 5.6, .fill(colour).outlined(colour.darker(0.3), 0.8))
            drawing.circle(centre.moved(-1.6, -1.8), 1.3, .fill(.white, 0.55))
        }
    }
}
