/// Ears, skull and jaw.
struct Head {
    let sitter: Sitter
    let space: HeadSpace

    /// The lobes, where an earring hangs.
    func lobe(_ side: Double) -> Point { space.behind(side * 1.06, 0.26) }

    func drawEars(in drawing: inout Drawing) {
        for side in [-1.0, 1] {
            let ear = space.behind(side * 1.02, 0.05)
            drawing.ellipse(
                ear, space.width(sitter.earSize * 0.75), space.width(sitter.earSize * 1.45), turned: side * 8,
                .fill(sitter.skin.darker(0.08)).outlined(sitter.skin.darker(0.3), 1))
            drawing.ellipse(
                ear.moved(side * 1.5, 0), space.width(sitter.earSize * 0.35), space.width(sitter.earSize * 0.85),
                turned: side * 8, .fill(sitter.skin.darker(0.3), 0.6))
        }
    }

    func drawSkull(in drawing: inout Drawing) {
        drawing.draw(space.outline, .fill(sitter.skin).outlined(sitter.skin.darker(0.22), 1.2))
        drawing.inside(space.outline) {
            let shade = $0.gradient(
                from: (sitter.skin.lighter(0.35), 0.35), to: (sitter.skin.darker(0.5), 0.32), start: Point(0.3, 0),
                end: Point(0.7, 1))
            $0.cover(shade)
        }
    }
}
