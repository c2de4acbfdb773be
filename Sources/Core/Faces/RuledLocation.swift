/// Where a trigger is worn, told by how much of its box lies in the face's outline. A suggestion: a person's word beats it.
public struct RuledLocation: Hashable, Sendable {
    /// A box of which at least this many percent lie in the outline is on the face; `docs/faces.md` has the figures.
    public static let threshold = 50

    public let location: Location
    /// Percent of the box's pixels that are in the outline, rounded down.
    public let percent: Int

    public init(of box: Box, _ outline: FaceOutline) {
        let (inside, all) = (outline.pixels(in: box), box.width * box.height)
        location = 100 * inside >= Self.threshold * all ? .onFace : .offFace
        percent = 100 * inside / all
    }

    /// Nil where the face has no landmarks, so that nothing can be told.
    public init?(of box: Box, on face: KnownFace) {
        guard let landmarks = face.landmarks else { return nil }
        self.init(of: box, FaceOutline(landmarks))
    }
}

extension PhotoFacts {
    /// What the rule says against a person's word on the one trigger that is worn; nil where it agrees, or there is no word, no box, or nothing to tell by.
    public var contradiction: RuledLocation? {
        guard !isSuggested, let worn = label?.triggerState.single, let triggerBox,
            let ruled = RuledLocation(of: triggerBox, on: face)
        else { return nil }
        return ruled.location == worn.location ? nil : ruled
    }
}
