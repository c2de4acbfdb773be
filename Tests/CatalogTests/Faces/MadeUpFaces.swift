@testable import Core

/// The landmarks of a made-up face: a jaw from (`left`, `top`) in 8 steps to the right and down to the chin, and up again to the other ear; level brows between the ears.
func landmarks(left: Int = 0, top: Int = 0, step: Int = 10) -> Landmarks {
    let jaw = (0...16).map { PixelPoint(x: left + $0 * step, y: top + (8 - abs(8 - $0)) * step) }
    let brows = [3, 4, 5, 6, 7, 9, 10, 11, 12, 13].map { PixelPoint(x: left + $0 * step, y: top) }
    let others = (27..<Landmarks.count).map { _ in PixelPoint(x: left + 8 * step, y: top + 4 * step) }
    return Landmarks(jaw + brows + others)!
}

func photoFacts(
    _ word: String = "p", session: String = "s1", label: Label?, width: Int = 200, height: Int = 200, face: KnownFace,
    isSuggested: Bool = false, box: Box? = nil
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: true, label: label,
        kind: label == nil ? nil : .volunteer, perceptualHash: nil, width: width, height: height,
        face: face, isSuggested: isSuggested, triggerBox: box)
}
