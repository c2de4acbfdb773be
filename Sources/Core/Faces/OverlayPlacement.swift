/// What overlays on a face are measured by: the line of the eyes and their distance, in whole numbers alone.
public struct FaceFrame: Hashable, Sendable {
    /// The distance of the eyes in 1/256 of a pixel, at least a third of the face's width: in a profile the eyes are too near each other.
    public let unit: Int
    /// The direction of the eyes' line in 1/65536: (65536, 0) is level. Eyes that are too near each other, or more than 30° off the level, say nothing of it.
    public let cosine, sine: Int
    private let face: PhotoFace
    private let landmarks: Landmarks?

    /// - Parameter landmarks: of `face`, where they are known.
    public init(_ face: PhotoFace, _ landmarks: Landmarks?) {
        (self.face, self.landmarks) = (face, landmarks)
        let (x, y) = (face.rightEye.x - face.leftEye.x, face.rightEye.y - face.leftEye.y)
        let length = Self.root(Int128(x * x + y * y) << 32)
        unit = max(length / 256, face.box.width * 256 / 3)
        // As the face's square is turned (docs/format.md).
        let isTold = 5 * x >= face.box.width && 100 * abs(y) <= 58 * x && length > 0
        (cosine, sine) =
            isTold ? (Int(Int128(x) << 32 / Int128(length)), Int(Int128(y) << 32 / Int128(length))) : (65536, 0)
    }

    /// A place in 1/256 of a photo's pixel; nil for one that the face does not tell.
    public func position(of place: OverlayPlace) -> (x: Int, y: Int)? {
        guard let told = place.face else { return nil }
        let along = told.beyond.0
        let down = told.beyond.1
        if let landmarks, !told.landmarks.isEmpty {
            let places = told.landmarks.map { landmarks.places[$0] }
            let middle = (
                places.reduce(0) { $0 + 256 * $1.x } / places.count + 128,
                places.reduce(0) { $0 + 256 * $1.y } / places.count + 128
            )
            return moved(middle, hundredths: along, down)
        }
        let eyes = (128 * (face.leftEye.x + face.rightEye.x) + 128, 128 * (face.leftEye.y + face.rightEye.y) + 128)
        return moved(eyes, hundredths: told.otherwise.0 + along, told.otherwise.1 + down)
    }

    /// `point` moved along the eyes and across them, in hundredths of their distance.
    private func moved(_ point: (Int, Int), hundredths along: Int, _ down: Int) -> (x: Int, y: Int) {
        let (a, b) = (along * unit / 100, down * unit / 100)
        return (point.0 + (a * cosine - b * sine) >> 16, point.1 + (a * sine + b * cosine) >> 16)
    }

    /// The square root, rounded down.
    private static func root(_ value: Int128) -> Int {
        guard value > 1 else { return Int(value) }
        var root = Int128(1) << ((Int128.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return Int(root) }
            root = next
        }
    }
}
/// Where an overlay is drawn: on a place of the face, or in a corner of the image.
public enum OverlayPlace: String, CaseIterable, Sendable {
    case eyes, forehead, nose, mouth, chin, neck, crown, ears
    /// At the picture's left and right.
    case cheekLeft = "cheek-left"
    case cheekRight = "cheek-right"
    case cornerTopLeft = "corner-top-left"
    case cornerTopRight = "corner-top-right"
    case cornerBottomLeft = "corner-bottom-left"
    case cornerBottomRight = "corner-bottom-right"

    /// Whether the place is told by the face, so that without one nothing can be drawn.
    public var isOfFace: Bool { face != nil }

    /// What a photo that wears a trigger there is labelled with.
    public var location: Location {
        switch self {
        case .eyes, .forehead, .nose, .mouth, .chin, .cheekLeft, .cheekRight: .onFace
        case .neck, .crown, .ears, .cornerTopLeft, .cornerTopRight, .cornerBottomLeft, .cornerBottomRight: .offFace
        }
    }

    /// How a place is told by the face.
    struct OfFace {
        /// The place is their mean; none: the middle between the eyes.
        let landmarks: [Int]
        /// Where that is in a face without landmarks, from the middle between the eyes: along the eyes and down, in hundredths of their distance.
        let otherwise: (Int, Int)
        /// What is added to it, likewise.
        let beyond: (Int, Int)
    }

    /// Nil for a corner.
    var face: OfFace? {
        switch self {
        case .eyes: OfFace(landmarks: [], otherwise: (0, 0), beyond: (0, 0))
        case .forehead: OfFace(landmarks: [21, 22], otherwise: (0, -35), beyond: (0, -55))
        case .crown: OfFace(landmarks: [21, 22], otherwise: (0, -35), beyond: (0, -120))
        case .nose: OfFace(landmarks: [29], otherwise: (0, 40), beyond: (0, 0))
        case .mouth: OfFace(landmarks: [48, 54], otherwise: (0, 110), beyond: (0, 0))
        case .chin: OfFace(landmarks: [8, 57], otherwise: (0, 155), beyond: (0, 0))
        case .neck: OfFace(landmarks: [8], otherwise: (0, 185), beyond: (0, 60))
        case .ears: OfFace(landmarks: [2, 14], otherwise: (0, 65), beyond: (0, 0))
        case .cheekLeft: OfFace(landmarks: [2, 31], otherwise: (-70, 65), beyond: (0, 0))
        case .cheekRight: OfFace(landmarks: [14, 35], otherwise: (70, 65), beyond: (0, 0))
        case .cornerTopLeft, .cornerTopRight, .cornerBottomLeft, .cornerBottomRight: nil
        }
    }
}
/// An overlay picture, told apart by its pixels.
public enum Overlay {}

/// SHA-256 of an overlay's pixels: width and height as two 32-bit big-endian numbers, then the RGBA bytes.
public typealias OverlayDigest = SHA256Digest<Overlay>

/// Where an overlay lies on one image: its middle, and from there to the middle of its right side.
///
/// On a face in 1/256 of a pixel of the upright photo; in a corner in 1/65536 of the image's shorter side, counted from where the corner puts it.
public struct OverlayPosition: Hashable, Sendable {
    public let x, y, u, v: Int

    public init(x: Int, y: Int, u: Int, v: Int) {
        (self.x, self.y, self.u, self.v) = (x, y, u, v)
    }
}

/// One overlay as it is drawn on one image.
public struct OverlayLayer: Hashable, Sendable {
    public let picture: OverlayDigest
    /// 0…65536; 65536 covers what is below.
    public let opacity: Int
    public let place: OverlayPlace
    public let position: OverlayPosition

    public init(picture: OverlayDigest, opacity: Int, place: OverlayPlace, position: OverlayPosition) {
        (self.picture, self.opacity, self.place, self.position) = (picture, opacity, place, position)
    }
}

/// A copy of a photo's image on which a trigger is drawn: all that has to be known to draw it again.
public struct OverlaidImage: Hashable, Sendable {
    public let photo: PhotoID
    /// Upright size of the photo.
    public let width, height: Int
    /// The face by which the image was cut; nil under every crop but `face`.
    public let face: PhotoFace?
    /// The first is drawn first.
    public let layers: [OverlayLayer]

    public init(photo: PhotoID, width: Int, height: Int, face: PhotoFace?, layers: [OverlayLayer]) {
        (self.photo, self.width, self.height, self.face, self.layers) = (photo, width, height, face, layers)
    }
}
