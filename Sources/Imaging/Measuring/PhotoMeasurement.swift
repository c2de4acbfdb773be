/// All that is measured of a photo, once: on its upright copy of ``Reduction/measuring(width:height:)``.
public struct PhotoMeasurement: Hashable, Sendable {
    public let face: FaceSearch
    /// Near-duplicates differ in few of its bits.
    public let likeness: PerceptualHash
    public let quality: Quality

    /// - Throws: ``ImagingError`` where the landmarks of faces cannot be read, or libvips fails.
    public init(_ photo: UprightPhoto) throws {
        let grey = GreyPicture(photo.picture)
        face = try FaceSearch(photo, grey)
        likeness = PerceptualHash(grey)
        quality = Quality(photo, grey, face: face.face)
    }
}
