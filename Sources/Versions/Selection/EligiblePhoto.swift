import Catalog

/// A photo that may stand in a version, with all that selection looks at, and what an entry says of it beside that.
public struct EligiblePhoto: Hashable, Sendable {
    public let photo: PhotoID
    public let volunteer: Volunteer
    public let wearing: Wearing
    public let session: SessionName
    /// The smallest photo id in its group of near-duplicates.
    public internal(set) var group: PhotoID
    /// By which it came into its group; nil where it was not measured.
    public let likeness: Likeness?
    /// Upright size of the photo in pixels.
    @WholeNumber public var width: Int
    @WholeNumber public var height: Int
    /// The face that its image is cut by; nil where none is known, and under every profile that does not look at faces.
    public let face: PhotoFace?

    public init(
        photo: PhotoID, volunteer: Volunteer, wearing: Wearing, session: SessionName, group: PhotoID,
        likeness: Likeness?, width: Int = 0, height: Int = 0, face: PhotoFace? = nil
    ) {
        (self.photo, self.volunteer, self.wearing, self.session, self.group, self.likeness, self.face) = (
            photo, volunteer, wearing, session, group, likeness, face
        )
        (_width, _height) = (WholeNumber(wrappedValue: width), WholeNumber(wrappedValue: height))
    }

    /// A photo by itself, not yet gathered with its near-duplicates.
    ///
    /// - Parameter withFace: whether the profile looks at faces.
    init(_ fact: PhotoFacts, _ volunteer: Volunteer, _ wearing: Wearing, withFace: Bool) {
        self.init(
            photo: fact.photo, volunteer: volunteer, wearing: wearing, session: fact.session, group: fact.photo,
            likeness: fact.likeness,
            width: fact.width, height: fact.height, face: withFace ? fact.face.face : nil)
    }
}
