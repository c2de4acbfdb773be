/// The 68 landmarks of a face, in the order of the iBUG 300-W annotation (Sagonas et al., 2013), in whole pixels of the upright photo; some may be outside of it.
public struct Landmarks: Hashable, Sendable {
    public static let count = 68
    /// Pixels to either side of the photo's corner: farther away there is no face, and arithmetic on products stays exact.
    package static let farthest = 1 << 24

    /// All 68.
    public let places: [PixelPoint]

    /// Nil where these are not 68 places near a photo.
    public init?(_ places: [PixelPoint]) {
        guard places.count == Self.count,
            places.allSatisfy({ abs($0.x) <= Self.farthest && abs($0.y) <= Self.farthest })
        else { return nil }
        self.places = places
    }

    /// From the ear at the picture's left along the jaw to the other ear.
    var jaw: ArraySlice<PixelPoint> { places[0...16] }
    /// The lowest point of the jaw.
    var chin: PixelPoint { places[8] }
    /// Both brows, from the picture's left to its right: five points each.
    var brows: ArraySlice<PixelPoint> { places[17...26] }
}

extension Landmarks {
    /// `x y x y …`, as the catalog keeps them.
    package var text: String { places.map { "\($0.x) \($0.y)" }.joined(separator: " ") }

    /// Reads ``text`` back; nil where it is no such text.
    package init?(text: String) {
        let numbers = text.split(separator: " ", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2 * Self.count else { return nil }
        let places = stride(from: 0, to: numbers.count, by: 2).compactMap { index -> PixelPoint? in
            guard let x = numbers[index], let y = numbers[index + 1], x.magnitude <= Self.farthest,
                y.magnitude <= Self.farthest
            else { return nil }
            return PixelPoint(x: x, y: y)
        }
        self.init(places)
    }
}
