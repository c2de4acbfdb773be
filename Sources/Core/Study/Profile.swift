/// How photos become images: side length, crop and colour. Its `name` is the folder below `images/` and the key in the catalog.
public struct Profile: Hashable, Sendable, CustomStringConvertible {
    public enum Crop: String, CaseIterable, Sendable {
        /// The largest square around the middle.
        case centre
        /// The face, level and with a margin; the largest square around the middle where there is none.
        case face
        /// The whole picture, its longer side `size` pixels.
        case none
    }

    public enum Colour: String, CaseIterable, Sendable {
        case srgb
        case grey
    }

    /// Pixels a side that an image may have.
    public static let sizes = 16...1024

    public let size: Int
    public let crop: Crop
    public let colour: Colour

    /// Nil where `size` is outside ``sizes``.
    public init?(size: Int, crop: Crop = .centre, colour: Colour = .srgb) {
        guard Self.sizes.contains(size) else { return nil }
        self.size = size
        self.crop = crop
        self.colour = colour
    }

    /// What a new workspace makes at import.
    public static let standard = Profile(unchecked: 256, .face, .srgb)

    private init(unchecked size: Int, _ crop: Crop, _ colour: Colour) {
        self.size = size
        self.crop = crop
        self.colour = colour
    }

    /// `256-face-srgb`
    public var name: String { "\(size)-\(crop.rawValue)-\(colour.rawValue)" }

    /// Reads ``name`` back.
    public init?(name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let size = Int(parts[0]), let crop = Crop(rawValue: parts[1]),
            let colour = Colour(rawValue: parts[2])
        else { return nil }
        self.init(size: size, crop: crop, colour: colour)
    }

    public var description: String { name }
}
