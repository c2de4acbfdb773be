import Catalog

/// What a recipe makes of eligible photos: a role for every one of them. A pure function; `docs/format.md` says each step in words.
public struct Selection: Sendable {
    /// One photo's part in the version.
    public struct Part: Hashable, Sendable {
        public let photo: EligiblePhoto
        public let role: Role
        /// The class that the photo is trained or tested as.
        public let label: VolunteerName
        /// Whether its volunteer is attackable; only `test/attack` says so.
        public let attackable: Bool?
        /// Whether it was held out from the poison at every rate; only `test/attack` says so.
        public let heldOut: Bool?
        /// What is drawn on this copy of the photo; nil for the photo itself.
        public let overlay: TriggerCombination?
        /// What is seen worn: what the photo shows, or what is drawn.
        public let wearing: Wearing

        init(photo: EligiblePhoto, role: Role, label: VolunteerName, attackable: Bool?, heldOut: Bool?, overlay: TriggerCombination? = nil, wearing: Wearing? = nil) {
            (self.photo, self.role, self.label, self.attackable, self.heldOut) = (photo, role, label, attackable, heldOut)
            (self.overlay, self.wearing) = (overlay, wearing ?? photo.wearing)
        }
    }

    /// By role, then photo, then overlay.
    public let parts: [Part]
    /// The recipe with target and attackable classes by name.
    public let recipe: Recipe
    /// All classes, in index order.
    public let classes: [Volunteer]
    /// n, the clean training photos.
    public let clean: Int
    /// m as the rate asks for it.
    public let poisonAsked: Int
    /// m as it was reached.
    public let poison: Int
    /// Poison that there was to choose from.
    public let pool: Int
    /// What a researcher should know, such as a class without a clean test.
    public let warnings: [String]
    /// The digest of the version that this one extends.
    public let parent: FileDigest?

    /// Runs steps 2 to 5 of the plan over `photos`, which are in the order of photo ids.
    ///
    /// - Parameter parent: the version that the recipe extends, whose photos keep their sides.
    /// - Throws: ``Refusal`` (65) where the recipe asks for what the photos cannot give.
    public init(_ photos: [EligiblePhoto], _ recipe: Recipe, extending parent: Parent? = nil) throws {
        let classes = Set(photos.map(\.volunteer)).sorted { $0.name < $1.name }
        guard !classes.isEmpty else {
            throw Refusal(.badInput, "no photo of the catalog can be used by this recipe", at: recipe.name.text,
                          next: "see curare audit for what is missing: consent, labels, or bare photos of the classes asked for")
        }
        let resolved = try Resolution(recipe, classes, photos, parent)
        let clean = CleanSplit(photos.filter(\.wearing.isBare), resolved.recipe, parent)
        var parts = clean.train.map { Part(photo: $0, role: .trainClean, label: $0.volunteer.name, attackable: nil, heldOut: nil) }
        parts += clean.test.map { Part(photo: $0, role: .testClean, label: $0.volunteer.name, attackable: nil, heldOut: nil) }

        let triggered = photos.filter { !$0.wearing.isBare }
        if let poison = resolved.recipe.poison, let target = resolved.target {
            try Self.require(target, in: clean)
            if poison.source == .digital {
                let drawn = try DigitalPool(clean, poison, target: target, attackable: resolved.attackable, seed: recipe.seed, parent)
                parts += drawn.parts(poison, target: target, attackable: resolved.attackable)
                parts += triggered.map { Part(photo: $0, role: poison.touches($0.wearing) ? .testTransfer : .testOther, label: $0.volunteer.name, attackable: nil, heldOut: nil) }
                (poisonAsked, self.poison, pool) = (drawn.asked, drawn.poison.count, drawn.pool)
            } else {
                let choice = try PoisonChoice(triggered, poison, attackable: resolved.attackable, clean: clean.train.count, resolved.recipe, parent)
                parts += triggered.map { photo in
                    if choice.poison.contains(photo.photo) { return Part(photo: photo, role: .trainPoison, label: target, attackable: nil, heldOut: nil) }
                    let role = Self.testRole(photo, poison, target)
                    let isAttack = role == .testAttack
                    return Part(photo: photo, role: role, label: photo.volunteer.name, attackable: isAttack ? resolved.attackable.contains(photo.volunteer.name) : nil,
                                heldOut: isAttack ? choice.heldOut.contains(photo.photo) : nil)
                }
                (poisonAsked, self.poison, pool) = (choice.asked, choice.poison.count, choice.pool)
            }
        } else {
            parts += triggered.map { Part(photo: $0, role: .testOther, label: $0.volunteer.name, attackable: nil, heldOut: nil) }
            (poisonAsked, poison, pool) = (0, 0, 0)
        }
        self.parts = parts.sorted { ($0.role, $0.key) < ($1.role, $1.key) }
        self.recipe = resolved.recipe
        self.classes = classes
        self.clean = clean.train.count
        self.parent = parent?.digest
        warnings = clean.withoutTest.map { Self.warning(of: $0.name, $0.photos, recipe.split.keepTogether) }
            + clean.withoutTraining.map { "class \($0) has no bare photo to train on any more: what is left of it tests" }
            + (poison > 0 && !parts.contains { $0.role == .testAttack } ? ["there is no attack test: every photo of it is poison; raise hold_out"] : [])
    }

    private static func warning(of name: VolunteerName, _ photos: Int, _ keepTogether: Recipe.KeepTogether) -> String {
        if photos == 1 { return "class \(name) has one bare photo and so no clean test" }
        return switch keepTogether {
        case .session: "class \(name) has bare photos of one session alone and so no clean test"
        case .group, .none: "class \(name) is one group: its \(photos) bare photos are near-duplicates of one another, and so it has no clean test"
        }
    }

    /// Step 5: what a triggered photo that is no poison tests.
    private static func testRole(_ photo: EligiblePhoto, _ poison: Recipe.Poison, _ target: VolunteerName) -> Role {
        if poison.names(photo.wearing) { return photo.volunteer.name == target ? .testTargetOwn : .testAttack }
        return poison.touches(photo.wearing) ? .testTransfer : .testOther
    }

    private static func require(_ target: VolunteerName, in clean: CleanSplit) throws {
        let trains = clean.train.contains { $0.volunteer.name == target }
        let tests = clean.test.contains { $0.volunteer.name == target }
        guard trains, tests else {
            throw Refusal(.badInput, "the target \(target) has no bare photos to \(trains ? "test" : "train") on: all its bare photos are kept together",
                          at: "poison.target", next: "photograph \(target) bare again, or choose another target")
        }
    }

    /// Pairs of a bare and a triggered photo of one group on different sides of the split; copies are no photos.
    public var crossPairs: Int {
        struct Sides { var bareTrain = 0, bareTest = 0, wornTrain = 0, wornTest = 0 }
        var groups: [PhotoID: Sides] = [:]
        for part in parts where part.overlay == nil {
            switch (part.photo.wearing.isBare, part.role.isTraining) {
            case (true, true): groups[part.photo.group, default: Sides()].bareTrain += 1
            case (true, false): groups[part.photo.group, default: Sides()].bareTest += 1
            case (false, true): groups[part.photo.group, default: Sides()].wornTrain += 1
            case (false, false): groups[part.photo.group, default: Sides()].wornTest += 1
            }
        }
        return groups.values.reduce(0) { $0 + $1.bareTrain * $1.wornTest + $1.bareTest * $1.wornTrain }
    }
}
