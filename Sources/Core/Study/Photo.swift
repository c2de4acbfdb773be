/// An original file and the properties that import measures once.
public struct Photo: Hashable, Sendable {
    public let id: PhotoID
    /// The size of the file.
    public let bytes: Int
    /// The file format, detected from the content: `jpeg`, `png`, `tiff`, `webp`, `pnm` or `heic`.
    public let format: String
    /// Pixels of the upright photo.
    public let width: Int
    /// Pixels of the upright photo.
    public let height: Int
    /// The time by the camera's clock, without a time zone: `YYYY-MM-DDTHH:MM:SS`.
    public let captured: String?
    public let camera: String?

    public init(id: PhotoID, bytes: Int, format: String, width: Int, height: Int, captured: String?, camera: String?) {
        self.id = id
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
        self.captured = captured
        self.camera = camera
    }
}

/// A photo's row in the `session.csv` of one session.
public struct SessionPhoto: Hashable, Sendable {
    public let session: SessionName
    /// The name of the file in the session's folder.
    public let file: String
    public let note: String?

    public init(session: SessionName, file: String, note: String? = nil) {
        self.session = session
        self.file = file
        self.note = note
    }
}

/// A normalized crop of a photo, made under a profile.
public struct Image: Hashable, Sendable {
    public let photo: PhotoID
    public let profile: Profile
    public let digest: ImageDigest

    public init(photo: PhotoID, profile: Profile, digest: ImageDigest) {
        self.photo = photo
        self.profile = profile
        self.digest = digest
    }
}

/// All measurements of a photo. They are made once and stored; no later command decodes the photo or detects faces
/// again.
public struct PhotoMeasures: Hashable, Sendable {
    public let perceptualHash: PerceptualHash
    /// Nil if no face detector was run, because the profile does not crop by face.
    public let face: FaceRecord?
    public let quality: PhotoQuality
    public let light: PhotoLight

    public init(perceptualHash: PerceptualHash, face: FaceRecord?, quality: PhotoQuality, light: PhotoLight) {
        self.perceptualHash = perceptualHash
        self.face = face
        self.quality = quality
        self.light = light
    }
}

/// The result of making an image again from its original photo.
public struct ReproducedImage: Sendable {
    /// The digest of the new image, or the error that prevented the image.
    public let fresh: Result<ImageDigest, CurareError>
    /// The digest of the image file on disk; nil if no file holds a readable image.
    public let stored: ImageDigest?

    public init(fresh: Result<ImageDigest, CurareError>, stored: ImageDigest?) {
        self.fresh = fresh
        self.stored = stored
    }
}
