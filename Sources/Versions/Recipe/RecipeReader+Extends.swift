import Core
import Documents

/// A recipe that extends a version: what it leaves out stands as that version has it.
extension RecipeReader {
    /// The version that a recipe extends; nil where it extends none.
    ///
    /// - Throws: ``CurareError`` (65) where the file is no mapping, or `extends` no version with its number.
    public static func parent(of bytes: [UInt8], file: String) throws -> VersionReference? {
        try YAMLReader.read(bytes, "the recipe", file: file) { reader -> VersionReference?? in
            guard let member = reader["extends"] else { return .some(nil) }
            return extends(member).map { .some($0) }
        }
    }

    static func extends(_ reader: YAMLReader) -> VersionReference? {
        guard let text = reader.text else { return nil }
        guard let reference = VersionReference(text), reference.number != nil else {
            reader.complain(
                "\"\(text.prefix(80))\" is no version. Write NAME@V, with its number: a recipe must mean the same tomorrow"
            )
            return nil
        }
        return reference
    }

    /// The recipe of a version that is extended.
    struct Inherited {
        let recipe: Recipe
        let reader: YAMLReader

        init(_ recipe: Recipe, file: String) throws {
            self.recipe = recipe
            reader = try YAMLReader.read(
                Array(recipe.inherited.canonical.utf8), "the extended version's recipe", file: file
            ) { $0 }
        }
    }

    /// The recipe with what it leaves out as the extended one has it. `expect` and `photos` are taken whole from where they stand.
    static func inheriting(_ reader: YAMLReader, _ inherited: Inherited) -> Recipe? {
        guard var recipe = recipe(reader.filled(from: inherited.reader, whole: ["expect", "photos"])) else {
            return nil
        }
        let parent = inherited.recipe
        hold(recipe, to: parent, reader)
        recipe.poison?.target = parent.poison?.target ?? .any
        recipe.poison?.attackable = parent.poison?.attackable ?? .all
        return recipe
    }

    /// Complains of every key whose value is another than the parent's. `any`, `all` and a count are met by what the parent made of them.
    private static func hold(_ recipe: Recipe, to parent: Recipe, _ reader: YAMLReader) {
        func hold(_ holds: Bool, _ path: [String], _ value: String) {
            if holds { return }
            (reader[path] ?? reader).complain(
                "it stands at \(value) in the version that this recipe extends: leave it out")
        }
        hold(recipe.seed == parent.seed, ["seed"], "\(parent.seed)")
        hold(recipe.split.train == parent.split.train, ["split", "train"], "\(parent.split.train)")
        hold(
            recipe.split.keepTogether == parent.split.keepTogether, ["split", "keep_together"],
            parent.split.keepTogether.rawValue)
        guard let asked = recipe.poison, let given = parent.poison else {
            return hold((recipe.poison == nil) == (parent.poison == nil), ["poison"], "nothing")
        }
        hold(
            asked.triggers == given.triggers, ["poison", "triggers"], given.triggers.map(\.text).joined(separator: ", ")
        )
        hold(
            asked.locations == given.locations, ["poison", "locations"],
            given.locations.map(\.rawValue).joined(separator: ", "))
        hold(asked.source == given.source, ["poison", "source"], given.source.rawValue)
        hold(asked.overlays == given.overlays, ["poison", "overlays"], "what the version's manifest says")
        hold(asked.target == .any || asked.target == given.target, ["poison", "target"], given.target.text)
        hold(asked.attackable.isMet(by: given.attackable), ["poison", "attackable"], given.attackable.text)
    }
}

extension Recipe.Target {
    var text: String {
        switch self {
        case .any: "any"
        case .volunteer(let name): name.text
        }
    }
}

extension Recipe.Attackable {
    /// For messages.
    var text: String {
        switch self {
        case .all: "all"
        case .names(let names): "[\(names.map(\.text).joined(separator: ", "))]"
        case .count(let count): "\(count) classes"
        }
    }

    /// Whether who asks for this is content with the classes that a version has resolved.
    func isMet(by resolved: Self) -> Bool {
        switch (self, resolved) {
        case (.all, _): true
        case (.count(let count), .names(let names)): count == names.count
        default: self == resolved
        }
    }
}
