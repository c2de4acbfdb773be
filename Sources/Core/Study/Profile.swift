/// The rule that turns photos into images: side length, crop and colour.
///
/// The profile's name is the name of its folder in `images/` and its key in the catalog.
public struct Profile: Hashable, Sendable, CustomStringConvertible {
    public enum Crop: String, CaseIterable, Sendable {
        /// The largest square around the centre.
        case centre
        /// A square around the face with a margin, rotated so that the eyes are level. If the photo has no face: the
        /// largest square around the centre.
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

    /// Creates a profile; nil if `size` is outside ``sizes``.
    public init?(size: Int, crop: Crop = .centre, colour: Colour = .srgb) {
        guard Self.sizes.contains(size) else { return nil }
        self.init(unchecked: size, crop, colour)
    }

    /// The profile of a new workspace.
    public static let standard = Profile(unchecked: 256, .face, .srgb)

    /// The profile of a recipe without `profile`.
    public static let recipeDefault = Profile(unchecked: 224, .centre, .srgb)

    private init(unchecked size: Int, _ crop: Crop, _ colour: Colour) {
        self.size = size
        self.crop = crop
        self.colour = colour
    }

    /// `SIZE-CROP-COLOUR`, for example `256-face-srgb`.
    public var name: String { "\(size)-\(crop.rawValue)-\(colour.rawValue)" }

    /// Creates the profile that has this ``name``; nil if there is none.
    public init?(name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let size = Int(parts[0]), let crop = Crop(rawValue: parts[1]),
            let colour = Colour(rawValue: parts[2])
        else { return nil }
        self.init(size: size, crop: crop, colour: colour)
    }

    public var description: String { name }
}
