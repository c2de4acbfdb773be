import Core
import Documents

/// Reads a recipe's YAML, and answers everything that is wrong with it at once, with file, line and key path.
public enum RecipeReader {
    /// - Parameters:
    ///   - file: how messages name the recipe.
    ///   - known: the study's names, to hold the recipe's to; nil where the recipe stands in a manifest and speaks of its own time.
    ///   - parent: the recipe of the version that this one extends; nil where it extends none, or says everything itself as a manifest's does.
    /// - Throws: ``CurareError`` (65) with every problem found.
    public static func read(_ bytes: [UInt8], file: String, known: KnownNames? = nil, extending parent: Recipe? = nil)
        throws -> Recipe
    {
        let inherited = try parent.map { try Inherited($0, file: file) }
        return try YAMLReader.read(bytes, "the recipe", file: file) { reader in
            known?.check(reader)
            return inherited.map { inheriting(reader, $0) } ?? recipe(reader)
        }
    }

    static func recipe(_ reader: YAMLReader) -> Recipe? {
        let allowed = [
            "recipe", "name", "extends", "seed", "profile", "classes", "photos", "split", "poison", "train", "expect",
            "vary",
        ]
        guard let members = reader.members(allowed: allowed) else { return nil }
        if let format = members["recipe"] {
            _ = format.whole(in: 1...1)
        } else {
            reader.complain("the key recipe is missing: write recipe: 1")
        }
        members["vary"]?.complain("a version has a recipe without vary")
        let parent = members["extends"].flatMap(extends)
        if members["name"] == nil {
            reader.complain("the key name is missing: a name for the versions that this recipe makes")
        }
        let name: VersionName? = members["name"]?.name()
        let seed = members["seed"]?.whole(in: 0...9_007_199_254_740_991) ?? 0
        let (profile, classes, split) = (
            profile(members["profile"]), classes(members["classes"]), split(members["split"])
        )
        let (poison, train) = (members["poison"].flatMap(poison), TrainingReader.read(members["train"]))
        let expectations = members["expect"].map(expectations) ?? []
        let photos = photos(members["photos"])
        guard let name else { return nil }
        return Recipe(
            name: name, seed: seed, profile: profile, classes: classes, split: split, poison: poison, train: train,
            expectations: expectations,
            photos: photos, extends: parent)
    }

    private static func profile(_ reader: YAMLReader?) -> Profile {
        guard let members = reader?.members(allowed: ["size", "crop", "colour"]) else { return .recipeDefault }
        let size = members["size"]?.whole(in: Profile.sizes) ?? Profile.recipeDefault.size
        let crop = members["crop"]?.word() ?? Profile.recipeDefault.crop
        return Profile(size: size, crop: crop, colour: members["colour"]?.word() ?? .srgb) ?? .recipeDefault
    }

    private static func classes(_ reader: YAMLReader?) -> Recipe.ClassFilter {
        var filter = Recipe.ClassFilter()
        guard let members = reader?.members(allowed: ["volunteers", "references", "max_per_class"]) else {
            return filter
        }
        filter.volunteers = members["volunteers"].flatMap(choice) ?? filter.volunteers
        filter.references = members["references"].flatMap(choice) ?? filter.references
        filter.maxPerClass = members["max_per_class"]?.whole(in: 1...1_000_000)
        if filter.volunteers == .none, filter.references == .none { reader?.complain("no class is asked for") }
        return filter
    }

    private static func choice(_ reader: YAMLReader) -> Recipe.Choice? {
        if reader.node.sequence != nil { return reader.list { $0.name() }.map { .names($0.sorted()) } }
        switch reader.text {
        case "all": return .all
        case "none": return Recipe.Choice.none
        case nil: return nil
        case let other?:
            reader.complain("\"\(other.prefix(80))\" is unknown. Allowed: all, none, or a list of names")
            return nil
        }
    }

    private static func split(_ reader: YAMLReader?) -> Recipe.Split {
        var split = Recipe.Split()
        guard let members = reader?.members(allowed: ["train", "keep_together"]) else { return split }
        split.train = members["train"]?.decimal("above 0 and below 1") { $0 > .zero && $0 < .one } ?? split.train
        split.keepTogether = members["keep_together"]?.word() ?? split.keepTogether
        return split
    }

