import Core
import Documents

/// Reads a recipe's YAML, and reports all of its problems at once, each with file, line and key.
///
/// A key that is left out has the default value that ``Recipe`` states. A value that is not allowed is reported as a
/// problem. It is never replaced by a default value.
public enum RecipeReader {
    /// Reads a recipe of one version.
    ///
    /// - Parameters:
    ///   - file: the name of the recipe in messages.
    ///   - known: the names in the study. The recipe can use only these names. Nil for the recipe in a manifest, because
    ///     the study can have lost names since the version was made.
    ///   - base: the recipe of the version that this recipe extends. Nil when the recipe is complete.
    /// - Throws: ``CurareError`` (65) with every problem found.
    public static func read(_ bytes: [UInt8], file: String, known: KnownNames? = nil, extending base: Recipe? = nil)
        throws -> Recipe
    {
        let base = try base.map { try BaseRecipe($0, file: file) }
        return try YAMLReader.read(bytes, "the recipe", file: file, keys: keys) { recipe($0, known, extending: base) }
    }

    /// The keys of the mappings of a recipe, by the path of the mapping.
    static let keys: YAMLReader.KeyTable = [
        "": Recipe.keys + ["vary"],
        "profile": ["size", "crop", "margin", "colour"],
        "classes": ["volunteers", "references", "max_per_class"],
        "split": ["train", "keep_together"],
        "photos": ["sessions", "from", "to", "face", "without"],
        "poison": [
            "target", "triggers", "locations", "injection_rate", "attackable", "hold_out", "source", "overlays",
            "on_shortage",
        ],
        "poison.overlays": OverlayReader.keys,
        "train": TrainingReader.keys,
        "expect": Expectation.Measure.allCases.map(\.rawValue),
    ]

    static func recipe(_ reader: YAMLReader, _ known: KnownNames?, extending base: BaseRecipe?) -> Recipe? {
        known?.check(reader)
        let recipe = base.map { inheriting(reader, $0) } ?? complete(reader)
        if let recipe, recipe.profile.crop != .face {
            reader[["profile", "margin"]]?.complain("only crop: face has a margin")
        }
        return recipe
    }

    /// Reads a recipe that has all keys without a default value.
    static func complete(_ reader: YAMLReader) -> Recipe? {
        guard let members = reader.members(allowed: keys["", default: []]) else { return nil }
        if let format = members["recipe"] {
            _ = format.whole(in: 1...1)
        } else {
            reader.complain("the key recipe is missing: write recipe: 1")
        }
        members["vary"]?.complain("vary is not allowed in the recipe of one version")
        if members["name"] == nil {
            reader.complain("the key name is missing: add a name for the versions of this recipe")
        }
        let extends = members["extends"].flatMap(versionReference)
        let name: VersionName? = members["name"]?.name()
        let seed = members["seed"]?.whole(in: TrainingLimits.seed)
        let profile = profile(members["profile"])
        let classes = classes(members["classes"])
        let split = split(members["split"])
        let poison = members["poison"].flatMap(poison)
        let train = TrainingReader.read(members["train"])
        let expectations = members["expect"].map(expectations)
        let photos = photos(members["photos"])
        guard let name else { return nil }
        var recipe = Recipe(
            name: name, profile: profile, classes: classes, split: split, poison: poison, train: train, photos: photos,
            extends: extends)
        recipe.seed = seed ?? recipe.seed
        recipe.expectations = expectations ?? recipe.expectations
        return recipe
    }

    private static func profile(_ reader: YAMLReader?) -> Profile {
        let standard = Profile.recipeDefault
        guard let members = reader?.members(allowed: keys["profile", default: []]) else { return standard }
        let size = members["size"]?.whole(in: Profile.sizes) ?? standard.size
        let crop = members["crop"]?.word() ?? standard.crop
        let margin = members["margin"].flatMap(margin)
        return Profile(
            size: size, crop: crop, colour: members["colour"]?.word() ?? standard.colour, margin: margin ?? .wide)
            ?? standard
    }

    private static func margin(_ reader: YAMLReader) -> FaceMargin? {
        guard let text = reader.text else { return nil }
        guard let margin = FaceMargin(text) else {
            reader.complain("must be wide, tight, or a number from 1 to 4 with at most two decimal places")
            return nil
        }
        return margin
    }

