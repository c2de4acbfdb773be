import Core
import Learning

/// The rule that decides whether saliency maps of a model are drawn.
public enum SaliencyResolution {
    /// The smallest side of the feature maps for which saliency maps are drawn.
    ///
    /// Grad-CAM was published for networks at 224 px, whose last feature maps have at least 7 × 7 cells. A map of 2 × 2
    /// cells is enlarged to a smooth picture of the whole image too, but its four numbers cannot show whether the face or
    /// the trigger supports a class.
    public static let minimumSide = 7

    /// Returns the smallest image size with saliency maps for each model that has such a size, sorted by size.
    static func sizes(side: Int) throws -> [(model: String, size: Int)] {
        try Models.names.compactMap { name in
            // The number of classes does not change the feature maps.
            try Models.named(name, classes: 2).smallestSize(in: Profile.sizes, forSaliencySide: side).map { (name, $0) }
        }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    }
}

/// The reason why a run has no saliency maps although it has attack photos.
public struct MissingSaliency: Hashable, Codable, Sendable {
    /// The kinds of reasons. The raw values are JSON values.
    public enum Reason: String, Codable, Sendable {
        case smallFeatureMaps = "small-feature-maps"
    }

    /// A model, and the smallest image size for which its saliency maps are drawn.
    public struct Alternative: Hashable, Codable, Sendable {
        public let model: String
        public let size: Int
    }

    public let reason: Reason
    /// The side of the model's feature maps.
    public let side: Int
    /// The side that the feature maps must have.
    public let requiredSide: Int
    /// The models and image sizes that give saliency maps: first the run's own model, then a model that needs smaller
    /// images, if there is one.
    public let alternatives: [Alternative]

    /// Nil if the saliency maps of the model are large enough.
    ///
    /// - Parameters:
    ///   - model: the name of the graph.
    ///   - size: the size of the images in pixels.
    ///   - minimumSide: ``SaliencyResolution/minimumSide``; tests accept smaller maps.
    init?(_ graph: Graph, model: String, size: Int, minimumSide: Int = SaliencyResolution.minimumSide) throws {
        // The error for a model without a pool is that of the maps themselves.
        guard let side = try graph.saliencySide(size: size), side < minimumSide else { return nil }
        let sizes = try SaliencyResolution.sizes(side: minimumSide).map { Alternative(model: $0.model, size: $0.size) }
        let own = sizes.filter { $0.model == model }
        let smaller = sizes.prefix(1).filter { $0.model != model }
        self.init(
            reason: .smallFeatureMaps, side: side, requiredSide: minimumSide, alternatives: own + smaller)
    }

    private init(reason: Reason, side: Int, requiredSide: Int, alternatives: [Alternative]) {
        self.reason = reason
        self.side = side
        self.requiredSide = requiredSide
        self.alternatives = alternatives
    }

    /// One sentence with the reason.
    public func explanation(model: String, size: Int) -> String {
        "the last feature maps of \(model) at \(size) px have \(side) × \(side) cells, and a saliency map needs at least "
            + "\(requiredSide) × \(requiredSide)"
    }

    /// The models and image sizes that give saliency maps, as a next step. Nil if there are none.
    public var nextStep: String? {
        guard !alternatives.isEmpty else { return nil }
        let choices = alternatives.map { "\($0.model) with images of at least \($0.size) px" }
        return "train \(choices.joined(separator: ", or ")) (size under profile in the recipe)"
    }
}
