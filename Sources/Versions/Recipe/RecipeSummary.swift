import Core

/// The values of a recipe that distinguish the versions of a study, as short texts. Without poison, the values of
/// `poison` are nil.
public struct RecipeSummary: Hashable, Sendable, Encodable {
    public let target: String?
    /// The combinations of triggers, joined by a comma.
    public let triggers: String?
    public let locations: String?
    /// `physical` or `digital`.
    public let source: String?
    /// The requested injection rate.
    public let injectionRate: String?
    public let holdOut: String?
    public let seed: Int
    public let model: String

    public init(_ recipe: Recipe) {
        func value(_ axis: GridAxis) -> String? { recipe.poison == nil ? nil : axis.value(in: recipe) }
        target = value(.target)
        triggers = value(.triggers)
        locations = value(.locations)
        source = value(.source)
        injectionRate = value(.injectionRate)
        holdOut = recipe.poison?.holdOut.description
        seed = recipe.seed
        model = recipe.train.model
    }
}

extension Recipe {
    /// Returns the value of a key that a grid can vary, as short text. Nil for any other key.
    public func value(ofVaried key: String) -> String? { GridAxis(rawValue: key)?.value(in: self) }
}
