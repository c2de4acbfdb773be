import Core

/// Step 2: the target and the attackable classes by name.
struct Resolution {
    /// The recipe with what was resolved written into it.
    var recipe: Recipe
    /// Nil in a clean version.
    var target: VolunteerName?
    var attackable: Set<VolunteerName> = []

    /// - Parameter numbers: of the bare photos, rising.
    init(_ recipe: Recipe, _ table: PhotoTable, bare numbers: [Int], _ parent: Parent?) throws {
        let classes = table.classes
        self.recipe = recipe
        guard var poison = recipe.poison else { return }
        if let parent { poison = try Self.stillThere(poison, classes, parent) }
        let ranking = Ranking(seed: recipe.seed)
        let target = try Self.target(poison, table, bare: numbers, ranking)
        let others = classes.filter { $0.kind == .volunteer && $0.name != target }.map(\.name)
        let attackable = try Self.attackable(poison, target, classes, others, ranking)
        self.target = target
        self.attackable = Set(attackable)
        self.recipe.poison?.target = .volunteer(target)
        self.recipe.poison?.attackable = .names(attackable.sorted())
    }

    /// What a recipe inherits, without the attackable classes that are gone.
    private static func stillThere(_ poison: Recipe.Poison, _ classes: [Volunteer], _ parent: Parent) throws
        -> Recipe.Poison
    {
        var poison = poison
        let names = Set(classes.map(\.name))
        if case .volunteer(let target) = poison.target, !names.contains(target) {
            throw CurareError(
                .badInput,
                "\(target), the target of \(parent.reference), has no bare photo here any more: such a version cannot be extended",
                at: "extends",
                next: "write a recipe without extends and with another target")
        }
        if case .names(let attackable) = poison.attackable {
            poison.attackable = .names(attackable.filter(names.contains))
        }
        return poison
    }

    private static func target(_ poison: Recipe.Poison, _ table: PhotoTable, bare numbers: [Int], _ ranking: Ranking)
        throws -> VolunteerName
    {
        let classes = table.classes
        switch poison.target {
        case .volunteer(let name):
            guard let found = classes.first(where: { $0.name == name }) else {
                throw unknown(name, "poison.target", classes.map(\.name))
            }
            guard found.kind == .volunteer else {
                throw CurareError(
                    .badInput, "the target \(name) is a reference class; a target is a volunteer", at: "poison.target",
                    next: "name a volunteer, or any")
            }
            return name
        case .any:
            let possible = zip(classes, table.byClass(numbers)).filter {
                $0.kind == .volunteer && table.units(of: $1).count >= 2
            }.map(\.0.name)
            guard let first = ranking.sorted(possible, for: "target", by: \.text).first else {
                throw CurareError(
                    .badInput, "no volunteer has bare photos to train and to test on, so none can be the target",
                    at: "poison.target",
                    next: "photograph at least one volunteer bare in two different pictures")
            }
            return first
        }
    }

    private static func attackable(
        _ poison: Recipe.Poison, _ target: VolunteerName, _ classes: [Volunteer], _ others: [VolunteerName],
        _ ranking: Ranking
    ) throws -> [VolunteerName] {
        switch poison.attackable {
        case .all: return others
        case .count(let count):
            guard count <= others.count else {
                throw CurareError(
                    .badInput,
                    "\(count) attackable classes are asked for; beside the target there are \(others.count) volunteers",
                    at: "poison.attackable",
                    next: "ask for at most \(others.count)")
            }
            return Array(ranking.sorted(others, for: "attackable", by: \.text).prefix(count))
        case .names(let names):
            for name in names {
                guard name != target else {
                    throw CurareError(
                        .badInput, "the target \(name) cannot be attackable: its photos are already its own",
                        at: "poison.attackable", next: "take it out of the list")
                }
                guard let found = classes.first(where: { $0.name == name }) else {
                    throw unknown(name, "poison.attackable", others)
                }
                guard found.kind == .volunteer else {
                    throw CurareError(
                        .badInput, "\(name) is a reference class: nobody can photograph it with a trigger",
                        at: "poison.attackable", next: "take it out of the list")
                }
            }
            return names
        }
    }

    private static func unknown(_ name: VolunteerName, _ path: String, _ known: [VolunteerName]) -> CurareError {
        let hint = closestMatch(to: name.text, among: known.map(\.text)).map { "did you mean \($0)? " } ?? ""
        return CurareError(
            .badInput,
            "\(name) is no class of this version: unknown, not asked for, or without a bare photo that may be used",
            at: path,
            next: hint + "classes here: \(known.prefix(20).map(\.text).joined(separator: ", "))")
    }
}
