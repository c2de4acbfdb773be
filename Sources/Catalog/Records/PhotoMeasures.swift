/// All that was measured of a photo, once; from then on it is catalog content, and no decoder or detector is asked again.
public struct PhotoMeasures: Hashable, Sendable {
    public let likeness: Likeness
    public let face: FaceRecord

    public init(likeness: Likeness, face: FaceRecord) {
        (self.likeness, self.face) = (likeness, face)
    }
}
