/// The conditions of one photo: pose, light, expression, setting and clothes.
public struct PhotoConditions: Sendable {
    let pose: Pose
    let light: Light
    let expression: Expression
    let setting: Setting
    let shirt: Colour
    /// Seed for small differences between photos, such as the position of a sticker.
    let jitterSeed: String

    struct Pose: Sendable {
        /// Rotation in radians: to the volunteer's left, and up.
        let turn, nod: Double
        /// Tilt to the side in degrees.
        let tilt: Double
        /// Translation in pixels.
        let shift: Point
        let scale: Double
    }

    struct Light: Sendable {
        /// −1 (dark) … 1 (bright).
        let brightness: Double
        /// −1 (cold) … 1 (warm).
        let warmth: Double
        /// Direction of the light source in radians.
        let direction: Double
        let strength: Double
    }

    struct Expression: Sendable {
        /// −1 (sad) … 1 (smiling). Above 0.55 the teeth are visible.
        let smile: Double
        /// Direction of the eyes, −1 … 1 to the side and up. 0 is towards the camera.
        let gaze: Point
        let brows: Double
    }

    /// The place of a session.
    public enum Setting: String, CaseIterable, Sendable {
        case studio, office, garden, library
    }

    /// Creates the conditions of photo `number` of `volunteer` in a setting. The same arguments give the same
    /// conditions.
    public init(seed: Int, volunteer: String, number: Int, setting: Setting) {
        var random = SeededGenerator("shot", "\(seed)", volunteer, "\(number)", setting.rawValue)
        pose = Pose(
            turn: random.triangular(0.42), nod: random.triangular(0.22), tilt: random.triangular(9),
            shift: Point(random.triangular(14), random.triangular(10)), scale: random.uniform(0.92, 1.09))
        light = Light(
            brightness: random.triangular(1),
            warmth: random.triangular(1) + (setting == .studio ? 0 : setting == .garden ? -0.25 : 0.25),
            direction: random.uniform(0, 2 * .pi), strength: random.uniform(0.2, 0.8))
        let looksAtCamera = random.bool(probability: 0.75)
        expression = Expression(
            smile: random.uniform(-0.25, 1),
            gaze: looksAtCamera
                ? Point(0, 0) : Point(random.element(of: [-1, 1]) * random.uniform(0.5, 1), random.triangular(0.5)),
            brows: random.triangular(1))
        self.setting = setting
        var shirts = SeededGenerator("shirt", "\(seed)", volunteer, setting.rawValue)
        shirt = shirts.element(of: Palette.shirts)
        jitterSeed = "\(seed) \(volunteer) \(number) \(setting.rawValue)"
    }
}
