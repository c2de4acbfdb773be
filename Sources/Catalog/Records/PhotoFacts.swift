/// All that selection and audit need to know of one photo, as the catalog stands now.
public struct PhotoFacts: Hashable, Sendable {
    public let photo: PhotoID
    /// The smallest name among the sessions that the photo is in.
    public let session: SessionName
    /// That session's date, `YYYY-MM-DD`.
    public let date: String
    /// False where any session of the photo, or anyone else visible in it, lacks consent.
    public let consented: Bool
    /// Nil where nobody has said who is in the photo.
    public let label: Label?
    /// Whether a rule alone says so, and no person.
    public let isSuggested: Bool
    /// The kind of the labelled volunteer.
    public let kind: Kind?
    /// Nil where nothing was measured yet.
    public let likeness: Likeness?
    /// Upright size in pixels.
    public let width, height: Int
    public let face: KnownFace
    /// Around the trigger, as a sheet marked it.
    public let triggerBox: Box?
    /// Nil where it was not measured yet.
    public let quality: PhotoQuality?

    public init(photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: Kind?, likeness: Likeness?, width: Int, height: Int,
                face: KnownFace = KnownFace(), isSuggested: Bool = false, triggerBox: Box? = nil, quality: PhotoQuality? = nil, date: String = "") {
        self.photo = photo
        self.session = session
        self.date = date
        self.consented = consented
        self.label = label
        self.kind = kind
        self.likeness = likeness
        self.width = width
        self.height = height
        self.face = face
        (self.isSuggested, self.triggerBox, self.quality) = (isSuggested, triggerBox, quality)
    }

    /// How the face that counts stands in the photo; nil without one.
    public var framing: FaceFraming? { face.face.map { FaceFraming($0, width: width, height: height) } }

    public var flags: [QualityFlag] { QualityFlag.flags(quality, framing) }
}
