import Core
import Documents

/// What a recipe's file asks for: one version or, with `vary`, one for each combination of values.
public struct RecipeFile: Sendable {
    /// In the order of the grid: the first key of `vary` changes slowest, in the order that ``GridAxis`` has them.
    public private(set) var recipes: [Recipe]
    /// The name of the grid; nil for a plain recipe.
    public let grid: VersionName?
    private let bytes: [UInt8]

    /// A grid holds at most this many versions.
    static let limit = 1000

    /// - Parameters:
    ///   - file: how messages name the recipe.
    ///   - known: the study's names.
    ///   - parent: the recipe of the version that is extended.
    /// - Throws: ``CurareError`` (65) with every problem found.
    public init(_ bytes: [UInt8], file: String, known: KnownNames? = nil, extending parent: Recipe? = nil) throws {
        let inherited = try parent.map { try RecipeReader.Inherited($0, file: file) }
        self.bytes = bytes
        (recipes, grid) = try YAMLReader.read(bytes, "the recipe", file: file) { reader in
            func recipe(_ reader: YAMLReader) -> Recipe? {
                known?.check(reader)
                return inherited.map { RecipeReader.inheriting(reader, $0) } ?? RecipeReader.recipe(reader)
            }
            guard let vary = reader["vary"] else { return recipe(reader).map { ([$0], nil) } }
            guard let axes = Self.axes(vary, beside: reader) else { return nil }
            let recipes = Self.combinations(of: axes).compactMap { values -> Recipe? in
                recipe(values.reduce(reader.removing("vary")) { $0.replacing($1.axis.path, with: $1.value.node) })
            }
            guard !reader.hasProblems, let name = recipes.first?.name else { return nil }
            return Self.named(recipes, name, axes.map(\.axis), vary).map { ($0, name) }
        }
    }

    /// What goes into the `recipe.yaml` of the version that `recipe` gives: the file as it was written or, in a grid, the recipe by itself.
    public func text(of recipe: Recipe) -> [UInt8] {
        grid.map { Array(recipe.yaml("One of the versions of the grid \($0).").utf8) } ?? bytes
    }

    /// The pictures that its overlays show.
    public var pictures: Set<OverlayReference> {
        Set(recipes.flatMap { ($0.poison?.overlays ?? [:]).values.map(\.picture) })
    }

    /// The file with the digests of its overlays' pictures in every recipe.
    ///
    /// - Throws: ``CurareError`` (65) where a recipe says another digest.
    public func naming(_ digests: [OverlayReference: OverlayDigest]) throws -> RecipeFile {
        var file = self
        file.recipes = try recipes.map { try $0.naming(digests) }
        return file
    }

    private typealias Axis = (axis: GridAxis, values: [YAMLReader])

    private static func axes(_ vary: YAMLReader, beside reader: YAMLReader) -> [Axis]? {
        guard let members = vary.members(allowed: GridAxis.allCases.map(\.rawValue)) else { return nil }
        if members.isEmpty { vary.complain("there is nothing to vary") }
        let axes = GridAxis.allCases.compactMap { axis -> Axis? in
            guard let member = members[axis.rawValue] else { return nil }
            if let place = reader[axis.path] { place.complain("this stands under vary too: leave one of them out") }
            guard let values = member.elements, !values.isEmpty else {
                member.complain("a list of one value or more belongs here")
                return nil
            }
            return (axis, axis.isList ? values.map(\.asList) : values)
        }
        let count = axes.reduce(1) { min($0 * $1.values.count, limit + 1) }
        if count > limit { vary.complain("these are more than \(limit) versions") }
        return vary.hasProblems ? nil : axes
    }

    private static func combinations(of axes: [Axis]) -> [[(axis: GridAxis, value: YAMLReader)]] {
        axes.reduce([[]]) { combinations, axis in
            combinations.flatMap { combination in axis.values.map { combination + [(axis.axis, $0)] } }
        }
    }

    /// The recipes under the grid's name with the values behind it.
    private static func named(_ recipes: [Recipe], _ name: VersionName, _ axes: [GridAxis], _ vary: YAMLReader)
        -> [Recipe]?
    {
        var taken: Set<VersionName> = []
        return recipes.map { recipe in
            let text = ([name.text] + axes.map { $0.label(recipe) }).joined(separator: "-")
            var named = recipe
            if let long = VersionName(text) {
                named.name = long
            } else {
                vary.complain("a version would be named \(text): \(VersionName.rule)")
            }
            if !taken.insert(named.name).inserted {
                vary.complain("two versions would be named \(named.name): a value stands in a list twice")
            }
            return named
        }
    }
}
