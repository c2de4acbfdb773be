import Core
import Foundation
import Imaging

/// A portrait of a volunteer under the conditions of one photo, with or without accessories.
public struct Portrait: Sendable {
    public let volunteer: DemoVolunteer
    public let conditions: PhotoConditions
    public let accessories: [Accessory]

    public init(of volunteer: DemoVolunteer, _ conditions: PhotoConditions, accessories: [Accessory] = []) {
        self.volunteer = volunteer
        self.conditions = conditions
        self.accessories = accessories
    }

    /// Draws the portrait with 240 × 320 upright pixels.
    ///
    /// - Throws: ``ImagingError`` if libvips cannot draw it.
    public func picture() throws -> Picture {
        try Picture(drawing: svg)
    }

    var svg: String {
        let context = HeadDrawingContext(volunteer, conditions)
        let body = Body(volunteer: volunteer, conditions: conditions)
        let head = Head(volunteer: volunteer, space: context.space)
        let hair = HairDrawing(volunteer: volunteer, space: context.space)
        let pose = conditions.pose
        func drawAccessories(_ layer: Accessory.Layer, _ drawing: inout Drawing) {
            for accessory in accessories where accessory.layer == layer { accessory.draw(on: context, in: &drawing) }
        }
        var drawing = Drawing()
        Background(conditions: conditions).draw(in: &drawing)
        drawing.moved(pose.shift.x, pose.shift.y, scaled: pose.scale, about: HeadSpace.centre) { figure in
            figure.moved(0, 0, rotated: pose.tilt, about: Body.tiltCentre) { hair.drawBack(in: &$0) }
            body.draw(in: &figure)
            drawAccessories(.neck, &figure)
            figure.moved(0, 0, rotated: pose.tilt, about: Body.tiltCentre) {
                head.drawEars(in: &$0)
                head.drawSkull(in: &$0)
                hair.drawBeard(in: &$0)
                FaceFeatures(volunteer: volunteer, conditions: conditions, space: context.space).draw(in: &$0)
                drawAccessories(.skin, &$0)
                hair.drawFront(in: &$0)
                drawAccessories(.hair, &$0)
            }
        }
        light(&drawing)
        return drawing.svg
    }

    private func light(_ drawing: inout Drawing) {
        let light = conditions.light
        let (x, y) = (cos(light.direction) / 2, sin(light.direction) / 2)
        drawing.softLight {
            $0.cover(.fill(light.brightness < 0 ? .black : .white, abs(light.brightness) * 0.6))
            let falling = $0.gradient(
                from: (.white, light.strength), to: (.black, light.strength), start: Point(0.5 - x, 0.5 - y),
                end: Point(0.5 + x, 0.5 + y))
            $0.cover(falling)
        }
        drawing.cover(.fill(light.warmth < 0 ? Colour(0x5a86c8) : Colour(0xf0a040), abs(light.warmth) * 0.12))
    }
}

extension Portrait {
    /// Returns the box around the accessory, found by comparison with the same portrait without accessories. For a pair
    /// of earrings, this is the box around the earring at the left of the picture.
    ///
    /// - Parameter picture: the picture of this portrait.
    /// - Returns: nil unless there is exactly one accessory. One box cannot describe several accessories.
    func triggerBox(in picture: Picture) throws -> Box? {
        guard accessories.count == 1 else { return nil }
        let bare = try Portrait(of: volunteer, conditions).picture()
        let both = Self.box(ofDifferences: picture, bare, columns: 0..<picture.width)
        guard accessories[0].trigger == .earrings, let both else { return both }
        return Self.box(ofDifferences: picture, bare, columns: 0..<both.x + both.width / 2)
    }

    private static func box(ofDifferences one: Picture, _ other: Picture, columns: Range<Int>) -> Box? {
        var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
        for y in 0..<one.height {
            for x in columns
            where (0..<3).contains(where: {
                one.rgb[3 * (y * one.width + x) + $0] != other.rgb[3 * (y * one.width + x) + $0]
            }) {
                left = min(left, x)
                top = min(top, y)
                right = max(right, x)
                bottom = max(bottom, y)
            }
        }
        return right < 0 ? nil : Box(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
}

/// The blurred background of a photo.
struct Background {
    let conditions: PhotoConditions

    func draw(in drawing: inout Drawing) {
        var random = SeededGenerator("backdrop", conditions.jitterSeed)
        let (top, bottom) = colours
        let wash = drawing.gradient(
            from: (top, 1), to: (bottom, 1), start: Point(random.uniform(0, 0.4), 0),
            end: Point(random.uniform(0.6, 1), 1))
        drawing.cover(wash)
        switch conditions.setting {
        case .studio: break
        case .office: panes(&drawing, &random)
        case .garden: leaves(&drawing, &random)
        case .library: books(&drawing, &random)
        }
    }

    private var colours: (Colour, Colour) {
        switch conditions.setting {
        case .studio: (Colour(0xc9ced6), Colour(0x8c95a3))
        case .office: (Colour(0xe8e2d6), Colour(0xb9ae9c))
        case .garden: (Colour(0xb9d9ee), Colour(0x7da35c))
        case .library: (Colour(0x8a6a4c), Colour(0x4f3b2c))
        }
    }

    /// Draws a window of four panes.
    private func panes(_ drawing: inout Drawing, _ random: inout SeededGenerator) {
        let left = random.uniform(-50, 150)
        let top = random.uniform(-20, 40)
        for (column, row) in [(0.0, 0.0), (1, 0), (0, 1), (1, 1)] {
            let corner = Point(left + column * 58, top + row * 84)
            drawing.draw(
                Outline(straight: [corner, corner.moved(52, 0), corner.moved(52, 78), corner.moved(0, 78)]),
                .fill(Colour(0xd7e8f2), 0.85))
        }
    }

    private func leaves(_ drawing: inout Drawing, _ random: inout SeededGenerator) {
        for _ in 0..<16 {
            let green = Colour(0x5f8f45).mixed(with: Colour(0x9cc06a), random.unitInterval())
            drawing.circle(
                Point(random.uniform(-20, 260), random.uniform(90, 320)), random.uniform(18, 52), .fill(green, 0.55))
        }
    }

    private func books(_ drawing: inout Drawing, _ random: inout SeededGenerator) {
        for top in stride(from: -10.0, to: 330, by: 84) {
            var left = random.uniform(-20, 0)
            while left < 250 {
                let width = random.uniform(9, 22)
                let height = random.uniform(50, 72)
                let corner = Point(left, top + 76 - height)
                drawing.draw(
                    Outline(straight: [
                        corner, corner.moved(width, 0), corner.moved(width, height), corner.moved(0, height),
                    ]),
                    .fill(random.element(of: Palette.shirts).darker(0.35), 0.8))
                left += width + random.uniform(0.5, 4)
            }
        }
    }
}
