/// The facts about one photo in the current catalog, for selection and audit.
public struct PhotoFacts: Hashable, Sendable {
    public let photo: PhotoID
    /// The smallest name among the photo's sessions.
    public let session: SessionName
    /// The date of ``session``, `YYYY-MM-DD`.
    public var date: String { sessionDate.text }
    /// The format of the original file, detected from its content.
    public var format: String { fileFormat.text }
    /// Whether all sessions of the photo have consent, and all other people who are visible in the photo have
    /// consented.
    public let consented: Bool
    /// The label that counts; nil if the photo has none.
    public let label: Label?
    /// Whether ``label`` comes from a rule, so that no person has confirmed it.
    public let isSuggested: Bool
    /// The kind of the labelled volunteer.
    public let kind: VolunteerKind?
    /// Nil if the photo has not been measured.
    public let perceptualHash: PerceptualHash?
    /// Pixels of the upright photo.
    @Int32Backed public var width: Int
    /// Pixels of the upright photo.
    @Int32Backed public var height: Int
    public let face: KnownFace
    /// The box around the trigger that a person marked.
    public let triggerBox: Box?
    /// Nil if the photo has not been measured, or if the caller did not request quality.
    public let quality: PhotoQuality?
    /// Nil if the caller did not request it.
    public let origin: PhotoOrigin?
    /// Nil if the photo has not been measured, or if the caller did not request it.
    public let light: PhotoLight?
    private let sessionDate: InternedString
    private let fileFormat: InternedString

    public init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: VolunteerKind?,
        perceptualHash: PerceptualHash?, width: Int, height: Int, face: KnownFace = KnownFace(),
        isSuggested: Bool = false, triggerBox: Box? = nil, quality: PhotoQuality? = nil, date: String = "",
        format: String = "jpeg", origin: PhotoOrigin? = nil, light: PhotoLight? = nil
    ) {
        self.init(
            photo: photo, session: session, consented: consented, label: label, kind: kind,
            perceptualHash: perceptualHash, width: width, height: height, face: face, isSuggested: isSuggested,
            triggerBox: triggerBox, quality: quality, date: InternedString(date), format: InternedString(format),
            origin: origin, light: light)
    }

    /// Creates facts from texts that the caller has interned already. A catalog has few different dates and
    /// formats.
    package init(
        photo: PhotoID, session: SessionName, consented: Bool, label: Label?, kind: VolunteerKind?,
        perceptualHash: PerceptualHash?, width: Int, height: Int, face: KnownFace, isSuggested: Bool,
        triggerBox: Box?, quality: PhotoQuality?, date: InternedString, format: InternedString,
        origin: PhotoOrigin? = nil, light: PhotoLight? = nil
    ) {
        self.photo = photo
        self.session = session
        self.consented = consented
        self.label = label
        self.kind = kind
        self.perceptualHash = perceptualHash
        _width = Int32Backed(wrappedValue: width)
        _height = Int32Backed(wrappedValue: height)
        self.face = face
        self.isSuggested = isSuggested
        self.triggerBox = triggerBox
        self.quality = quality
        self.origin = origin
        self.light = light
        sessionDate = date
        fileFormat = format
    }

    /// The size and position of the face that counts; nil without a face.
    public var framing: FaceFraming? { face.face.map { FaceFraming($0, width: width, height: height) } }

    public var flags: [QualityFlag] { QualityFlag.flags(quality, framing) }
}
