import Core

/// Step 2 of selection: the target class and the attackable classes by name.
struct TargetResolution {
    /// The recipe with the names of the target and of the attackable classes.
    private(set) var recipe: Recipe
    /// Nil for a clean version.
    private(set) var target: VolunteerName?
    private(set) var attackable: Set<VolunteerName> = []

    /// - Parameters:
    ///   - bare: the indices of bare photos, increasing.
    ///   - base: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) when a class that the recipe names cannot be the target or attackable.
    init(_ recipe: Recipe, _ table: SplitTable, bare: [Int], _ base: BaseVersion?) throws {
        let classes = table.classes
        self.recipe = recipe
        guard var poison = recipe.poison else { return }
        if let base { poison = try Self.removingMissingClasses(from: poison, classes, base) }
        let ranking = Ranking(seed: recipe.seed)
        let target = try Self.target(poison, table, bare: bare, ranking)
        let attackable = try Self.attackable(poison, target, classes, ranking)
        self.target = target
        self.attackable = Set(attackable)
        self.recipe.poison?.target = .volunteer(target)
        self.recipe.poison?.attackable = .names(attackable.sorted())
    }

    /// Returns the inherited settings without attackable classes that no longer exist.
    private static func removingMissingClasses(
        from poison: Recipe.Poison, _ classes: [Volunteer], _ base: BaseVersion
    ) throws -> Recipe.Poison {
        var poison = poison
        let names = Set(classes.map(\.name))
        if case .volunteer(let target) = poison.target, !names.contains(target) {
            throw CurareError(
                .badInput,
                "\(base.reference) cannot be extended: its target \(target) no longer has a usable bare photo",
                at: "extends", next: "write a recipe without extends and with another target")
        }
        if case .names(let attackable) = poison.attackable {
            poison.attackable = .names(attackable.filter(names.contains))
        }
        return poison
    }

    private static func target(_ poison: Recipe.Poison, _ table: SplitTable, bare: [Int], _ ranking: Ranking) throws
        -> VolunteerName
    {
        let classes = table.classes
        switch poison.target {
        case .volunteer(let name):
            guard let found = classes.first(where: { $0.name == name }) else {
                throw unknownClass(name, "poison.target", classes.map(\.name))
            }
            guard found.kind == .volunteer else {
                throw CurareError(
                    .badInput, "the target \(name) is a reference class, but a target must be a volunteer",
                    at: "poison.target", next: "name a volunteer, or any")
            }
            return name
        case .any:
            let possible = zip(classes, table.byClass(bare)).filter {
                $0.kind == .volunteer && table.units(of: $1).count >= 2
            }.map(\.0.name)
            guard let first = ranking.sorted(possible, for: "target", by: \.text).first else {
                throw CurareError(
                    .badInput, "no volunteer can be the target: none has bare photos both for training and for testing",
                    at: "poison.target", next: "take at least two different bare photos of a volunteer")
            }
            return first
        }
    }

    private static func attackable(
        _ poison: Recipe.Poison, _ target: VolunteerName, _ classes: [Volunteer], _ ranking: Ranking
    ) throws -> [VolunteerName] {
        let others = classes.filter { $0.kind == .volunteer && $0.name != target }.map(\.name)
        switch poison.attackable {
        case .all: return others
        case .count(let count):
            guard count <= others.count else {
                throw CurareError(
                    .badInput,
                    "the recipe requires \(count) attackable classes, but there are only \(others.count) volunteers "
                        + "other than the target",
                    at: "poison.attackable", next: "reduce the count to at most \(others.count)")
            }
            return Array(ranking.sorted(others, for: "attackable", by: \.text).prefix(count))
        case .names(let names):
            for name in names { try requireAttackable(name, target, classes, others) }
            return names
        }
    }

    private static func requireAttackable(
        _ name: VolunteerName, _ target: VolunteerName, _ classes: [Volunteer], _ others: [VolunteerName]
    ) throws {
        guard name != target else {
            throw CurareError(
                .badInput, "the target \(name) cannot be attackable: its photos already have the target's label",
                at: "poison.attackable", next: "remove \(name) from the list")
        }
        guard let found = classes.first(where: { $0.name == name }) else {
            throw unknownClass(name, "poison.attackable", others)
        }
        guard found.kind == .volunteer else {
            throw CurareError(
                .badInput, "the reference class \(name) cannot be attackable: it has no photos with triggers",
                at: "poison.attackable", next: "remove \(name) from the list")
        }
    }

    private static func unknownClass(_ name: VolunteerName, _ path: String, _ known: [VolunteerName]) -> CurareError {
        let hint = suggestion(for: name.text, among: known.map(\.text)).map { "\($0) " } ?? ""
        return CurareError(
            .badInput,
            "\(name) is not a class of this version: the name is unknown, the recipe excludes the class, or the class "
                + "has no usable bare photo",
            at: path, next: hint + "classes of this version: \(known.prefix(20).map(\.text).joined(separator: ", "))")
    }
}
