/// A coordinate system of a face for the placement of overlays: the line through the eyes and the distance of the eyes.
/// All arithmetic is on integers, so that every machine gives the same result.
public struct FaceFrame: Hashable, Sendable {
    /// The distance between the eyes in 1/256 pixel, but at least a third of the face's width, because the eyes are
    /// close together in a profile view.
    public let unit: Int
    /// The horizontal part of the direction of the eyes' line, in 1/65536. A level line has (65536, 0).
    ///
    /// Eyes that are too close together, or whose line is tilted more than 30°, count as level.
    public let cosine: Int
    /// The vertical part of the direction of the eyes' line, in 1/65536.
    public let sine: Int
    private let face: PhotoFace
    private let landmarks: Landmarks?

    /// - Parameter landmarks: the landmarks of `face`, if known.
    public init(_ face: PhotoFace, _ landmarks: Landmarks?) {
        self.face = face
        self.landmarks = landmarks
        let x = face.rightEye.x - face.leftEye.x
        let y = face.rightEye.y - face.leftEye.y
        let length = Int(integerSquareRoot(Int128(x * x + y * y) << 32))
        unit = max(length / 256, face.box.width * 256 / 3)
        // The rule by which the square of the face is rotated (docs/format.md).
        let isTilted = 5 * x >= face.box.width && 100 * abs(y) <= 58 * x && length > 0
        cosine = isTilted ? Int((Int128(x) << 32) / Int128(length)) : 65536
        sine = isTilted ? Int((Int128(y) << 32) / Int128(length)) : 0
    }

    /// Returns a position in 1/256 pixel of the photo; nil for a place that does not depend on the face.
    public func position(of place: OverlayPlace) -> (x: Int, y: Int)? {
        guard let anchor = place.faceAnchor else { return nil }
        let along = anchor.offset.0
        let down = anchor.offset.1
        if let landmarks, !anchor.landmarks.isEmpty {
            let points = anchor.landmarks.map { landmarks.points[$0] }
            let mean = (
                points.reduce(0) { $0 + 256 * $1.x } / points.count + 128,
                points.reduce(0) { $0 + 256 * $1.y } / points.count + 128
            )
            return moved(mean, hundredths: along, down)
        }
        let eyes = (128 * (face.leftEye.x + face.rightEye.x) + 128, 128 * (face.leftEye.y + face.rightEye.y) + 128)
        return moved(eyes, hundredths: anchor.fallback.0 + along, anchor.fallback.1 + down)
    }

    /// Returns `point` moved by `along` along the line of the eyes, and by `down` perpendicular to this line, both in
    /// hundredths of ``unit``.
    private func moved(_ point: (Int, Int), hundredths along: Int, _ down: Int) -> (x: Int, y: Int) {
        let a = along * unit / 100
        let b = down * unit / 100
        return (point.0 + ((a * cosine - b * sine) >> 16), point.1 + ((a * sine + b * cosine) >> 16))
    }
}

/// The place of an overlay: a part of the face, or a corner of the image.
public enum OverlayPlace: String, CaseIterable, Sendable {
    case eyes, forehead, nose, mouth, chin, neck, crown, ears
    /// The cheek on the left in the photo.
    case cheekLeft = "cheek-left"
    /// The cheek on the right in the photo.
    case cheekRight = "cheek-right"
    case cornerTopLeft = "corner-top-left"
    case cornerTopRight = "corner-top-right"
    case cornerBottomLeft = "corner-bottom-left"
    case cornerBottomRight = "corner-bottom-right"

    /// Whether the place depends on the face, so that nothing can be drawn there on a photo without a face.
    public var requiresFace: Bool { faceAnchor != nil }

    /// The location in the label of a photo with a trigger at this place.
    public var location: Location {
        switch self {
        case .eyes, .forehead, .nose, .mouth, .chin, .cheekLeft, .cheekRight: .onFace
        case .neck, .crown, .ears, .cornerTopLeft, .cornerTopRight, .cornerBottomLeft, .cornerBottomRight: .offFace
        }
    }

