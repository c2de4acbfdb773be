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
    /// The kind of the labelled volunteer.
    public let kind: Kind?
    public let pixels: UprightDigest
    /// Upright size in pixels.
    public let width, height: Int
    public let face: KnownFace

    public init(photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: Kind?, pixels: UprightDigest, width: Int, height: Int,
                face: KnownFace = KnownFace(), date: String = "") {
        self.photo = photo
        self.session = session
        self.date = date
        self.consented = consented
        self.label = label
        self.kind = kind
        self.pixels = pixels
        self.width = width
        self.height = height
        self.face = face
    }
}
