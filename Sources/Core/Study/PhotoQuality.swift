/// How good a photo is to look at, as it was measured once; what the numbers are to the bit stands in `docs/quality.md`.
public struct PhotoQuality: Hashable, Sendable {
    /// Per mille of the difference between neighbours that blurring takes away: small where the photo is blurred already.
    @Int32Backed public var sharpness: Int
    /// Mean luma of the face, or of the middle where there is none, 0…255.
    @Int32Backed public var luma: Int
    /// Per mille of the same part: black and white pixels.
    @Int32Backed public var dark: Int
    @Int32Backed public var bright: Int
    /// What of the square around the face that was found lies beyond the photo's border; nil without a face.
    public let beyond: Beyond?

    /// Per mille of a face's square beyond each border of its photo.
    public struct Beyond: Hashable, Sendable {
        @Int32Backed public var left: Int
        @Int32Backed public var top: Int
        @Int32Backed public var right: Int
        @Int32Backed public var bottom: Int

        public init(left: Int, top: Int, right: Int, bottom: Int) {
            (_left, _top) = (Int32Backed(wrappedValue: left), Int32Backed(wrappedValue: top))
            (_right, _bottom) = (Int32Backed(wrappedValue: right), Int32Backed(wrappedValue: bottom))
        }

        public var total: Int { left + top + right + bottom }

        /// The borders that the square reaches over, such as `left 120, top 30`; empty where none.
        public var words: String {
            [("left", left), ("top", top), ("right", right), ("bottom", bottom)].filter { $0.1 > 0 }.map {
                "\($0.0) \($0.1)"
            }.joined(separator: ", ")
        }
    }

    public init(sharpness: Int, luma: Int, dark: Int, bright: Int, beyond: Beyond?) {
        (_sharpness, _luma) = (Int32Backed(wrappedValue: sharpness), Int32Backed(wrappedValue: luma))
        (_dark, _bright) = (Int32Backed(wrappedValue: dark), Int32Backed(wrappedValue: bright))
        self.beyond = beyond
    }
}

/// How a face stands in its photo, by its box and eyes alone.
public struct FaceFraming: Hashable, Sendable {
    /// Whole pixels of the photo: the shorter side of the box.
    public let side: Int
    /// Per mille of the photo's area.
    public let share: Int
    /// Per mille: how far the eyes' line falls to the right, 0 where it is level; nil where the eyes are too near each other to say, as in a profile.
    public let slope: Int?

    public init(_ face: PhotoFace, width: Int, height: Int) {
        side = min(face.box.width, face.box.height)
        share = 1000 * face.box.width * face.box.height / max(1, width * height)
        let (x, y) = (face.rightEye.x - face.leftEye.x, face.rightEye.y - face.leftEye.y)
        slope = x > 0 && 5 * x >= face.box.width ? 1000 * y / x : nil
    }
}
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
/// All that was measured of a photo, once; from then on it is catalog content, and no decoder or detector is asked again.
public struct PhotoMeasures: Hashable, Sendable {
    public let perceptualHash: PerceptualHash
    /// Nil where no face was looked for.
    public let face: FaceRecord?
    public let quality: PhotoQuality

    public init(perceptualHash: PerceptualHash, face: FaceRecord?, quality: PhotoQuality) {
        self.perceptualHash = perceptualHash
        self.face = face
        self.quality = quality
    }
}
