/// All that was measured of a photo, once; from then on it is catalog content, and no decoder or detector is asked again.
public struct PhotoMeasures: Hashable, Sendable {
    public let likeness: Likeness
    /// Nil where no face was looked for.
    public let face: FaceRecord?
    public let quality: PhotoQuality

    public init(likeness: Likeness, face: FaceRecord?, quality: PhotoQuality) {
        (self.likeness, self.face, self.quality) = (likeness, face, quality)
    }
}
