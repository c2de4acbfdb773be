import Core
import Imaging
import Learning

/// An image that a model looks at, with what is known of the photo that it shows.
struct SeenPhoto: Sendable {
    /// Square, as the model takes it.
    let picture: Picture
    let placement: ImagePlacement
    let regions: PhotoRegions
    /// Where triggers are drawn on it, which is then where its trigger is; none on what was photographed.
    private let drawn: [OverlayBox]
    /// ``inside(_:side:)`` for each of the image's own pixels.
    private let ownPixels: [PhotoRegions.Region: [Bool]]

    init(picture: Picture, placement: ImagePlacement, regions: PhotoRegions, drawn: [OverlayBox] = []) {
        (self.picture, self.placement, self.regions, self.drawn) = (picture, placement, regions, drawn)
        ownPixels = Dictionary(
            uniqueKeysWithValues: PhotoRegions.Region.allCases.map {
                ($0, Self.inside($0, side: picture.width, placement, regions, drawn))
            }
        ).compactMapValues(\.self)
    }

    /// For each of `side` × `side` places over the image, row after row, whether it lies in `region`; nil where the region is not known.
    func inside(_ region: PhotoRegions.Region, side: Int) -> [Bool]? {
        side == picture.width ? ownPixels[region] : Self.inside(region, side: side, placement, regions, drawn)
    }

    private static func inside(
        _ region: PhotoRegions.Region, side: Int, _ placement: ImagePlacement, _ regions: PhotoRegions,
        _ drawn: [OverlayBox]
    ) -> [Bool]? {
        let isDrawn = region == .trigger && !drawn.isEmpty
        guard isDrawn || regions.holds(PixelPoint(x: 0, y: 0), in: region) != nil else { return nil }
        let step = Double(placement.width) / Double(side)
        return (0..<side * side).map { index in
            let (column, row) = ((Double(index % side) + 0.5) * step, (Double(index / side) + 0.5) * step)
            if isDrawn { return drawn.contains { $0.contains(column: column, row: row) } }
            let place = placement.place(column: column, row: row)
            return regions.holds(PixelPoint(x: Int(place.x.rounded(.down)), y: Int(place.y.rounded(.down))), in: region)
                == true
        }
    }

    /// How much of `map` lies in each region.
    func shares(of map: ActivationMap) -> RegionShares {
        RegionShares(values: map.scaled(to: picture.width)) { inside($0, side: picture.width) }
    }

    /// How much of the image each region is: what a map that knows nothing would have there.
    var areas: RegionShares {
        RegionShares(values: Array(repeating: 1, count: picture.width * picture.height)) {
            inside($0, side: picture.width)
        }
    }

    /// The image at `side` × `side`, under `map` where there is one, with a line around each region.
    ///
    /// - Throws: `ImagingError` where libvips fails.
    func drawn(_ map: ActivationMap?, side: Int) throws -> Picture {
        var drawn = try picture.rendered(Rendering(size: side, crop: .none, colour: .srgb))
        if let map, let heat = HeatMap(width: side, height: side, values: map.scaled(to: side)) {
            drawn = drawn.under(heat) ?? drawn
        }
        return PhotoRegions.Region.allCases.compactMap { inside($0, side: side) }.reduce(drawn) { $0.outlined($1) }
    }
}

/// The shares of something over an image that lie on the trigger's box and inside the face's outline; nil where it is not known where that is, or there is nothing to share.
public struct RegionShares: Hashable, Codable, Sendable {
    public let trigger, face: Double?

    /// What lies inside the image and outside of the face.
    public var offFace: Double? { face.map { 1 - $0 } }

    /// - Parameter inside: whether each of `values` lies in a region.
    init(values: [Float], inside: (PhotoRegions.Region) -> [Bool]?) {
        let total = values.reduce(0.0) { $0 + Double($1) }
        func share(_ region: PhotoRegions.Region) -> Double? {
            guard total > 0, let inside = inside(region) else { return nil }
            return zip(values, inside).reduce(0.0) { $1.1 ? $0 + Double($1.0) : $0 } / total
        }
        (trigger, face) = (share(.trigger), share(.face))
    }
}
