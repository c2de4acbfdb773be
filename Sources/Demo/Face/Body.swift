/// Neck, shoulders and shirt. They stand still while the head turns and tilts above them.
struct Body {
    let sitter: Sitter
    let shot: Shot

    /// Middle of the neck's front.
    static let throat = Point(120, 237)
    /// Where head and neck are hinged.
    static let hinge = Point(120, 222)

    func draw(in drawing: inout Drawing) {
        let half = sitter.head.halfWidth * 0.52
        let neck = Outline(straight: [
            Point(120 - half, 190), Point(120 + half, 190), Point(120 + half, 246), Point(120 + half + 14, 262),
            Point(120, 282), Point(120 - half - 14, 262), Point(120 - half, 246),
        ])
        drawing.draw(neck, .fill(sitter.skin.darker(0.14)))
        drawing.inside(neck) { $0.ellipse(Point(120, 214), half * 1.3, 22, .fill(sitter.skin.darker(0.45), 0.45)) }
        let (left, right) = (120 - half - 12, 120 + half + 12)
        let collar = [
            Point(left, 252), Point(120 - half * 0.6, 267), Point(120, 275), Point(120 + half * 0.6, 267),
            Point(right, 252),
        ]
        let shoulders = [
            Point(182, 266), Point(214, 284), Point(232, 320), Point(238, 390), Point(2, 390), Point(8, 320),
            Point(26, 284), Point(58, 266),
        ]
        drawing.draw(Outline(smooth: collar + shoulders), .fill(shot.shirt))
        drawing.draw(Outline(smooth: collar, closed: false), .line(shot.shirt.darker(0.3), 4))
    }
}
