import Core

/// Returns a photo id: the digest of a short word.
package func photoID(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

/// Returns a label. The texts are those of ``TriggerState/triggerText`` and ``TriggerState/locationText``.
package func label(_ volunteer: String, _ trigger: String = "none", _ location: String = "none") -> Label {
    Label(
        volunteer: VolunteerName(volunteer)!,
        triggerState: TriggerState(triggerText: trigger, locationText: location)!)
}

/// Returns the landmarks of a synthetic face.
///
/// The jaw starts at (`left`, `top`), goes down to the chin in eight steps to the right, and up to the other ear in
/// eight steps. The eyebrows are level between the ears.
package func landmarks(left: Int = 0, top: Int = 0, step: Int = 10) -> Landmarks {
    let jaw = (0...16).map { PixelPoint(x: left + $0 * step, y: top + (8 - abs(8 - $0)) * step) }
    let brows = [3, 4, 5, 6, 7, 9, 10, 11, 12, 13].map { PixelPoint(x: left + $0 * step, y: top) }
    let others = (27..<Landmarks.count).map { _ in PixelPoint(x: left + 8 * step, y: top + 4 * step) }
    return Landmarks(jaw + brows + others)!
}

/// Returns the facts of a synthetic photo.
package func photoFacts(
    _ word: String = "p", session: String = "s1", label: Label?, width: Int = 200, height: Int = 200, face: KnownFace,
    isSuggested: Bool = false, box: Box? = nil
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: true, label: label,
        kind: label == nil ? nil : .volunteer, perceptualHash: nil, width: width, height: height,
        face: face, isSuggested: isSuggested, triggerBox: box)
}
