/// An overlay at its place on one image.
public struct PlacedOverlay: Hashable, Sendable {
    /// What the numbers are counted from.
    public enum Anchor: Hashable, Sendable, CaseIterable {
        /// The photo's top left, in 1/256 of a photo's pixel.
        case photo
        /// The place in that corner of the image where the overlay's outermost points are 1/32 of the image's shorter side away from both borders; in 1/65536 of that side.
        case topLeft, topRight, bottomLeft, bottomRight
    }

    public let picture: OverlayPicture
    /// 0…65536: 65536 covers what is below.
    public let opacity: Int
    public let anchor: Anchor
    /// The overlay's middle.
    public let x, y: Int
    /// From the middle to the middle of the overlay's right side.
    public let u, v: Int

    public init(_ picture: OverlayPicture, opacity: Int, anchor: Anchor, x: Int, y: Int, u: Int, v: Int) {
        (self.picture, self.opacity, self.anchor) = (picture, opacity, anchor)
        (self.x, self.y, self.u, self.v) = (x, y, u, v)
    }
}

extension Picture {
    /// This image with `overlays` drawn over it, one after the other. Whole numbers throughout, so that every machine gives the same pixels.
    ///
    /// - Parameters:
    ///   - rendering: what made the image of a photo of `width` × `height`.
    ///   - face: by which it was cut.
    public func drawn(_ overlays: [PlacedOverlay], _ rendering: Rendering, width: Int, height: Int, face: Face?)
        -> Picture
    {
        var rgb = self.rgb
        for overlay in overlays where overlay.u != 0 || overlay.v != 0 {
            let isInPhoto = overlay.anchor == .photo
            let grid =
                isInPhoto
                ? ImageGrid(
                    rendering, width: width, height: height, face: face, imageWidth: self.width,
                    imageHeight: self.height)
                : ImageGrid(imageWidth: self.width, imageHeight: self.height)
            OverlayStroke(
                overlay, on: grid, imageWidth: self.width, imageHeight: self.height, isGrey: rendering.colour == .grey
            ).draw(on: &rgb, width: self.width)
        }
        return Picture(VipsPixels(width: self.width, height: self.height, rgb: rgb))
    }
}
