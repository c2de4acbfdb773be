import Core
import Documents

/// Recipes that extend a base version: keys that are left out have the values of the base version's recipe.
extension RecipeReader {
    /// Returns the version that a recipe extends. Nil when the recipe extends no version.
    ///
    /// - Throws: ``CurareError`` (65) when the file is not a mapping, or `extends` is not a version with its number.
    public static func base(of bytes: [UInt8], file: String) throws -> VersionReference? {
        try YAMLReader.read(bytes, "the recipe", file: file, keys: keys) { reader -> [VersionReference]? in
            guard let member = reader["extends"] else { return [] }
            return versionReference(member).map { [$0] }
        }.first
    }

    /// Reads the value of `extends`.
    static func versionReference(_ reader: YAMLReader) -> VersionReference? {
        guard let text = reader.text else { return nil }
        guard let reference = VersionReference(text), reference.number != nil else {
            reader.complain(
                "\"\(text.prefix(80))\" is not a version. Write NAME@V. The number is required because a later version "
                    + "of NAME would change the result")
            return nil
        }
        return reference
    }

    /// The recipe of a base version.
    struct BaseRecipe {
        let recipe: Recipe
        let reader: YAMLReader

        init(_ recipe: Recipe, file: String) throws {
            self.recipe = recipe
            reader = try YAMLReader.read(
                Array(recipe.inheritedJSON.canonical.utf8), "the extended version's recipe", file: file
            ) { $0 }
        }
    }

    /// Returns the recipe with the values of the base recipe for keys that are left out. `expect` and `photos` are
    /// taken from one of the recipes as a whole.
    static func inheriting(_ reader: YAMLReader, _ base: BaseRecipe) -> Recipe? {
        guard var recipe = complete(reader.filled(from: base.reader, whole: ["expect", "photos"])) else { return nil }
        let inherited = base.recipe
        checkFixedKeys(of: recipe, inherited, reader)
        if let poison = inherited.poison {
            recipe.poison?.target = poison.target
            recipe.poison?.attackable = poison.attackable
        }
        return recipe
    }

    /// Reports every key whose value must be the value of the base version, but is not. `target: any`, `attackable:
    /// all` and a count are allowed when the resolved classes of the base version satisfy them.
    private static func checkFixedKeys(of recipe: Recipe, _ inherited: Recipe, _ reader: YAMLReader) {
        func check(_ isSame: Bool, _ path: [String], _ value: String) {
            if isSame { return }
            (reader[path] ?? reader).complain(
                "the extended version has \(value), which an extension cannot change: remove this key")
        }
        check(recipe.seed == inherited.seed, ["seed"], "\(inherited.seed)")
        check(recipe.split.train == inherited.split.train, ["split", "train"], "\(inherited.split.train)")
        check(
            recipe.split.keepTogether == inherited.split.keepTogether, ["split", "keep_together"],
            inherited.split.keepTogether.rawValue)
        guard let poison = recipe.poison, let fixed = inherited.poison else {
            return check((recipe.poison == nil) == (inherited.poison == nil), ["poison"], "no poison")
        }
        let triggers = fixed.triggers.map(\.text).joined(separator: ", ")
        let locations = fixed.locations.map(\.rawValue).joined(separator: ", ")
        check(poison.triggers == fixed.triggers, ["poison", "triggers"], triggers)
        check(poison.locations == fixed.locations, ["poison", "locations"], locations)
        check(poison.source == fixed.source, ["poison", "source"], fixed.source.rawValue)
        check(poison.overlays == fixed.overlays, ["poison", "overlays"], "other overlays (see its manifest.json)")
        check(
            poison.target == .any || poison.target == fixed.target, ["poison", "target"], fixed.target.description)
        check(
            poison.attackable.isSatisfied(by: fixed.attackable), ["poison", "attackable"],
            fixed.attackable.description)
    }
}
