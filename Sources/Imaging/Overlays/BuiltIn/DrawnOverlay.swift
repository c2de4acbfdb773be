/// The overlays that the program draws itself: the reference study's seven triggers, and the corner pattern of the digital attacks before it (Gu et al., 2017).
///
/// The raw values are what a recipe says.
public enum DrawnOverlay: String, CaseIterable, Sendable {
    case bandana
    case checkerboard
    case dots
    case earrings
    case sunglasses
    case tattooFilled = "tattoo-filled"
    case tattooOutline = "tattoo-outline"
    case whiteTape = "white-tape"

    /// What it looks like: the same pixels everywhere.
    ///
    /// - Throws: ``ImagingError`` where a drawing does not have the size of an overlay, which only a bug can bring about.
    public func picture() throws -> OverlayPicture {
        let canvas =
            switch self {
            case .bandana: Self.bandanaDrawing
            case .checkerboard: Self.checkerboardDrawing
            case .dots: Self.dotsDrawing
            case .earrings: Self.earringsDrawing
            case .sunglasses: Self.sunglassesDrawing
            case .tattooFilled: Self.tattooDrawing(isFilled: true)
            case .tattooOutline: Self.tattooDrawing(isFilled: false)
            case .whiteTape: Self.whiteTapeDrawing
            }
        guard let picture = canvas.picture else {
            throw ImagingError(.failed, "the overlay \(rawValue) has a wrong size", next: "please report this")
        }
        return picture
    }
}
