import Core

/// The assignment of a role to every eligible photo, as a recipe requires. Selection is a pure function of the photos,
/// the recipe and the base version. The steps are those of `docs/format.md`.
public struct Selection: Sendable {
    /// Sorted by role, then photo, then overlay.
    public let assignments: Assignments
    /// The selected photos, in the order of their ids.
    public var photos: [PhotoID] { assignments.photos.map(\.photo) }
    /// The recipe after the target and the attackable classes are resolved: it has names in place of `any`, `all` or
    /// `{count: 3}`.
    public let recipe: Recipe
    /// All classes, in index order.
    public let classes: [Volunteer]
    /// n, the number of clean training photos.
    public let clean: Int
    /// The number of poison photos that the requested injection rate requires. The actual number ``poison`` can differ.
    public let poisonAsked: Int
    /// m, the number of poison photos.
    public let poison: Int
    /// The number of photos or copies that could become poison.
    public let pool: Int
    /// The number of pairs of a bare and a triggered photo that are in one group but on different sides of the split.
    public let crossPairs: Int
    /// Conditions that a researcher should check, such as a class without a clean test photo.
    public let warnings: [String]
    /// The digest of the base version. Nil for a selection that extends no version.
    public let parent: FileDigest?

    /// Runs steps 2 to 5 of selection.
    ///
    /// - Parameters:
    ///   - photos: in the order of photo ids.
    ///   - base: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) when the photos do not allow what the recipe requires.
    public init(_ photos: [EligiblePhoto], _ recipe: Recipe, extending base: BaseVersion? = nil) throws {
        let table = SplitTable(photos, recipe.split.keepTogether)
        guard !table.classes.isEmpty else {
            throw CurareError(
                .badInput, "no photo of the catalog can be used by this recipe", at: recipe.name.text,
                next: "run curare audit to see what is missing: consent, labels, or bare photos of the recipe's classes"
            )
        }
        let bare = photos.indices.filter { photos[$0].triggerState.isBare }
        let triggered = photos.indices.filter { !photos[$0].triggerState.isBare }
        let resolved = try TargetResolution(recipe, table, bare: bare, base)
        let clean = CleanSplit(table, bare: bare, resolved.recipe, base)
        var rows = clean.train.map { Assignments.Row($0, .trainClean, label: table.volunteer(of: $0)) }
        rows += clean.test.map { Assignments.Row($0, .testClean, label: table.volunteer(of: $0)) }
        var copies: [(copy: Assignments.Copy, row: Assignments.Row)] = []
        if let settings = resolved.recipe.poison, let target = resolved.target {
            try Self.requireBothSides(of: target, clean, table)
            let poison = try PoisonSelection(
                clean, table, triggered: triggered, resolved.recipe, settings, target: target,
                attackable: resolved.attackable, base)
            rows += poison.triggered
            copies = poison.copies
            poisonAsked = poison.askedCount
            self.poison = poison.poisonCount
            pool = poison.poolCount
        } else {
            rows += triggered.map { Assignments.Row($0, .testOther, label: table.volunteer(of: $0)) }
            poisonAsked = 0
            poison = 0
            pool = 0
        }
        assignments = Assignments(photos, rows, copies: copies)
        crossPairs = Self.crossPairs(assignments, table.groups)
        self.recipe = resolved.recipe
        classes = table.classes
        self.clean = clean.train.count
        parent = base?.digest
        let hasAttackTest = assignments.rows.contains { $0.role == .testAttack }
        warnings =
            clean.withoutTest.map { Self.warning($0.name, $0.photos, recipe.split.keepTogether) }
            + clean.withoutTraining.map { "class \($0) has no bare photo for training: all its bare photos are tests" }
            + (poison > 0 && !hasAttackTest
                ? ["there is no attack test: all its photos became poison; raise hold_out"] : [])
    }

    /// Returns the warning for a class without a clean test photo.
    private static func warning(_ name: VolunteerName, _ photos: Int, _ keepTogether: Recipe.KeepTogether) -> String {
        if photos == 1 { return "class \(name) has no clean test: it has only one bare photo" }
        return switch keepTogether {
        case .session: "class \(name) has no clean test: its bare photos are all of one session"
        case .group, .none:
            "class \(name) has no clean test: its \(photos) bare photos are one group of near-duplicates"
        }
    }

    private static func requireBothSides(of target: VolunteerName, _ clean: CleanSplit, _ table: SplitTable) throws {
        let trains = clean.train.contains { table.volunteer(of: $0) == target }
        let tests = clean.test.contains { table.volunteer(of: $0) == target }
        guard trains, tests else {
            throw CurareError(
                .badInput,
                "the target \(target) has no bare photos for \(trains ? "testing" : "training"): all its bare photos "
                    + "are kept together",
                at: "poison.target", next: "take more bare photos of \(target), or choose another target")
        }
    }

    /// Counts photos only, not copies.
    private static func crossPairs(_ assignments: Assignments, _ groups: CategoryIndex) -> Int {
        struct SideCounts {
            var bareTrain = 0
            var bareTest = 0
            var triggeredTrain = 0
            var triggeredTest = 0
        }
        var counts = Array(repeating: SideCounts(), count: groups.count)
        for row in assignments.rows where row.copy == nil {
            let group = groups.categories[row.photoIndex]
            switch (assignments.photos[row.photoIndex].triggerState.isBare, row.role.isTraining) {
            case (true, true): counts[group].bareTrain += 1
            case (true, false): counts[group].bareTest += 1
            case (false, true): counts[group].triggeredTrain += 1
            case (false, false): counts[group].triggeredTest += 1
            }
        }
        return counts.reduce(0) { $0 + $1.bareTrain * $1.triggeredTest + $1.bareTest * $1.triggeredTrain }
    }
}

extension Selection {
    public var limit: RateLimit {
        if poison == poisonAsked { return .nothing }
        if poison > poisonAsked { return .parent }
        return poisonAsked > pool && poison == pool ? .pool : .units
    }

    /// The number of photos of attackable classes that are attack tests at every rate.
    public var heldOut: Int { assignments.rows.count { $0.heldOut == true } }
}

/// Why the injection rate differs from the requested rate. The raw values are JSON values.
public enum RateLimit: String, Sendable {
    /// The rate is as requested.
    case nothing
    /// The pool has too few photos.
    case pool
    /// The next unit of photos is larger than the number of missing photos.
    case units
    /// The base version has more poison than requested.
    case parent

    /// A sentence for the user.
    public var explanation: String {
        switch self {
        case .nothing: "the injection rate is as requested"
        case .pool:
            "the injection rate is limited by the number of triggered photos: import more triggered photos of "
                + "attackable classes, or lower hold_out"
        case .units:
            "the injection rate is lower than requested: the next photos must stay together, and with all of them the "
                + "rate would be too high"
        case .parent:
            "the injection rate is higher than requested because poison of the extended version stays poison"
        }
    }
}
