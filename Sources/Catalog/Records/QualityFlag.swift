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
    static let leastSharpness = 250, leastLuma = 40, mostDark = 500, mostBright = 200, leastSide = 32, steepest = 268,
        mostBeyond = 250

    /// The flags of a photo, in the order of the cases.
    ///
    /// - Parameters:
    ///   - quality: nil where it was not measured.
    ///   - framing: of the face that counts; nil without one.
    public static func flags(_ quality: PhotoQuality?, _ framing: FaceFraming?) -> [QualityFlag] {
        allCases.filter { $0.isRaised(quality, framing) }
    }

    /// Whether a photo of which this was measured carries the flag; as in ``flags(_:_:)``.
    public func isRaised(_ quality: PhotoQuality?, _ framing: FaceFraming?) -> Bool {
        switch self {
        case .blurred: quality.map { $0.sharpness < Self.leastSharpness } ?? false
        case .tooDark: quality.map { $0.luma < Self.leastLuma || $0.dark > Self.mostDark } ?? false
        case .tooBright: quality.map { $0.bright > Self.mostBright } ?? false
        case .smallFace: framing.map { $0.side < Self.leastSide } ?? false
        case .tilted: framing?.slope.map { abs($0) > Self.steepest } ?? false
        case .cutOff: quality?.beyond.map { $0.total > Self.mostBeyond } ?? false
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
