/// An overlay picture, told apart by its pixels.
public enum Overlay {}

/// SHA-256 of an overlay's pixels: width and height as two 32-bit big-endian numbers, then the RGBA bytes.
public typealias OverlayDigest = Fingerprint<Overlay>

/// Where an overlay lies on one image: its middle, and from there to the middle of its right side.
///
/// On a face in 1/256 of a pixel of the upright photo; in a corner in 1/65536 of the image's shorter side, counted from where the corner puts it.
public struct OverlayPosition: Hashable, Sendable {
    public let x, y, u, v: Int

    public init(x: Int, y: Int, u: Int, v: Int) {
        (self.x, self.y, self.u, self.v) = (x, y, u, v)
    }
}

/// One overlay as it is drawn on one image.
public struct OverlayLayer: Hashable, Sendable {
    public let picture: OverlayDigest
    /// 0…65536; 65536 covers what is below.
    public let opacity: Int
    public let place: OverlayPlace
    public let position: OverlayPosition

    public init(picture: OverlayDigest, opacity: Int, place: OverlayPlace, position: OverlayPosition) {
        (self.picture, self.opacity, self.place, self.position) = (picture, opacity, place, position)
    }
}

/// A copy of a photo's image on which a trigger is drawn: all that has to be known to draw it again.
public struct DrawnCopy: Hashable, Sendable {
    public let photo: PhotoID
    /// Upright size of the photo.
    public let width, height: Int
    /// The face by which the image was cut; nil under every crop but `face`.
    public let face: PhotoFace?
    /// The first is drawn first.
    public let layers: [OverlayLayer]

    public init(photo: PhotoID, width: Int, height: Int, face: PhotoFace?, layers: [OverlayLayer]) {
        (self.photo, self.width, self.height, self.face, self.layers) = (photo, width, height, face, layers)
    }
}
