/// A drawn volunteer of the demo study: the traits of a face that are the same in every photo.
public struct DemoVolunteer: Sendable {
    /// A pseudonym, `[a-z0-9][a-z0-9._-]{0,63}`.
    public let name: String
    let head: HeadShape
    let skin, lips: Colour
    let hair: Hair
    let hairColour: Colour
    let facialHair: FacialHair
    let eyes: Eyes
    let brows: Brows
    let nose: Nose
    /// Half the width of the mouth in half widths of the head.
    let mouthWidth: Double
    let lipFullness: Double
    let earSize: Double
    let hasFreckles: Bool
    /// Position of a mole in half widths and half heights of the head.
    let mole: Point?

    struct Eyes: Sendable {
        let colour: Colour
        /// Distance from the middle of the face in half widths of the head.
        let distance: Double
        let size, openness, slant: Double
    }

    struct Brows: Sendable {
        let thickness, slant, height: Double
    }

    struct Nose: Sendable {
        let width, length: Double
    }

    /// Creates the volunteer with the index `index` in the study with the seed `seed`.
    ///
    /// Each trait is taken from a shuffled list, so that volunteers with neighbouring indices differ in every trait.
    /// Only small measures depend on the name.
    public init(seed: Int, name: String, index: Int) {
        func trait<Trait>(_ name: String, _ values: [Trait]) -> Trait {
            var random = SeededGenerator("sitter", "\(seed)", name)
            return random.shuffled(values)[index % values.count]
        }
        var random = SeededGenerator("sitter", "\(seed)", "measures", name)
        self.name = name
        head = trait("head", HeadShape.all)
        skin = trait("skin", Palette.skin)
        hair = trait("hair", Hair.allCases)
        hairColour = trait("hair colour", Palette.hair)
        lips = skin.mixed(with: trait("lips", Palette.lips), 0.55)
        facialHair = hair.isShort ? trait("facial hair", FacialHair.allCases) : .none
        eyes = Eyes(
            colour: trait("eyes", Palette.eyes),
            distance: trait("eye distance", [0.37, 0.40, 0.43, 0.46, 0.385, 0.415, 0.445]),
            size: random.uniform(0.19, 0.23), openness: trait("openness", [0.52, 0.68, 0.60, 0.75, 0.56]),
            slant: random.uniform(-0.05, 0.06))
        brows = Brows(
            thickness: trait("brows", [2.2, 4.8, 3.4, 6.0, 2.8, 4.0, 5.4]),
            slant: trait("brow slant", [-0.06, 0.0, 0.05, 0.09, -0.02]), height: random.uniform(0.20, 0.26))
        nose = Nose(
            width: trait("nose width", [0.13, 0.21, 0.16, 0.25, 0.18]),
            length: trait("nose length", [0.26, 0.33, 0.29, 0.37]))
        mouthWidth = trait("mouth", [0.28, 0.38, 0.33, 0.43, 0.36])
        lipFullness = trait("lip fullness", [0.035, 0.065, 0.05, 0.08])
        earSize = random.uniform(0.16, 0.22)
        hasFreckles = trait("freckles", [true, false, false, false])
        mole = trait("mole", [nil, Point(0.38, 0.44), nil, Point(-0.48, 0.38), nil])
    }
}

/// The colours of people and clothes.
enum Palette {
    static let skin = [0xf6d9c6, 0xc68a5e, 0x6b432c, 0xe9b995, 0x8d5a3a, 0xf0c8ab, 0x4f3021, 0xd9a273].map {
        Colour($0)
    }
    static let hair = [0x17120f, 0x7b4a22, 0xd8b25c, 0xa63c17, 0x9a9a9c, 0x3f2616, 0xe9e2d4, 0x5a2138, 0x2a2d3f].map {
        Colour($0)
    }
    static let eyes = [0x4a2d17, 0x3f78b0, 0x5b8046, 0x86714a, 0x2d2018, 0x7d97a6].map { Colour($0) }
    static let lips = [0xa8433f, 0xc4636a, 0x7d3036, 0xb9736a, 0xd0485a].map { Colour($0) }
    static let shirts = [
        0x28507a, 0xa9352f, 0x2f6b4a, 0xe6dfd2, 0x3a3a44, 0xd39a2d, 0x6a4a86, 0x7fa7b8, 0x8a5a3c, 0xc97b8e,
    ].map { Colour($0) }
}

/// A hairstyle.
enum Hair: CaseIterable, Sendable {
    case bob, buzz, afro, parted, long, bald, bun, spiky, fringe, curly, short

    /// Whether a volunteer with this hairstyle may have a beard.
    var isShort: Bool {
        switch self {
        case .buzz, .parted, .bald, .spiky, .curly, .short: true
        case .bob, .afro, .long, .bun, .fringe: false
        }
    }
}

enum FacialHair: CaseIterable, Sendable {
    case none, beard, moustache, goatee
}

/// The shape of a head seen from the front, in half widths and half heights around its centre.
struct HeadShape: Sendable {
    /// Size in pixels.
    let halfWidth, halfHeight: Double
    /// Half the width at the level of the mouth, and above the chin.
    let jaw, chin: Double

    static let all = [
        HeadShape(halfWidth: 54, halfHeight: 71, jaw: 0.74, chin: 0.32),
        HeadShape(halfWidth: 61, halfHeight: 66, jaw: 0.82, chin: 0.42),
        HeadShape(halfWidth: 49, halfHeight: 74, jaw: 0.70, chin: 0.30),
        HeadShape(halfWidth: 57, halfHeight: 69, jaw: 0.90, chin: 0.52),
        HeadShape(halfWidth: 55, halfHeight: 70, jaw: 0.62, chin: 0.20),
        HeadShape(halfWidth: 60, halfHeight: 71, jaw: 0.78, chin: 0.36),
        HeadShape(halfWidth: 52, halfHeight: 67, jaw: 0.80, chin: 0.30),
        HeadShape(halfWidth: 51, halfHeight: 72, jaw: 0.86, chin: 0.46),
    ]
}
