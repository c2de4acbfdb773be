import Core
import Documents

/// The recipes in a recipe file: one or, with `vary`, one for each combination of values (a grid).
public struct RecipeFile: Sendable {
    /// The recipes in the order of the grid: the first key of ``GridAxis`` changes slowest.
    public private(set) var recipes: [Recipe]
    /// The name of the grid. Nil for a recipe without `vary`.
    public let grid: VersionName?
    /// The keys in `vary`, in the order of ``GridAxis``. Empty without `vary`.
    public var varied: [String] { axes.map(\.rawValue) }
    private let axes: [GridAxis]
    private let bytes: [UInt8]

    /// The largest number of versions of a grid.
    static let limit = 1000

    /// Reads a recipe file.
    ///
    /// - Parameters:
    ///   - file: the name of the file in messages.
    ///   - known: the study's names, which the recipe's names must be among.
    ///   - base: the recipe of the version that this recipe extends.
    /// - Throws: ``CurareError`` (65) with every problem found.
    public init(_ bytes: [UInt8], file: String, known: KnownNames? = nil, extending base: Recipe? = nil) throws {
        let base = try base.map { try RecipeReader.BaseRecipe($0, file: file) }
        self.bytes = bytes
        (recipes, grid, axes) = try YAMLReader.read(bytes, "the recipe", file: file, keys: RecipeReader.keys) {
            reader in
            guard let vary = reader["vary"] else {
                return RecipeReader.recipe(reader, known, extending: base).map { ([$0], nil, []) }
            }
            guard let axes = Self.axes(vary, in: reader) else { return nil }
            let plain = reader.removing("vary")
            let recipes = Self.combinations(of: axes).compactMap { values in
                RecipeReader.recipe(
                    values.reduce(plain) { $0.replacing($1.axis.path, with: $1.value.node) }, known, extending: base)
            }
            guard !reader.hasProblems, let name = recipes.first?.name else { return nil }
            return (Self.named(recipes, name, axes.map(\.axis), vary), name, axes.map(\.axis))
        }
    }

    /// Returns whether the versions of the grid differ in the key, such as `poison.injection_rate`.
    func varies(_ key: String) -> Bool { axes.contains { $0.path.joined(separator: ".") == key } }

    /// Returns the `recipe.yaml` of a version: the file as the researcher wrote it or, for a grid, the version's own
    /// recipe.
    public func text(of recipe: Recipe) -> [UInt8] {
        grid.map { Array(recipe.yaml("One of the versions of the grid \($0).").utf8) } ?? bytes
    }

    /// The pictures of all overlays.
    public var pictures: Set<OverlayPictureSource> {
        Set(recipes.flatMap { ($0.poison?.overlays ?? [:]).values.map(\.picture) })
    }

    /// Returns the file with the digests of the overlays' pictures in every recipe.
    ///
    /// - Parameter digests: the digest of each of ``pictures``.
    /// - Throws: ``CurareError`` (65) when a recipe has a different digest; (70) when a picture is missing.
    public func settingPictureDigests(_ digests: [OverlayPictureSource: OverlayDigest]) throws -> RecipeFile {
        var file = self
        file.recipes = try recipes.map { try $0.settingPictureDigests(digests) }
        return file
    }

    private typealias AxisValues = (axis: GridAxis, values: [YAMLReader])

    private static func axes(_ vary: YAMLReader, in recipe: YAMLReader) -> [AxisValues]? {
        guard let members = vary.members(allowed: GridAxis.allCases.map(\.rawValue)) else { return nil }
        if members.isEmpty { vary.complain("vary has no key") }
        let axes = GridAxis.allCases.compactMap { axis -> AxisValues? in
            guard let member = members[axis.rawValue] else { return nil }
            recipe[axis.path]?.complain("this key is in vary too: remove one of them")
            guard let values = member.elements, !values.isEmpty else {
                member.complain("write a list of one or more values")
                return nil
            }
            return (axis, axis.isList ? values.map(\.asList) : values)
        }
        let count = axes.reduce(1) { min($0 * $1.values.count, limit + 1) }
        if count > limit { vary.complain("the grid has more than \(limit) versions") }
        return vary.hasProblems ? nil : axes
    }

    private static func combinations(of axes: [AxisValues]) -> [[(axis: GridAxis, value: YAMLReader)]] {
        axes.reduce([[]]) { combinations, axis in
            combinations.flatMap { combination in axis.values.map { combination + [(axis.axis, $0)] } }
        }
    }

    /// Returns the recipes, named after the grid and the values of its axes.
    private static func named(_ recipes: [Recipe], _ name: VersionName, _ axes: [GridAxis], _ vary: YAMLReader)
        -> [Recipe]
    {
        var taken: Set<VersionName> = []
        return recipes.map { recipe in
            let text = ([name.text] + axes.map { $0.label(recipe) }).joined(separator: "-")
            var named = recipe
            if let long = VersionName(text) {
                named.name = long
            } else {
                vary.complain("the name of a version would be \(text): \(VersionName.rule)")
            }
            if !taken.insert(named.name).inserted {
                vary.complain("two versions would have the name \(named.name): remove the repeated value")
            }
            return named
        }
    }
}

/// A key that can have several values in a grid. The order of the cases is the order of a grid's versions and of the
/// parts of their names.
enum GridAxis: String, CaseIterable {
    case model = "train.model"
    case triggers
    case locations
    case source
    case target
    case injectionRate = "injection_rate"
    case seed

    /// The path of the key in a recipe.
    var path: [String] {
        switch self {
        case .model: ["train", "model"]
        case .seed: ["seed"]
        case .triggers, .locations, .source, .target, .injectionRate: ["poison", rawValue]
        }
    }

    /// Whether the key has a list, for which a single word can be written.
    var isList: Bool { self == .triggers || self == .locations }

    /// Returns the value of this key in `recipe` as short text: the elements of a list are joined by a comma.
    func value(in recipe: Recipe) -> String {
        switch self {
        case .model: recipe.train.model
        case .triggers: (recipe.poison?.triggers ?? []).map(\.text).joined(separator: ", ")
        case .locations: (recipe.poison?.locations ?? []).map(\.rawValue).joined(separator: ", ")
        case .source: recipe.poison?.source.rawValue ?? ""
        case .target: recipe.poison?.target.description ?? ""
        case .injectionRate: recipe.poison?.injectionRate.description ?? ""
        case .seed: "\(recipe.seed)"
        }
    }

    /// Returns the part of a version's name that gives the value of this key in `recipe`. Names cannot have a `+`, so a
    /// dot joins the triggers of a combination.
    func label(_ recipe: Recipe) -> String {
        switch self {
        case .model: value(in: recipe)
        case .triggers:
            (recipe.poison?.triggers ?? []).map { $0.triggers.map(\.text).joined(separator: ".") }.joined(
                separator: "_")
        case .locations: (recipe.poison?.locations ?? []).map(\.rawValue).joined(separator: "_")
        case .source: value(in: recipe)
        case .target: "to-\(value(in: recipe))"
        case .injectionRate: "rate-\(value(in: recipe))"
        case .seed: "seed-\(value(in: recipe))"
        }
    }
}
