/// The side of a face crop, as a multiple of the longer side of the face's box.
public struct FaceMargin: Hashable, Sendable, CustomStringConvertible {
    /// The multiple in hundredths.
    public let hundredths: Int

    /// The allowed multiples, in hundredths.
    public static let range = 100...400

    /// Five eighths of the box are visible above the eyebrows, below the chin and at each cheek. Bandanas, neck tattoos
    /// and earrings are there.
    public static let wide = FaceMargin(unchecked: 225)

    /// About the chip of dlib's face network with the padding 0.25, on which the network was trained.
    public static let tight = FaceMargin(unchecked: 140)

    /// Whether the crop can cut off a trigger beside the face. Earrings and neck tattoos are up to half a box beside the
    /// box.
    public var cutsOffSurroundings: Bool { hundredths < 200 }

    /// Creates a margin; nil if `hundredths` is outside ``range``.
    public init?(hundredths: Int) {
        guard Self.range.contains(hundredths) else { return nil }
        self.init(unchecked: hundredths)
    }

    /// Creates the margin that `text` names: `wide`, `tight`, or a decimal number with at most two places.
    public init?(_ text: String) {
        switch text {
        case "wide": self = .wide
        case "tight": self = .tight
        default:
            guard let number = ExactDecimal(text), number.places <= 2 else { return nil }
            self.init(hundredths: number.units * 100 / number.scale)
        }
    }

    private init(unchecked hundredths: Int) {
        self.hundredths = hundredths
    }

    /// The multiple as a decimal number, such as `2.25`.
    public var description: String { ExactDecimal(units: hundredths, places: 2).description }
}
