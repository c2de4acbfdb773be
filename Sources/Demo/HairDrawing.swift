import Foundation

/// The hair and the beard of a volunteer.
struct HairDrawing {
    let volunteer: DemoVolunteer
    let space: HeadSpace

    private var colour: Colour { volunteer.hairColour }

    /// Draws the hair behind the head.
    func drawBack(in drawing: inout Drawing) {
        switch volunteer.hair {
        case .afro:
            for step in 0..<14 {
                let angle = Double.pi * (0.93 + 1.14 * Double(step) / 13)
                drawing.circle(
                    space.behind(1.12 * cos(angle), -0.28 + 0.95 * sin(angle)), space.width(0.46), .fill(colour))
            }
        case .bob: fall(to: 0.82, width: 1.3, &drawing)
        case .long: fall(to: 1.75, width: 1.28, &drawing)
        case .fringe: fall(to: 1.1, width: 1.2, &drawing)
        case .bun:
            drawing.circle(
                space.behind(0.05, -1.28), space.width(0.36),
                .fill(colour.darker(0.1)).outlined(colour.darker(0.35), 1.4))
        default: break
        }
    }

    private func fall(to bottom: Double, width: Double, _ drawing: inout Drawing) {
        let side = [(0.7, -1.0), (width * 0.95, -0.5), (width, 0.1), (width, bottom * 0.7), (width * 0.86, bottom)]
        let points =
            [space.behind(0, -1.14)] + side.map { space.behind($0.0, $0.1) } + [space.behind(0, bottom * 0.96)]
            + side.reversed().map { space.behind(-$0.0, $0.1) }
        drawing.draw(Outline(smooth: points), .fill(colour.darker(0.18)))
    }

    /// Draws the hair on the skull and the forehead.
    func drawFront(in drawing: inout Drawing) {
        switch volunteer.hair {
        case .bald:
            drawing.ellipse(
                space.on(-0.25, -0.72), space.width(0.3), space.width(0.12), rotated: -14, .fill(.white, 0.22))
        case .buzz:
            cap(
                rise: 0.02, sides: 0.0, line: [(-0.7, -0.5), (-0.35, -0.62), (0, -0.64), (0.35, -0.62), (0.7, -0.5)],
                ink: .fill(colour, 0.82), &drawing)
        case .short:
            cap(
                rise: 0.1, sides: 0.06, line: [(-0.72, -0.42), (-0.4, -0.6), (0, -0.56), (0.4, -0.62), (0.72, -0.42)],
                &drawing)
        case .parted:
            cap(
                rise: 0.14, sides: 0.05,
                line: [(-0.74, -0.36), (-0.45, -0.6), (-0.3, -0.74), (0.2, -0.56), (0.74, -0.32)], &drawing)
        case .spiky:
            cap(
                rise: 0.03, sides: 0.03,
                line: [(-0.72, -0.44), (-0.36, -0.58), (0, -0.62), (0.36, -0.58), (0.72, -0.44)], &drawing)
            for step in -5...5 {
                let x = Double(step) / 5.6
                let y = -(1.02 - 0.42 * x * x)
                let tip = space.rim(x * 1.26, y - 0.24 + 0.05 * Double(step & 1))
                drawing.draw(
                    Outline(straight: [space.rim(x - 0.15, y + 0.16), tip, space.rim(x + 0.15, y + 0.16)]),
                    .fill(colour))
            }
        case .curly:
            cap(
                rise: 0.02, sides: 0.02,
                line: [(-0.72, -0.45), (-0.36, -0.66), (0, -0.7), (0.36, -0.66), (0.72, -0.45)], ink: .fill(colour),
                &drawing)
            for step in 0..<11 {
                let angle = Double.pi * (1.04 + 0.92 * Double(step) / 10)
                drawing.circle(
                    space.rim(0.92 * cos(angle), -0.12 + 0.9 * sin(angle)), space.width(0.24),
                    .fill((step & 1) == 0 ? colour : colour.lighter(0.1)))
            }
            for step in -3...3 {
                drawing.circle(
                    space.on(Double(step) * 0.2, -0.74 + 0.02 * Double(step * step)), space.width(0.19),
                    .fill((step & 1) == 0 ? colour.lighter(0.06) : colour))
            }
        case .afro:
            cap(
                rise: 0.12, sides: 0.1, line: [(-0.72, -0.34), (-0.5, -0.56), (0, -0.63), (0.5, -0.56), (0.72, -0.34)],
                ink: .fill(colour), &drawing)
        case .bob:
            cap(
                rise: 0.14, sides: 0.14, line: [(-0.78, -0.2), (-0.6, -0.5), (0.15, -0.78), (0.6, -0.5), (0.78, -0.2)],
                &drawing)
            locks(to: 0.55, &drawing)
        case .long:
            cap(
                rise: 0.13, sides: 0.12, line: [(-0.8, -0.1), (-0.55, -0.5), (0, -0.82), (0.55, -0.5), (0.8, -0.1)],
                &drawing)
            locks(to: 0.95, &drawing)
        case .bun:
            cap(
                rise: 0.08, sides: 0.05,
                line: [(-0.74, -0.4), (-0.45, -0.63), (0, -0.68), (0.45, -0.63), (0.74, -0.4)], &drawing)
        case .fringe:
            cap(
                rise: 0.13, sides: 0.12,
                line: [
                    (-0.8, -0.16), (-0.62, -0.32), (-0.3, -0.29), (0, -0.31), (0.3, -0.29), (0.62, -0.32), (0.8, -0.16),
                ], &drawing)
            locks(to: 0.75, &drawing)
        }
    }

