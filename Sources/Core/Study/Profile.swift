/// The rule that turns photos into images: side length, crop and colour.
///
/// The profile's name is the name of its folder in `images/` and its key in the catalog.
public struct Profile: Hashable, Sendable, CustomStringConvertible {
    public enum Crop: String, CaseIterable, Sendable {
        /// The largest square around the centre.
        case centre
        /// A square around the face with a ``margin``, rotated so that the eyes are level. If the photo has no face:
        /// the largest square around the centre.
        case face
        /// The whole photo; its longer side has `size` pixels.
        case none
    }

    public enum Colour: String, CaseIterable, Sendable {
        case srgb
        case grey
    }

    /// The allowed side lengths of images, in pixels.
    public static let sizes = 16...1024

    public let size: Int
    public let crop: Crop
    public let colour: Colour
    /// The margin of a face crop; ``FaceMargin/wide`` for other crops, which do not use it.
    public let margin: FaceMargin

    /// Creates a profile; nil if `size` is outside ``sizes``.
    ///
    /// - Parameter margin: only a face crop uses it.
    public init?(size: Int, crop: Crop = .centre, colour: Colour = .srgb, margin: FaceMargin = .wide) {
        guard Self.sizes.contains(size) else { return nil }
        self.init(unchecked: size, crop, colour, margin)
    }

    /// The profile of a new workspace.
    public static let standard = Profile(unchecked: 256, .face, .srgb)

    /// The profile of a recipe without `profile`.
    public static let recipeDefault = Profile(unchecked: 224, .centre, .srgb)

    private init(unchecked size: Int, _ crop: Crop, _ colour: Colour, _ margin: FaceMargin = .wide) {
        self.size = size
        self.crop = crop
        self.colour = colour
        self.margin = crop == .face ? margin : .wide
    }

    /// `SIZE-CROP-COLOUR`, for example `256-face-srgb`. A margin that is not ``FaceMargin/wide`` follows the crop:
    /// `256-face-1.4-srgb`.
    public var name: String {
        let crop = margin == .wide ? crop.rawValue : "\(crop.rawValue)-\(margin)"
        return "\(size)-\(crop)-\(colour.rawValue)"
    }

    /// Creates the profile that has this ``name``; nil if there is none.
    public init?(name: String) {
        var parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        var margin = FaceMargin.wide
        if parts.count == 4 {
            guard let named = FaceMargin(parts.remove(at: 2)) else { return nil }
            margin = named
        }
        guard parts.count == 3, let size = Int(parts[0]), let crop = Crop(rawValue: parts[1]),
            let colour = Colour(rawValue: parts[2])
        else { return nil }
        self.init(size: size, crop: crop, colour: colour, margin: margin)
        // A profile has one name.
        guard self.name == name else { return nil }
    }

    public var description: String { name }
}
