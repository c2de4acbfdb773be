import Core
import Foundation
import Imaging
import Learning

/// An image as a model receives it, with the positions of the face and of the trigger.
struct ModelInput: Sendable {
    /// A square image.
    let picture: Picture
    /// The position of the image in the photo.
    let placement: ImagePlacement
    let regions: PhotoRegions
    /// The boxes of the triggers drawn on the image. When there are any, they replace the trigger box of the photo.
    private let drawn: [OverlayBox]
    /// ``mask(of:side:)`` at the size of the image.
    private let masks: [Region: [Bool]]

    init(picture: Picture, placement: ImagePlacement, regions: PhotoRegions, drawn: [OverlayBox] = []) {
        self.picture = picture
        self.placement = placement
        self.regions = regions
        self.drawn = drawn
        let masks = Region.allCases.map {
            ($0, Self.mask(of: $0, side: picture.width, placement, regions, drawn))
        }
        self.masks = Dictionary(uniqueKeysWithValues: masks).compactMapValues(\.self)
    }

    /// Returns for each point of a `side` × `side` grid over the image, row by row, whether it is in `region`. Nil when
    /// the region is unknown.
    func mask(of region: Region, side: Int) -> [Bool]? {
        side == picture.width ? masks[region] : Self.mask(of: region, side: side, placement, regions, drawn)
    }

    private static func mask(
        of region: Region, side: Int, _ placement: ImagePlacement, _ regions: PhotoRegions,
        _ drawn: [OverlayBox]
    ) -> [Bool]? {
        let isDrawn = region == .trigger && !drawn.isEmpty
        guard isDrawn || regions.contains(PixelPoint(x: 0, y: 0), in: region) != nil else { return nil }
        guard isDrawn else {
            return placement.mask(columns: side, rows: side) { regions.contains($0, in: region) == true }
        }
        let step = Double(placement.width) / Double(side)
        return (0..<side * side).map { index in
            let column = (Double(index % side) + 0.5) * step
            let row = (Double(index / side) + 0.5) * step
            return drawn.contains { $0.contains(column: column, row: row) }
        }
    }

    /// Returns the proportion of the mass of `map` in each region.
    func proportions(of map: SaliencyMap) -> RegionProportions {
        RegionProportions(values: map.scaled(to: picture.width)) { mask(of: $0, side: picture.width) }
    }

    /// The proportion of the image that each region covers, which is also the expectation for a uniform map.
    var areas: RegionProportions {
        RegionProportions(values: Array(repeating: 1, count: picture.width * picture.height)) {
            mask(of: $0, side: picture.width)
        }
    }

    /// Returns the image at `side` × `side` pixels with an outline of each region, and with `map` as an overlay.
    ///
    /// - Throws: `ImagingError` when libvips fails.
    func rendered(_ map: SaliencyMap?, side: Int) throws -> Picture {
        var image = try picture.rendered(size: side, crop: .none, colour: .srgb)
        if let map {
            guard let heat = HeatMap(width: side, height: side, values: map.scaled(to: side)),
                let overlaid = image.overlaid(with: heat)
            else {
                throw CurareError(
                    .bug, "a saliency map does not have the size of its image", next: "please report this")
            }
            image = overlaid
        }
        return Region.allCases.compactMap { mask(of: $0, side: side) }.reduce(image) { $0.outlined($1) }
    }
}

/// The proportions of an image or a saliency map in the trigger's box and in the face's outline. A property is nil when
/// its region is unknown, or when the map is empty.
public struct RegionProportions: Hashable, Codable, Sendable {
    public let trigger: Double?
    public let face: Double?

    /// The proportion outside the face.
    public var offFace: Double? { face.map { 1 - $0 } }
}

extension RegionProportions {
    /// - Parameter mask: Returns for each of `values` whether it is in a region, or nil for an unknown region.
    init(values: [Float], mask: (Region) -> [Bool]?) {
        let total = values.reduce(0.0) { $0 + Double($1) }
        func proportion(_ region: Region) -> Double? {
            guard total > 0, let mask = mask(region) else { return nil }
            return zip(values, mask).reduce(0.0) { $1.1 ? $0 + Double($1.0) : $0 } / total
        }
        self.init(trigger: proportion(.trigger), face: proportion(.face))
    }
}

/// The saliency of one model for one image: the class, its probability, and the proportions of the map in each region.
public struct SaliencyResult: Hashable, Codable, Sendable {
    /// The class that the map explains: a name, or an index when the weights list no classes.
    public let label: String
    /// The softmax probability of the class. Nil when a logit is not finite.
    public let probability: Double?
    /// The proportion of the map's mass in the trigger's box. Nil when the box is unknown or the map is empty.
    public let trigger: Double?
    /// The proportion in the face's outline. Nil when the outline is unknown or the map is empty.
    public let face: Double?
    /// The proportion outside the face's outline.
    public let offFace: Double?
}

extension SaliencyResult {
    init(_ explanation: ImageSaliency, _ input: ModelInput, classes: [String]?) {
        let proportions = input.proportions(of: explanation.map)
        self.init(
            label: classes?[explanation.label] ?? String(explanation.label),
            probability: Self.probability(explanation.logits, explanation.label), trigger: proportions.trigger,
            face: proportions.face, offFace: proportions.offFace)
    }

    /// Returns the softmax of `logits` at `label`. Nil when a logit is not finite, or there are none.
    static func probability(_ logits: [Float], _ label: Int) -> Double? {
        guard let largest = logits.max().map(Double.init), logits.allSatisfy(\.isFinite) else { return nil }
        // Without the largest logit, no exponential overflows.
        return exp(Double(logits[label]) - largest) / logits.reduce(0) { $0 + exp(Double($1) - largest) }
    }
}
