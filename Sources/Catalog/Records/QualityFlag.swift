/// What a photo's measures say a person should look at. A flag drops no photo from anything.
public enum QualityFlag: String, CaseIterable, Comparable, Sendable {
    case blurred
    case tooDark = "too-dark"
    case tooBright = "too-bright"
    case smallFace = "small-face"
    case tilted
    case cutOff = "cut-off"

    /// Those that say how the face stands in its photo; without a face a photo has none of them.
    public static let ofFaces: Set<QualityFlag> = [.smallFace, .tilted, .cutOff]

    /// Chosen by measuring, see `docs/quality.md`.
    static let leastSharpness = 250, leastLuma = 40, mostDark = 500, mostBright = 200, leastSide = 32, steepest = 268, mostBeyond = 250

    /// The flags of a photo, in the order of the cases.
    ///
    /// - Parameters:
    ///   - quality: nil where it was not measured.
    ///   - framing: of the face that counts; nil without one.
    public static func flags(_ quality: PhotoQuality?, _ framing: FaceFraming?) -> [QualityFlag] {
        allCases.filter { flag in
            switch flag {
            case .blurred: quality.map { $0.sharpness < leastSharpness } ?? false
            case .tooDark: quality.map { $0.luma < leastLuma || $0.dark > mostDark } ?? false
            case .tooBright: quality.map { $0.bright > mostBright } ?? false
            case .smallFace: framing.map { $0.side < leastSide } ?? false
            case .tilted: framing?.slope.map { abs($0) > steepest } ?? false
            case .cutOff: quality?.beyond.map { $0.total > mostBeyond } ?? false
            }
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