    /// Draws hair from ear to ear over the skull, down to the hairline `line`.
    private func cap(rise: Double, sides: Double, line: [(Double, Double)], ink: Ink? = nil, _ drawing: inout Drawing) {
        let skull = [(-1.0, -0.08), (-0.94, -0.5), (-0.58, -0.9), (0, -1.0), (0.58, -0.9), (0.94, -0.5), (1.0, -0.08)]
        let over = skull.map { space.rim($0.0 * (1 + sides), $0.1 - rise * max(0, -$0.1)) }
        let hairline = line.reversed().map { space.on($0.0, $0.1) }
        let outline = Outline(smooth: over + [space.rim(0.93, -0.04)] + hairline + [space.rim(-0.93, -0.04)])
        drawing.draw(outline, ink ?? .fill(colour).outlined(colour.darker(0.25), 1))
        guard ink == nil else { return }
        drawing.draw(
            Outline(
                smooth: [
                    space.rim(-0.6, -0.72 - rise), space.rim(-0.2, -0.88 - rise * 0.6),
                    space.rim(0.3, -0.84 - rise * 0.6),
                ], closed: false), .line(colour.lighter(0.4), 4, 0.35))
    }

    /// Draws a lock at each side of the face.
    private func locks(to bottom: Double, _ drawing: inout Drawing) {
        for side in [-1.0, 1] {
            let points = [
                (0.86, -0.5), (0.82, -0.1), (0.92, bottom * 0.6), (0.98, bottom), (1.22, bottom), (1.2, -0.1),
                (1.05, -0.5),
            ]
            drawing.draw(Outline(smooth: points.map { space.rim(side * $0.0, $0.1) }), .fill(colour))
        }
    }

    /// Draws beard and moustache. The mouth is drawn over them.
    func drawBeard(in drawing: inout Drawing) {
        let ink = Ink.fill(colour.darker(0.1), 0.92)
        switch volunteer.facialHair {
        case .none: break
        case .beard:
            let jaw = volunteer.head.jaw
            let below = [
                (1.0, 0.0), (0.99, 0.25), (jaw + 0.13, 0.57), (jaw * 0.87, 0.82), (volunteer.head.chin, 1.01),
                (0, 1.06),
            ]
            let above = [(0.84, 0.1), (0.66, 0.36), (0.44, 0.43), (0, 0.42)]
            let right = below.map { space.rim($0.0, $0.1) }
            let left = below.reversed().map { space.rim(-$0.0, $0.1) }
            let cheek = above.map { space.on(-$0.0, $0.1) } + above.reversed().dropFirst().map { space.on($0.0, $0.1) }
            drawing.draw(Outline(smooth: right + left.dropFirst() + cheek), ink)
        case .moustache: moustache(ink, &drawing)
        case .goatee:
            moustache(ink, &drawing)
            drawing.draw(
                Outline(
                    smooth: [
                        (-0.34, 0.5), (-0.3, 0.82), (0, 1.03), (0.3, 0.82), (0.34, 0.5), (0.22, 0.72), (0, 0.76),
                        (-0.22, 0.72),
                    ].map { space.on($0.0, $0.1) }), ink)
        }
    }

    private func moustache(_ ink: Ink, _ drawing: inout Drawing) {
        let points = [
            (-0.42, 0.55), (-0.22, 0.42), (0, 0.43), (0.22, 0.42), (0.42, 0.55), (0.2, 0.52), (0, 0.5), (-0.2, 0.52),
        ]
        drawing.draw(Outline(smooth: points.map { space.on($0.0, $0.1, lift: 0.06) }), ink)
    }
}