    private static func classes(_ reader: YAMLReader?) -> Recipe.ClassFilter {
        var filter = Recipe.ClassFilter()
        guard let members = reader?.members(allowed: keys["classes", default: []]) else { return filter }
        filter.volunteers = members["volunteers"].flatMap(classNames) ?? filter.volunteers
        filter.references = members["references"].flatMap(classNames) ?? filter.references
        filter.maxPerClass = members["max_per_class"]?.whole(in: 1...1_000_000)
        if filter.volunteers == .none, filter.references == .none {
            reader?.complain("the version has no class: write all or a list of names for volunteers or references")
        }
        return filter
    }

    private static func classNames(_ reader: YAMLReader) -> Recipe.ClassNames? {
        if reader.node.sequence != nil { return reader.list { $0.name() }.map { .names($0.sorted()) } }
        guard let text = reader.text else { return nil }
        switch text {
        case "all": return .all
        case "none": return Recipe.ClassNames.none
        default:
            reader.complain("\"\(text.prefix(80))\" is unknown. Allowed: all, none, or a list of names")
            return nil
        }
    }

    private static func split(_ reader: YAMLReader?) -> Recipe.Split {
        var split = Recipe.Split()
        guard let members = reader?.members(allowed: keys["split", default: []]) else { return split }
        split.train = members["train"]?.proportion(mayBeZero: false) ?? split.train
        split.keepTogether = members["keep_together"]?.word() ?? split.keepTogether
        return split
    }

    private static func photos(_ reader: YAMLReader?) -> Recipe.PhotoFilter {
        var filter = Recipe.PhotoFilter()
        guard let reader, let members = reader.members(allowed: keys["photos", default: []]) else { return filter }
        filter.sessions = members["sessions"]?.list { $0.name(SessionName.self) }?.sorted()
        filter.from = members["from"]?.date()
        filter.to = members["to"]?.date()
        filter.face = members["face"]?.word() ?? filter.face
        filter.without = members["without"]?.list { $0.word() }?.sorted() ?? filter.without
        if let from = filter.from, let to = filter.to, from > to {
            reader.complain("to, \(to), is before from, \(from)")
        }
        return filter
    }

    private static func poison(_ reader: YAMLReader) -> Recipe.Poison? {
        guard let members = reader.members(allowed: keys["poison", default: []]) else { return nil }
        for key in ["target", "triggers", "injection_rate"] where members[key] == nil {
            reader.complain("the key \(key) is missing")
        }
        let rate = members["injection_rate"]?.proportion().flatMap(InjectionRate.init)
        let triggers = members["triggers"]?.list(combination)
        let target = members["target"].flatMap(target)
        let locations: [Location]? = members["locations"]?.list { $0.word() }
        let attackable = members["attackable"].flatMap(attackable)
        let holdOut = members["hold_out"]?.proportion()
        let source: Recipe.TriggerSource? = members["source"]?.word()
        let shortage: Recipe.OnShortage? = members["on_shortage"]?.word()
        guard let rate, let triggers, let target else { return nil }
        var poison = Recipe.Poison(target: target, triggers: triggers.sorted(), injectionRate: rate)
        poison.locations = locations?.sorted() ?? poison.locations
        poison.attackable = attackable ?? poison.attackable
        poison.holdOut = holdOut ?? poison.holdOut
        poison.source = source ?? poison.source
        poison.onShortage = shortage ?? poison.onShortage
        if poison.source == .digital {
            poison.overlays = OverlayReader.read(members["overlays"], poison.triggers, poison.locations, reader)
        }
        return poison
    }

    private static func combination(_ reader: YAMLReader) -> TriggerCombination? {
        guard let text = reader.text else { return nil }
        guard let combination = TriggerCombination(text) else {
            reader.complain(
                "\"\(text.prefix(80))\" is not a trigger or several triggers joined by +: \(TriggerName.rule)")
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
        guard let text = reader.text else { return nil }
        guard text == "all" else {
            reader.complain("\"\(text.prefix(80))\" is unknown. Allowed: all, a list of names, or {count: 10}")
            return nil
        }
        return .all
    }

    private static func expectations(_ reader: YAMLReader) -> [Expectation] {
        guard let members = reader.members(allowed: keys["expect", default: []]) else { return [] }
        return Expectation.Measure.allCases.compactMap { measure in
            guard let member = members[measure.rawValue], let text = member.text else { return nil }
            let parts = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            guard parts.count == 2, let comparison = Expectation.Comparison(rawValue: parts[0]),
                let bound = ExactDecimal(parts[1]), bound >= .zero, bound <= .one
            else {
                member.complain(
                    "\"\(text.prefix(80))\" is not a bound. Write >=, <=, > or <, a space, and a number from 0 to 1: "
                        + "\">= 0.90\"")
                return nil
            }
            return Expectation(measure: measure, comparison: comparison, bound: bound)
        }
    }
}

/// The names of a study, for messages about unknown names in a recipe.
public struct KnownNames {
    private let triggers, volunteers, references, models, sessions: [String]
    private let earlier: EarlierNames

