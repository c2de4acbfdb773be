/// All that selection and audit need to know of one photo, as the catalog stands now.
public struct PhotoFacts: Hashable, Sendable {
    public let photo: PhotoID
    /// The smallest name among the sessions that the photo is in.
    public let session: SessionName
    /// That session's date, `YYYY-MM-DD`.
    public var date: String { day.text }
    /// What the file is, by content; with it goes the suffix of the original.
    public var format: String { kindOfFile.text }
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
    @WholeNumber public var width: Int
    @WholeNumber public var height: Int
    public let face: KnownFace
    /// Around the trigger, as a sheet marked it.
    public let triggerBox: Box?
    /// Nil where it was not measured yet.
    public let quality: PhotoQuality?
    private let day, kindOfFile: Spelling

    public init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: Kind?, likeness: Likeness?,
        width: Int, height: Int,
        face: KnownFace = KnownFace(), isSuggested: Bool = false, triggerBox: Box? = nil, quality: PhotoQuality? = nil,
        date: String = "", format: String = "jpeg"
    ) {
        self.init(
            photo: photo, session: session, consented: consented, label: label, kind: kind, likeness: likeness,
            width: width, height: height, face: face,
            isSuggested: isSuggested, triggerBox: triggerBox, quality: quality, day: Spelling(date),
            kindOfFile: Spelling(format))
    }

    /// As a scan makes it, which has met the same few days and formats before.
    init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: Kind?, likeness: Likeness?,
        width: Int, height: Int,
        face: KnownFace, isSuggested: Bool, triggerBox: Box?, quality: PhotoQuality?, day: Spelling,
        kindOfFile: Spelling
    ) {
        self.photo = photo
        self.session = session
        self.consented = consented
        self.label = label
        self.kind = kind
        self.likeness = likeness
        (_width, _height) = (WholeNumber(wrappedValue: width), WholeNumber(wrappedValue: height))
        self.face = face
        (self.isSuggested, self.triggerBox, self.quality) = (isSuggested, triggerBox, quality)
        (self.day, self.kindOfFile) = (day, kindOfFile)
    }

    /// How the face that counts stands in the photo; nil without one.
    public var framing: FaceFraming? { face.face.map { FaceFraming($0, width: width, height: height) } }

    public var flags: [QualityFlag] { QualityFlag.flags(quality, framing) }
}
