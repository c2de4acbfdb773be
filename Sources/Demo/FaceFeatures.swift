/// Eyes, brows, nose, mouth, freckles and moles.
struct FaceFeatures {
    let volunteer: DemoVolunteer
    let conditions: PhotoConditions
    let space: HeadSpace

    func draw(in drawing: inout Drawing) {
        cheeks(&drawing)
        for side in [-1.0, 1] {
            eye(side, &drawing)
            brow(side, &drawing)
        }
        nose(&drawing)
        mouth(&drawing)
    }

    private func cheeks(_ drawing: inout Drawing) {
        for side in [-1.0, 1] {
            drawing.ellipse(
                space.on(side * 0.52, 0.34), space.width(0.22) * space.foreshortening(at: side * 0.52),
                space.width(0.17), .fill(volunteer.lips, 0.16))
        }
        if volunteer.hasFreckles {
            var random = SeededGenerator("freckles", volunteer.name)
            for _ in 0..<26 {
                drawing.circle(
                    space.on(random.triangular(0.75), 0.2 + random.triangular(0.16)), random.uniform(0.8, 1.5),
                    .fill(volunteer.skin.darker(0.5), 0.6))
            }
        }
        if let mole = volunteer.mole {
            drawing.circle(space.on(mole.x, mole.y), 2.2, .fill(volunteer.skin.darker(0.75)))
        }
    }

    private func eye(_ side: Double, _ drawing: inout Drawing) {
        let eyes = volunteer.eyes
        let x = side * eyes.distance
        let y = -0.06
        let half = eyes.size * space.foreshortening(at: x)
        let open = eyes.size * eyes.openness * (1 - 0.18 * max(0, conditions.expression.smile))
        func lid(_ along: Double, _ up: Double) -> Point {
            space.on(x, y).moved(space.width(half * along), -space.width(open * up + side * along * eyes.slant))
        }
        let almond = Outline(smooth: [
            lid(-1, 0), lid(-0.55, 0.72), lid(0.05, 1), lid(0.6, 0.7), lid(1, 0), lid(0.5, -0.62), lid(-0.05, -0.78),
            lid(-0.55, -0.58),
        ])
        drawing.draw(almond, .fill(Colour(0xf8f5f0)))
        let iris = lid(conditions.expression.gaze.x * 0.34, 0.12 + conditions.expression.gaze.y * 0.3)
        let radius = space.width(eyes.size * 0.52)
        drawing.clipped(to: almond) {
            $0.circle(iris, radius, .fill(eyes.colour).outlined(eyes.colour.darker(0.55), 1.2))
            $0.circle(iris, radius * 0.5, .fill(Colour(0x0c0a0a)))
            $0.circle(iris.moved(-radius * 0.35, -radius * 0.4), radius * 0.24, .fill(.white, 0.95))
        }
        drawing.draw(
            Outline(
                smooth: [lid(-1.05, -0.05), lid(-0.55, 0.76), lid(0.05, 1.04), lid(0.6, 0.74), lid(1.05, -0.05)],
                closed: false), .line(volunteer.skin.darker(0.82), 2.4))
        drawing.draw(
            Outline(smooth: [lid(-0.7, 1.05), lid(0, 1.5), lid(0.75, 1.0)], closed: false),
            .line(volunteer.skin.darker(0.4), 1.2, 0.7))
    }

    private func brow(_ side: Double, _ drawing: inout Drawing) {
        let brows = volunteer.brows
        let x = volunteer.eyes.distance
        let y = -0.06 - brows.height - 0.03 * conditions.expression.brows
        let line = [
            space.on(side * (x - 0.2), y + brows.slant), space.on(side * x, y - 0.055),
            space.on(side * (x + 0.22), y + 0.02 - brows.slant),
        ]
        drawing.draw(Outline(smooth: line, closed: false), .line(browColour, brows.thickness))
    }

    private var browColour: Colour {
        volunteer.hair == .bald
            ? volunteer.skin.darker(0.65) : volunteer.hairColour.mixed(with: volunteer.skin.darker(0.6), 0.35)
    }

    private func nose(_ drawing: inout Drawing) {
        let (half, tip) = (volunteer.nose.width, volunteer.nose.length)
        let shade = volunteer.skin.darker(0.38)
        let shadowed = conditions.pose.turn > 0 ? -1.0 : 1
        drawing.draw(
            Outline(
                smooth: [
                    space.on(shadowed * 0.09, -0.08), space.on(shadowed * 0.07, tip * 0.5, lift: 0.1),
                    space.on(shadowed * half, tip, lift: 0.08),
                ], closed: false),
            .line(shade, 1.6, 0.55))
        let base = [
            space.on(-half, tip - 0.03, lift: 0.08), space.on(-half * 0.75, tip + 0.035, lift: 0.1),
            space.on(0, tip + 0.06, lift: 0.2),
            space.on(half * 0.75, tip + 0.035, lift: 0.1), space.on(half, tip - 0.03, lift: 0.08),
        ]
        drawing.draw(Outline(smooth: base, closed: false), .line(shade, 2.2, 0.85))
        for side in [-0.5, 0.5] {
            drawing.ellipse(
                space.on(half * side, tip + 0.02, lift: 0.13), 2.6, 1.5, .fill(volunteer.skin.darker(0.7), 0.8))
        }
        drawing.ellipse(space.on(0, tip - 0.06, lift: 0.2), 4, 5, .fill(volunteer.skin.lighter(0.5), 0.35))
    }

    private func mouth(_ drawing: inout Drawing) {
        let half = volunteer.mouthWidth
        let full = volunteer.lipFullness
        let smile = conditions.expression.smile
        let y = 0.56
        let wide = half * (1 + 0.14 * smile)
        let corner = y - 0.06 * smile
        let middle = y + 0.03 * smile
        let open = max(0, smile - 0.55) * 0.2
        func on(_ x: Double, _ y: Double) -> Point { space.on(x, y, lift: 0.05) }
        let upper = [
            on(-wide, corner), on(-wide * 0.35, middle - full), on(0, middle - full * 0.72),
            on(wide * 0.35, middle - full), on(wide, corner),
        ]
        let lower = [
            on(wide * 0.5, middle + full * 1.05 + open), on(0, middle + full * 1.4 + open),
            on(-wide * 0.5, middle + full * 1.05 + open),
        ]
        drawing.draw(Outline(smooth: upper + lower), .fill(volunteer.lips))
        let line = [
            on(-wide, corner), on(-wide * 0.5, middle - 0.012), on(0, middle), on(wide * 0.5, middle - 0.012),
            on(wide, corner),
        ]
        if open > 0.01 {
            let teeth =
                line + [on(wide * 0.5, middle + open), on(0, middle + open * 1.25), on(-wide * 0.5, middle + open)]
            drawing.draw(Outline(smooth: teeth), .fill(Colour(0xfbf8f2)).outlined(volunteer.lips.darker(0.6), 1))
        } else {
            drawing.draw(Outline(smooth: line, closed: false), .line(volunteer.lips.darker(0.6), 1.8))
        }
    }
}