    /// The definition of a place relative to the face. Offsets are along the line of the eyes and downward, in
    /// hundredths of the distance of the eyes.
    struct FaceAnchor {
        /// The place is the mean of these landmarks; if the list is empty, the centre between the eyes.
        let landmarks: [Int]
        /// The offset from the centre between the eyes that replaces the landmarks of a face without landmarks.
        let fallback: (Int, Int)
        /// The offset that is added in both cases.
        let offset: (Int, Int)
    }

    /// Nil for a corner.
    var faceAnchor: FaceAnchor? {
        switch self {
        case .eyes: FaceAnchor(landmarks: [], fallback: (0, 0), offset: (0, 0))
        case .forehead: FaceAnchor(landmarks: [21, 22], fallback: (0, -35), offset: (0, -55))
        case .crown: FaceAnchor(landmarks: [21, 22], fallback: (0, -35), offset: (0, -120))
        case .nose: FaceAnchor(landmarks: [29], fallback: (0, 40), offset: (0, 0))
        case .mouth: FaceAnchor(landmarks: [48, 54], fallback: (0, 110), offset: (0, 0))
        case .chin: FaceAnchor(landmarks: [8, 57], fallback: (0, 155), offset: (0, 0))
        case .neck: FaceAnchor(landmarks: [8], fallback: (0, 185), offset: (0, 60))
        case .ears: FaceAnchor(landmarks: [2, 14], fallback: (0, 65), offset: (0, 0))
        case .cheekLeft: FaceAnchor(landmarks: [2, 31], fallback: (-70, 65), offset: (0, 0))
        case .cheekRight: FaceAnchor(landmarks: [14, 35], fallback: (70, 65), offset: (0, 0))
        case .cornerTopLeft, .cornerTopRight, .cornerBottomLeft, .cornerBottomRight: nil
        }
    }
}

/// The kind of picture that is named by an ``OverlayDigest``.
public enum Overlay {}

/// The SHA-256 of an overlay's pixels: width and height as two 32-bit big-endian numbers, then the RGBA bytes.
public typealias OverlayDigest = SHA256Digest<Overlay>

/// The position of an overlay on one image: the centre, and the vector from the centre to the centre of the overlay's
/// right side.
///
/// On a face the unit is 1/256 pixel of the upright photo. In a corner the centre is relative to the default position
/// in that corner, and the unit is 1/65536 of the image's shorter side.
public struct OverlayPosition: Hashable, Sendable {
    public let x, y, u, v: Int

    public init(x: Int, y: Int, u: Int, v: Int) {
        self.x = x
        self.y = y
        self.u = u
        self.v = v
    }
}

/// One overlay on one image.
public struct OverlayLayer: Hashable, Sendable {
    public let picture: OverlayDigest
    /// 0…65536; 65536 hides the pixels below.
    public let opacity: Int
    public let place: OverlayPlace
    public let position: OverlayPosition

    public init(picture: OverlayDigest, opacity: Int, place: OverlayPlace, position: OverlayPosition) {
        self.picture = picture
        self.opacity = opacity
        self.place = place
        self.position = position
    }
}

/// A copy of a photo's image with a drawn trigger: all values that are necessary to draw it again.
public struct OverlaidImage: Hashable, Sendable {
    public let photo: PhotoID
    /// Pixels of the upright photo.
    public let width: Int
    /// Pixels of the upright photo.
    public let height: Int
    /// The face by which the image is cropped; nil unless the profile crops by face.
    public let face: PhotoFace?
    /// The layers in drawing order: the last layer is on top.
    public let layers: [OverlayLayer]

    public init(photo: PhotoID, width: Int, height: Int, face: PhotoFace?, layers: [OverlayLayer]) {
        self.photo = photo
        self.width = width
        self.height = height
        self.face = face
        self.layers = layers
    }
}