    private static func poison(_ reader: YAMLReader) -> Recipe.Poison? {
        let allowed = [
            "target", "triggers", "locations", "injection_rate", "attackable", "hold_out", "source", "overlays",
            "on_shortage",
        ]
        guard let members = reader.members(allowed: allowed) else { return nil }
        for key in ["target", "triggers", "injection_rate"] where members[key] == nil {
            reader.complain("the key \(key) is missing")
        }
        let rate = members["injection_rate"]?.decimal("from 0 up to but not 1") { $0 >= .zero && $0 < .one }.flatMap(
            InjectionRate.init)
        let triggers = members["triggers"]?.list(combination)
        let target = members["target"].flatMap(target)
        let locations: [Location] = members["locations"]?.list { $0.word() } ?? Location.allCases
        let attackable = members["attackable"].flatMap(attackable) ?? .all
        let holdOut = members["hold_out"]?.decimal("from 0 up to but not 1") { $0 >= .zero && $0 < .one }
        let source: Recipe.Source = members["source"]?.word() ?? .physical
        let shortage: Recipe.OnShortage? = members["on_shortage"]?.word()
        guard let rate, let triggers, let target else { return nil }
        var poison = Recipe.Poison(
            target: target, triggers: triggers.sorted(), locations: locations.sorted(), injectionRate: rate,
            attackable: attackable)
        poison.holdOut = holdOut ?? poison.holdOut
        poison.onShortage = shortage ?? poison.onShortage
        poison.source = source
        if source == .digital {
            poison.overlays = OverlayReader.read(members["overlays"], poison.triggers, poison.locations, reader)
        }
        return poison
    }

    /// A trigger, or several joined by `+`.
    private static func combination(_ reader: YAMLReader) -> TriggerCombination? {
        guard let text = reader.text else { return nil }
        guard let combination = TriggerCombination(text) else {
            reader.complain("\"\(text.prefix(80))\" is no trigger, nor several joined by +: \(TriggerName.rule)")
            return nil
        }
        return combination
    }

    private static func target(_ reader: YAMLReader) -> Recipe.Target? {
        reader.node.scalar?.string == "any" ? .any : reader.name().map(Recipe.Target.volunteer)
    }

    private static func attackable(_ reader: YAMLReader) -> Recipe.Attackable? {
        if reader.node.sequence != nil {
            return reader.list(mayBeEmpty: true) { $0.name() }.map { .names($0.sorted()) }
        }
        if reader.node.mapping != nil {
            guard let members = reader.members(allowed: ["count"]) else { return nil }
            guard let count = members["count"] else {
                reader.complain("the key count is missing")
                return nil
            }
            return count.whole(in: 1...1_000_000).map { .count($0) }
        }
        if let text = reader.text, text != "all" {
            reader.complain("\"\(text.prefix(80))\" is unknown. Allowed: all, a list of names, or {count: 10}")
        }
        return .all
    }

    private static func expectations(_ reader: YAMLReader) -> [Expectation] {
        guard let members = reader.members(allowed: Expectation.Measure.allCases.map(\.rawValue)) else { return [] }
        return Expectation.Measure.allCases.compactMap { measure in
            guard let member = members[measure.rawValue], let text = member.text else { return nil }
            let parts = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            guard parts.count == 2, let comparison = Expectation.Comparison(rawValue: parts[0]),
                let bound = ExactDecimal(parts[1]), bound >= .zero, bound <= .one
            else {
                member.complain(
                    "\"\(text.prefix(80))\" is no bound. Write one of >= <= > <, a space, and a share from 0 to 1: \">= 0.90\""
                )
                return nil
            }
            return Expectation(measure: measure, comparison: comparison, bound: bound)
        }
    }
}

extension YAMLReader {
    func decimal(_ range: String, where holds: (ExactDecimal) -> Bool) -> ExactDecimal? {
        guard let text else { return nil }
        guard let value = ExactDecimal(text), holds(value) else {
            complain("\"\(text.prefix(80))\" is not a decimal number \(range), such as 0.25")
            return nil
        }
        return value
    }
}

extension ExactDecimal {
    static let zero = ExactDecimal(units: 0, places: 0)
    static let one = ExactDecimal(units: 1, places: 0)
}

extension Profile {
    /// What a recipe without a profile asks for.
    static let recipeDefault = Profile(size: 224) ?? .standard
}
