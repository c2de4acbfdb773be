import Core

/// A photo that may stand in a version, with all that selection looks at, and what an entry says of it beside that.
public struct EligiblePhoto: Hashable, Sendable {
    public let photo: PhotoID
    public let volunteer: Volunteer
    public let triggerState: TriggerState
    public let session: SessionName
    /// The smallest photo id in its group of near-duplicates.
    public internal(set) var group: PhotoID
    /// By which it came into its group; nil where it was not measured.
    public let perceptualHash: PerceptualHash?
    /// Upright size of the photo in pixels.
    @Int32Backed public var width: Int
    @Int32Backed public var height: Int
    /// The face that its image is cut by; nil where none is known, and under every profile that does not look at faces.
    public let face: PhotoFace?

    public init(
        photo: PhotoID, volunteer: Volunteer, triggerState: TriggerState, session: SessionName, group: PhotoID,
        perceptualHash: PerceptualHash?, width: Int = 0, height: Int = 0, face: PhotoFace? = nil
    ) {
        (self.photo, self.volunteer, self.triggerState, self.session, self.group, self.perceptualHash, self.face) = (
            photo, volunteer, triggerState, session, group, perceptualHash, face
        )
        (_width, _height) = (Int32Backed(wrappedValue: width), Int32Backed(wrappedValue: height))
    }

    /// A photo by itself, not yet gathered with its near-duplicates.
    ///
    /// - Parameter withFace: whether the profile looks at faces.
    init(_ fact: PhotoFacts, _ volunteer: Volunteer, _ triggerState: TriggerState, withFace: Bool) {
        self.init(
            photo: fact.photo, volunteer: volunteer, triggerState: triggerState, session: fact.session, group: fact.photo,
            perceptualHash: fact.perceptualHash,
            width: fact.width, height: fact.height, face: withFace ? fact.face.face : nil)
    }
}
