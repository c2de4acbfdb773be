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
