/// A made-up person: everything about a face that stays the same from shot to shot.
public struct Sitter: Sendable {
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
    /// Half the mouth's width in half widths of the head, and how full the lips are.
    let mouthWidth, lipFullness: Double
    let earSize: Double
    let hasFreckles: Bool
    /// Where a mole is, in half widths and half heights of the head.
    let mole: Point?

    struct Eyes: Sendable {
        let colour: Colour
        /// From the middle of the face, in half widths of the head.
        let distance: Double
        let size, openness, slant: Double
    }

    struct Brows: Sendable {
        let thickness, slant, height: Double
    }

    struct Nose: Sendable {
        let width, length: Double
    }

    /// The person in seat `seat` of the cast that `seed` draws.
    ///
    /// Each trait is dealt from a shuffled deck, so that neighbours in the cast differ in all of them; only the small measures hang on the name.
    public init(seed: Int, name: String, seat: Int) {
        func dealt<Trait>(_ what: String, _ deck: [Trait]) -> Trait {
            var dice = Dice("sitter", "\(seed)", what)
            return dice.shuffled(deck)[seat % deck.count]
        }
        var dice = Dice("sitter", "\(seed)", "measures", name)
        self.name = name
        head = dealt("head", HeadShape.all)
        skin = dealt("skin", Palette.skin)
        hair = dealt("hair", Hair.allCases)
        hairColour = dealt("hair colour", Palette.hair)
        lips = skin.mixed(with: dealt("lips", Palette.lips), 0.55)
        facialHair = hair.isShort ? dealt("facial hair", FacialHair.allCases) : .none
        eyes = Eyes(
            colour: dealt("eyes", Palette.eyes),
            distance: dealt("eye distance", [0.37, 0.40, 0.43, 0.46, 0.385, 0.415, 0.445]),
            size: dice.between(0.19, 0.23), openness: dealt("openness", [0.52, 0.68, 0.60, 0.75, 0.56]),
            slant: dice.between(-0.05, 0.06))
        brows = Brows(
            thickness: dealt("brows", [2.2, 4.8, 3.4, 6.0, 2.8, 4.0, 5.4]),
            slant: dealt("brow slant", [-0.06, 0.0, 0.05, 0.09, -0.02]), height: dice.between(0.20, 0.26))
        nose = Nose(
            width: dealt("nose width", [0.13, 0.21, 0.16, 0.25, 0.18]),
            length: dealt("nose length", [0.26, 0.33, 0.29, 0.37]))
        mouthWidth = dealt("mouth", [0.28, 0.38, 0.33, 0.43, 0.36])
        lipFullness = dealt("lip fullness", [0.035, 0.065, 0.05, 0.08])
        earSize = dice.between(0.16, 0.22)
        hasFreckles = dealt("freckles", [true, false, false, false])
        mole = dealt("mole", [nil, Point(0.38, 0.44), nil, Point(-0.48, 0.38), nil])
    }
}

/// The colours that people are made of.
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
