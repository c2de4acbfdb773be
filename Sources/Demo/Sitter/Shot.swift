/// One press of the shutter: everything about a picture that is not the person.
public struct Shot: Sendable {
    let pose: Pose
    let light: Light
    let expression: Expression
    let place: Place
    let shirt: Colour
    /// Small things that fall differently each time, as where a sticker is put.
    let luck: String

    struct Pose: Sendable {
        /// Radians: to the sitter's left, and up.
        let turn, nod: Double
        /// Degrees.
        let tilt: Double
        /// Pixels.
        let shift: Point
        let scale: Double
    }

    struct Light: Sendable {
        /// −1 dark … 1 bright.
        let brightness: Double
        /// −1 cold … 1 warm.
        let warmth: Double
        /// Radians: the side the light comes from.
        let direction: Double
        let strength: Double
    }

    struct Expression: Sendable {
        /// −1 sad … 1 smiling; from 0.55 on the teeth are seen.
        let smile: Double
        /// −1 … 1: to the side and up, 0 at the camera.
        let gaze: Point
        let brows: Double
    }

    /// Where a session is held.
    public enum Place: String, CaseIterable, Sendable {
        case studio, office, garden, library
    }

    /// Shot `number` of `sitter` at `place`: the same words give the same shot.
    public init(seed: Int, sitter: String, number: Int, place: Place) {
        var dice = Dice("shot", "\(seed)", sitter, "\(number)", place.rawValue)
        pose = Pose(
            turn: dice.wobble(0.42), nod: dice.wobble(0.22), tilt: dice.wobble(9),
            shift: Point(dice.wobble(14), dice.wobble(10)), scale: dice.between(0.92, 1.09))
        light = Light(
            brightness: dice.wobble(1),
            warmth: dice.wobble(1) + (place == .studio ? 0 : place == .garden ? -0.25 : 0.25),
            direction: dice.between(0, 2 * .pi), strength: dice.between(0.2, 0.8))
        let looksAtCamera = dice.chance(0.75)
        expression = Expression(
            smile: dice.between(-0.25, 1),
            gaze: looksAtCamera ? Point(0, 0) : Point(dice.pick([-1, 1]) * dice.between(0.5, 1), dice.wobble(0.5)),
            brows: dice.wobble(1))
        self.place = place
        var wardrobe = Dice("shirt", "\(seed)", sitter, place.rawValue)
        shirt = wardrobe.pick(Palette.shirts)
        luck = "\(seed) \(sitter) \(number) \(place.rawValue)"
    }
}
