/// The quality measures of a photo. `docs/faces.md` defines each number exactly.
///
/// The measured area is the face, or the centre of the photo if no face was found.
public struct PhotoQuality: Hashable, Sendable {
    /// Per mille of the difference between neighbouring pixels that a blur removes. Blurred photos have small values.
    @Int32Backed public var sharpness: Int
    /// Mean luma of the measured area, 0…255.
    @Int32Backed public var luma: Int
    /// Per mille of black pixels in the measured area.
    @Int32Backed public var dark: Int
    /// Per mille of white pixels in the measured area.
    @Int32Backed public var bright: Int
    /// The part of the face's square that is outside the photo; nil without a face.
    public let beyond: Beyond?

    /// Per mille of a face's square that is outside the photo, for each border.
    public struct Beyond: Hashable, Sendable {
        @Int32Backed public var left: Int
        @Int32Backed public var top: Int
        @Int32Backed public var right: Int
        @Int32Backed public var bottom: Int

        public init(left: Int, top: Int, right: Int, bottom: Int) {
            _left = Int32Backed(wrappedValue: left)
            _top = Int32Backed(wrappedValue: top)
            _right = Int32Backed(wrappedValue: right)
            _bottom = Int32Backed(wrappedValue: bottom)
        }

        public var total: Int { left + top + right + bottom }
    }

    public init(sharpness: Int, luma: Int, dark: Int, bright: Int, beyond: Beyond?) {
        _sharpness = Int32Backed(wrappedValue: sharpness)
        _luma = Int32Backed(wrappedValue: luma)
        _dark = Int32Backed(wrappedValue: dark)
        _bright = Int32Backed(wrappedValue: bright)
        self.beyond = beyond
    }
}

/// The size and the tilt of a face in its photo, computed from the face's box and eyes.
public struct FaceFraming: Hashable, Sendable {
    /// The shorter side of the box in whole pixels of the photo.
    public let side: Int
    /// The area of the box in per mille of the photo's area.
    public let share: Int
    /// The slope of the line through the eyes in per mille; 0 is level, positive falls to the right. Nil if the eyes
    /// are too close together to measure the slope, as in a profile view.
    public let slope: Int?

    public init(_ face: PhotoFace, width: Int, height: Int) {
        side = min(face.box.width, face.box.height)
        share = 1000 * face.box.width * face.box.height / max(1, width * height)
        slope = face.eyeDistance.map { 1000 * (face.rightEye.y - face.leftEye.y) / $0 }
    }
}

/// A quality problem of a photo. A flag informs a person. Curare excludes a photo because of a flag only if the
/// recipe's key `photos.without` names the flag.
public enum QualityFlag: String, CaseIterable, Comparable, Sendable {
    case blurred
    case tooDark = "too-dark"
    case tooBright = "too-bright"
    case smallFace = "small-face"
    case tilted
    case cutOff = "cut-off"

    /// The flags about the size and position of the face. A photo without a face has none of them.
    public static let ofFaces: Set<QualityFlag> = [.smallFace, .tilted, .cutOff]

    // The limits result from the measurements in docs/faces.md.
    package static let minimumSharpness = 250
    package static let minimumLuma = 40
    package static let maximumDark = 500
    package static let maximumBright = 200
    package static let minimumSide = 32
    package static let maximumSlope = 268
    package static let maximumBeyond = 250

    /// Returns the flags of a photo, in the order of the cases.
    ///
    /// - Parameters:
    ///   - quality: nil if the photo has not been measured.
    ///   - framing: the framing of the face that counts; nil without a face.
    public static func flags(_ quality: PhotoQuality?, _ framing: FaceFraming?) -> [QualityFlag] {
        allCases.filter { $0.isRaised(quality, framing) }
    }

    /// Returns whether a photo with these measures has the flag. The parameters are those of ``flags(_:_:)``.
    public func isRaised(_ quality: PhotoQuality?, _ framing: FaceFraming?) -> Bool {
        switch self {
        case .blurred: quality.map { $0.sharpness < Self.minimumSharpness } ?? false
        case .tooDark: quality.map { $0.luma < Self.minimumLuma || $0.dark > Self.maximumDark } ?? false
        case .tooBright: quality.map { $0.bright > Self.maximumBright } ?? false
        case .smallFace: framing.map { $0.side < Self.minimumSide } ?? false
        case .tilted: framing?.slope.map { abs($0) > Self.maximumSlope } ?? false
        case .cutOff: quality?.beyond.map { $0.total > Self.maximumBeyond } ?? false
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
