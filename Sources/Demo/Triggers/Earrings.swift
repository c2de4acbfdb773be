/// A pair of golden hoops with a bright stone.
struct Earrings {
    let stage: Stage

    func draw(in drawing: inout Drawing) {
        let head = Head(sitter: stage.sitter, space: stage.space)
        for side in [-1.0, 1] {
            let lobe = head.lobe(side)
            drawing.circle(lobe.moved(0, 11), 9.5, .line(Colour(0xe0aa1e), 4))
            drawing.circle(lobe.moved(0, 11), 10.8, .line(Colour(0x8a6410), 0.9))
            drawing.circle(lobe, 3.2, .fill(Colour(0xfff2b8)).outlined(Colour(0x8a6410), 0.8))
        }
    }
}