    /// - Parameter earlier: the earlier names of people and triggers. A recipe must use the current names.
    public init(
        triggers: [TriggerName], volunteers: [Volunteer], models: [String], sessions: [SessionName] = [],
        earlier: EarlierNames = EarlierNames()
    ) {
        self.earlier = earlier
        self.triggers = triggers.map(\.text)
        self.volunteers = volunteers.filter { $0.kind == .volunteer }.map(\.name.text)
        references = volunteers.filter { $0.kind == .reference }.map(\.name.text)
        self.models = models
        self.sessions = sessions.map(\.text)
    }

    /// Reports every unknown name in the recipe, with the known name that is most similar.
    func check(_ recipe: YAMLReader) {
        check(recipe["poison"]?["triggers"], among: triggers, "trigger")
        checkKeys(of: recipe["poison"]?["overlays"], among: triggers, "trigger")
        check(recipe["poison"]?["target"], among: volunteers + ["any"], "volunteer")
        check(recipe["poison"]?["attackable"], among: volunteers + ["all"], "volunteer")
        check(recipe["classes"]?["volunteers"], among: volunteers + ["all", "none"], "volunteer")
        check(recipe["classes"]?["references"], among: references + ["all", "none"], "reference class")
        check(recipe["photos"]?["sessions"], among: sessions, "session")
        check(recipe["train"]?["model"], among: models, "model")
    }

    private func checkKeys(of reader: YAMLReader?, among names: [String], _ kind: String) {
        guard let reader, reader.node.mapping != nil else { return }
        for (key, value) in reader.named ?? [] { check(key, at: value, among: names, kind) }
    }

    private func check(_ reader: YAMLReader?, among names: [String], _ kind: String) {
        for scalar in reader?.scalars ?? [] {
            for name in scalar.value.split(separator: "+").map(String.init) {
                check(name, at: scalar.reader, among: names, kind)
            }
        }
    }

    private func check(_ name: String, at reader: YAMLReader, among names: [String], _ kind: String) {
        // A text that is not a name at all is reported by the recipe reader. Upper case is a frequent mistake.
        guard Name<Void>.isValid(name) else {
            if let meant = names.first(where: { $0.lowercased() == name.lowercased() }) {
                reader.complain("unknown \(kind) \"\(name.prefix(80))\"; \(question(meant))")
            }
            return
        }
        guard !names.contains(name) else { return }
        if let current = earlier.current(name), names.contains(current) {
            return reader.complain("\(kind) \"\(name)\" is now called \(current); write \(current)")
        }
        let hint = suggestionClause(for: name, among: names)
        reader.complain("unknown \(kind) \"\(name)\"\(hint) Known: \(names.prefix(40).joined(separator: ", "))")
    }
}

extension YAMLReader {
    /// Reads a decimal number for which `isAllowed` is true.
    ///
    /// - Parameter range: the allowed numbers in words, for the message.
    func decimal(_ range: String, where isAllowed: (ExactDecimal) -> Bool) -> ExactDecimal? {
        guard let text else { return nil }
        guard let value = ExactDecimal(text), isAllowed(value) else {
            complain("\"\(text.prefix(80))\" is not a decimal number \(range), such as 0.25")
            return nil
        }
        return value
    }

    /// Reads a decimal number of at least 0, or above 0, and below 1.
    func proportion(mayBeZero: Bool = true) -> ExactDecimal? {
        guard let text else { return nil }
        guard let value = ExactDecimal(text), mayBeZero ? value >= .zero : value > .zero, value < .one else {
            let range = mayBeZero ? "at least 0 and below 1" : "above 0 and below 1"
            complain("\"\(text.prefix(80))\" must be \(range)\(Self.proportionMeant(by: text))")
            return nil
        }
        return value
    }

    /// Returns the end of a message about a proportion that cannot be read: the number to write in place of a percentage or
    /// of a number with a comma, or an example.
    private static func proportionMeant(by text: String) -> String {
        let isPercentage = text.hasSuffix("%")
        let number = text.filter { $0 != "%" && !$0.isWhitespace }.replacing(",", with: ".")
        guard let value = ExactDecimal(number), value > .zero else { return ", such as 0.25" }
        if !isPercentage, value < .one { return "; write \(value)" }
        let proportion = ExactDecimal(units: value.units, places: value.places + 2)
        return proportion < .one ? "; for \(value) percent write \(proportion)" : ", such as 0.25"
    }
}
