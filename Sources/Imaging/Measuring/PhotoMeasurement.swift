import Crypto

/// All that is measured of a photo, once: on its upright copy of ``Reduction/measuring(width:height:)``.
public struct PhotoMeasurement: Hashable, Sendable {
    public let face: FaceSearch
    /// Photos of the same likeness are near-duplicates.
    public let likeness: UInt64
    public let quality: Quality

    /// - Throws: ``ImagingError`` where the landmarks of faces cannot be read, or libvips fails.
    public init(_ photo: UprightPhoto) throws {
        let grey = GreyPicture(photo.picture)
        face = try FaceSearch(photo, grey)
        likeness = SHA256.hash(data: grey.luma).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        quality = Quality(photo, grey, face: face.face)
    }
}
