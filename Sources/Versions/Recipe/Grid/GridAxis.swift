import Core

/// A key that a recipe may give several values to. The order is that of a grid's versions, and of the parts of their names.
enum GridAxis: String, CaseIterable {
    case model = "train.model"
    case triggers
    case locations
    case source
    case target
    case injectionRate = "injection_rate"
    case seed

    /// Where the key stands in a recipe.
    var path: [String] {
        switch self {
        case .model: ["train", "model"]
        case .seed: ["seed"]
        case .triggers, .locations, .source, .target, .injectionRate: ["poison", rawValue]
        }
    }

    /// Whether a single word stands for a list of one.
    var isList: Bool { self == .triggers || self == .locations }

    /// What the value of `recipe` adds to the name of its version: names allow no `+`, so that `bandana+sunglasses` is `bandana.sunglasses`.
    func label(_ recipe: Recipe) -> String {
        switch self {
        case .model: recipe.train.model
        case .triggers:
            (recipe.poison?.triggers ?? []).map { $0.triggers.map(\.text).joined(separator: ".") }.joined(
                separator: "_")
        case .locations: (recipe.poison?.locations ?? []).map(\.rawValue).joined(separator: "_")
        case .source: recipe.poison?.source.rawValue ?? ""
        case .target: "to-\(recipe.poison?.target.text ?? "")"
        case .injectionRate: "rate-\(recipe.poison?.injectionRate.description ?? "")"
        case .seed: "seed-\(recipe.seed)"
        }
    }
}
