/// Where a drawn overlay lies on an image: the box around what its picture shows, turned with the picture; what is transparent all around it does not count.
///
/// Places are told from the image's top left corner in pixels, as in ``ImagePlacement``.
public struct OverlayBox: Hashable, Sendable {
    /// From a place in the image to what the overlay's position counts in: pixels of the photo or of the image.
    private let placement: ImagePlacement
    /// In the same pixels: the picture's middle, and from there the middle of its right side.
    private let x, y, u, v: Double
    /// In pixels of the picture from its middle.
    private let columns, rows: Range<Double>
    private let width: Int

    /// - Parameters:
    ///   - rendering, width, height, face: as in ``Picture/drawn(_:_:width:height:face:)``.
    ///   - imageWidth, imageHeight: of the image that it is drawn on.
    /// - Returns: nil where nothing is drawn: the whole picture is transparent, or it has no size.
    public init?(
        _ overlay: PlacedOverlay, _ rendering: Rendering, width: Int, height: Int, face: Face?, imageWidth: Int,
        imageHeight: Int
    ) {
        guard overlay.u != 0 || overlay.v != 0, overlay.opacity > 0, let shown = overlay.picture.shown else {
            return nil
        }
        placement =
            overlay.anchor == .photo
            ? ImagePlacement(
                drawing: rendering, width: width, height: height, face: face, imageWidth: imageWidth,
                imageHeight: imageHeight)
            : ImagePlacement(imageWidth: imageWidth, imageHeight: imageHeight)
        let fine = OverlayStroke.fine(overlay, imageWidth, imageHeight)
        (x, y, u, v) = (Double(fine.x) / 65536, Double(fine.y) / 65536, Double(fine.u) / 65536, Double(fine.v) / 65536)
        self.width = overlay.picture.width
        let (middle, half) = (Double(overlay.picture.width) / 2, Double(overlay.picture.height) / 2)
        columns = Double(shown.left) - middle..<Double(shown.left + shown.width) - middle
        rows = Double(shown.top) - half..<Double(shown.top + shown.height) - half
    }

    /// Whether the place is in the box.
    public func contains(column: Double, row: Double) -> Bool {
        let place = placement.place(column: column, row: row)
        let (a, b, scale) = (place.x - x, place.y - y, Double(width) / 2 / (u * u + v * v))
        return columns.contains((a * u + b * v) * scale) && rows.contains((b * u - a * v) * scale)
    }
}
