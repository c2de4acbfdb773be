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
    public let kind: VolunteerKind?
    /// Nil where nothing was measured yet.
    public let perceptualHash: PerceptualHash?
    /// Upright size in pixels.
    @Int32Backed public var width: Int
    @Int32Backed public var height: Int
    public let face: KnownFace
    /// Around the trigger, as a sheet marked it.
    public let triggerBox: Box?
    /// Nil where it was not measured yet.
    public let quality: PhotoQuality?
    private let day, kindOfFile: InternedString

    public init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: VolunteerKind?, perceptualHash: PerceptualHash?,
        width: Int, height: Int,
        face: KnownFace = KnownFace(), isSuggested: Bool = false, triggerBox: Box? = nil, quality: PhotoQuality? = nil,
        date: String = "", format: String = "jpeg"
    ) {
        self.init(
            photo: photo, session: session, consented: consented, label: label, kind: kind, perceptualHash: perceptualHash,
            width: width, height: height, face: face,
            isSuggested: isSuggested, triggerBox: triggerBox, quality: quality, day: InternedString(date),
            kindOfFile: InternedString(format))
    }

    /// As a scan makes it, which has met the same few days and formats before.
    package init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: VolunteerKind?, perceptualHash: PerceptualHash?,
        width: Int, height: Int,
        face: KnownFace, isSuggested: Bool, triggerBox: Box?, quality: PhotoQuality?, day: InternedString,
        kindOfFile: InternedString
    ) {
        self.photo = photo
        self.session = session
        self.consented = consented
        self.label = label
        self.kind = kind
        self.perceptualHash = perceptualHash
        (_width, _height) = (Int32Backed(wrappedValue: width), Int32Backed(wrappedValue: height))
        self.face = face
        (self.isSuggested, self.triggerBox, self.quality) = (isSuggested, triggerBox, quality)
        (self.day, self.kindOfFile) = (day, kindOfFile)
    }

    /// How the face that counts stands in the photo; nil without one.
    public var framing: FaceFraming? { face.face.map { FaceFraming($0, width: width, height: height) } }

    public var flags: [QualityFlag] { QualityFlag.flags(quality, framing) }
}
