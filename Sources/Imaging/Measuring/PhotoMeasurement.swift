/// All that is measured of a photo, once: on its upright copy of ``Reduction/measuring(width:height:)``.
public struct PhotoMeasurement: Hashable, Sendable {
    /// Nil where none was looked for.
    public let face: FaceSearch?
    /// Near-duplicates differ in few of its bits.
    public let likeness: PerceptualHash
    public let quality: Quality

    /// - Throws: ``ImagingError`` where the landmarks of faces cannot be read, or libvips fails.
    public init(_ photo: UprightPhoto, lookingForFaces: Bool = true) throws {
        let grey = GreyPicture(photo.picture)
        face = lookingForFaces ? try FaceSearch(photo, grey) : nil
        likeness = PerceptualHash(grey)
        quality = Quality(photo, grey, face: face?.face)
    }
}
