import Core

/// An overlay with its position on one image.
public struct PlacedOverlay: Hashable, Sendable {
    /// The origin and the unit of the coordinates.
    public enum Anchor: Hashable, Sendable, CaseIterable {
        /// The top left of the photo; the unit is 1/256 of a pixel of the photo.
        case photo
        /// The position in a corner of the image at which the overlay has a distance of 1/32 of the image's shorter
        /// side from both borders; the unit is 1/65536 of the shorter side.
        case topLeft, topRight, bottomLeft, bottomRight
    }

    public let picture: OverlayPicture
    /// 0…65536; at 65536 the overlay covers the image.
    public let opacity: Int
    public let anchor: Anchor
    /// The centre of the overlay.
    public let x, y: Int
    /// The vector from the centre to the middle of the overlay's right side.
    public let u, v: Int

    public init(_ picture: OverlayPicture, opacity: Int, anchor: Anchor, x: Int, y: Int, u: Int, v: Int) {
        self.picture = picture
        self.opacity = opacity
        self.anchor = anchor
        self.x = x
        self.y = y
        self.u = u
        self.v = v
    }

    /// Whether the overlay has a size. An overlay without a size is not drawn.
    var hasSize: Bool { u != 0 || v != 0 }

    /// Returns the centre (x, y) and the half width (u, v) in 1/65536 of a pixel: a pixel of the photo for the anchor
    /// `photo`, otherwise a pixel of the image, which has `width` × `height` pixels.
    func scaled(imageWidth width: Int, imageHeight height: Int) -> (u: Int128, v: Int128, x: Int128, y: Int128) {
        let (u, v, x, y) = (Int128(u), Int128(v), Int128(x), Int128(y))
        guard anchor != .photo else { return (u * 256, v * 256, x * 256, y * 256) }
        let side = Int128(min(width, height))
        let margin = side * 2048
        let (halfU, halfV) = (u * side, v * side)
        let tall = Int128(picture.height)
        let wide = Int128(picture.width)
        let reachX = Int128(halfU.magnitude) + Int128(halfV.magnitude) * tall / wide + margin
        let reachY = Int128(halfV.magnitude) + Int128(halfU.magnitude) * tall / wide + margin
        let isRight = anchor == .topRight || anchor == .bottomRight
        let isBottom = anchor == .bottomLeft || anchor == .bottomRight
        return (
            halfU, halfV, (isRight ? Int128(width) * 65536 - reachX : reachX) + x * side,
            (isBottom ? Int128(height) * 65536 - reachY : reachY) + y * side
        )
    }
}

/// The area that a drawn overlay occupies on an image: the smallest box around the visible pixels of its picture,
/// rotated with the picture. Transparent margins are excluded.
///
/// Positions are in pixels from the top left corner of the image, as in ``ImagePlacement``.
public struct OverlayBox: Hashable, Sendable {
    /// Maps a position in the image to pixels of the photo or of the image, as the overlay's anchor requires.
    private let placement: ImagePlacement
    /// The centre (x, y) of the picture and the vector (u, v) to the middle of its right side, in the same pixels.
    private let x, y, u, v: Double
    /// The visible part in pixels of the picture, from its centre.
    private let columns, rows: Range<Double>
    private let pictureWidth: Int

    /// - Parameters:
    ///   - profile, width, height, face: as in ``Picture/drawn(_:_:width:height:face:)``.
    ///   - imageWidth, imageHeight: size of the image.
    /// - Returns: nil if nothing is drawn, because the picture is transparent or has no size.
    public init?(
        _ overlay: PlacedOverlay, _ profile: Profile, width: Int, height: Int, face: PhotoFace?, imageWidth: Int,
        imageHeight: Int
    ) {
        guard overlay.hasSize, overlay.opacity > 0, let visible = overlay.picture.visibleBox else { return nil }
        placement =
            overlay.anchor == .photo
            ? ImagePlacement(
                drawing: profile, width: width, height: height, face: face, imageWidth: imageWidth,
                imageHeight: imageHeight)
            : ImagePlacement(imageWidth: imageWidth, imageHeight: imageHeight)
        let scaled = overlay.scaled(imageWidth: imageWidth, imageHeight: imageHeight)
        x = Double(scaled.x) / 65536
        y = Double(scaled.y) / 65536
        u = Double(scaled.u) / 65536
        v = Double(scaled.v) / 65536
        pictureWidth = overlay.picture.width
        let halfWidth = Double(overlay.picture.width) / 2
        let halfHeight = Double(overlay.picture.height) / 2
        columns = Double(visible.x) - halfWidth..<Double(visible.x + visible.width) - halfWidth
        rows = Double(visible.y) - halfHeight..<Double(visible.y + visible.height) - halfHeight
    }

    /// Returns whether a position in the image is in the box.
    public func contains(column: Double, row: Double) -> Bool {
        let position = placement.photoPosition(column: column, row: row)
        let (a, b, scale) = (position.x - x, position.y - y, Double(pictureWidth) / 2 / (u * u + v * v))
        return columns.contains((a * u + b * v) * scale) && rows.contains((b * u - a * v) * scale)
    }
}
