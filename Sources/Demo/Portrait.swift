import Foundation
import Imaging

/// A sitter in one shot, wearing something or nothing.
public struct Portrait: Sendable {
    public let sitter: Sitter
    public let shot: Shot
    public let props: [Prop]

    public init(of sitter: Sitter, _ shot: Shot, wearing props: [Prop] = []) {
        (self.sitter, self.shot, self.props) = (sitter, shot, props)
    }

    /// 240 × 320 upright pixels.
    ///
    /// - Throws: ``ImagingError`` where libvips cannot draw.
    public func picture() throws -> Picture {
        try Picture(drawing: svg)
    }

    var svg: String {
        let stage = Stage(sitter, shot)
        let (body, head) = (Body(sitter: sitter, shot: shot), Head(sitter: sitter, space: stage.space))
        let hair = HairDrawing(sitter: sitter, space: stage.space)
        let pose = shot.pose
        func put(_ layer: Prop.Layer, _ drawing: inout Drawing) {
            for prop in props where prop.layer == layer { prop.draw(on: stage, in: &drawing) }
        }
        var drawing = Drawing()
        Backdrop(shot: shot).draw(in: &drawing)
        drawing.moved(pose.shift.x, pose.shift.y, scaled: pose.scale, about: HeadSpace.middle) { figure in
            figure.moved(0, 0, turned: pose.tilt, about: Body.hinge) { hair.drawBack(in: &$0) }
            body.draw(in: &figure)
            put(.neck, &figure)
            figure.moved(0, 0, turned: pose.tilt, about: Body.hinge) {
                head.drawEars(in: &$0)
                head.drawSkull(in: &$0)
                hair.drawBeard(in: &$0)
                Features(sitter: sitter, shot: shot, space: stage.space).draw(in: &$0)
                put(.skin, &$0)
                hair.drawFront(in: &$0)
                put(.hair, &$0)
            }
        }
        light(&drawing)
        return drawing.svg
    }

    private func light(_ drawing: inout Drawing) {
        let light = shot.light
        let (x, y) = (cos(light.direction) / 2, sin(light.direction) / 2)
        drawing.softly {
            $0.cover(.fill(light.brightness < 0 ? .black : .white, abs(light.brightness) * 0.6))
            let falling = $0.gradient(
                from: (.white, light.strength), to: (.black, light.strength), start: Point(0.5 - x, 0.5 - y),
                end: Point(0.5 + x, 0.5 + y))
            $0.cover(falling)
        }
        drawing.cover(.fill(light.warmth < 0 ? Colour(0x5a86c8) : Colour(0xf0a040), abs(light.warmth) * 0.12))
    }
}
