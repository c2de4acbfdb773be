import Core

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
        public let triggerState: TriggerState

        init(
            photo: EligiblePhoto, role: Role, label: VolunteerName, attackable: Bool?, heldOut: Bool?,
            overlay: TriggerCombination? = nil, triggerState: TriggerState? = nil
        ) {
            (self.photo, self.role, self.label, self.attackable, self.heldOut) = (
                photo, role, label, attackable, heldOut
            )
            (self.overlay, self.triggerState) = (overlay, triggerState ?? photo.triggerState)
        }
    }

    /// By role, then photo, then overlay.
    public let parts: Parts
    /// The photos that have a part, in the order of their ids.
    public var photos: [PhotoID] { parts.photos.map(\.photo) }
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
    /// Pairs of a bare and a triggered photo of one group on different sides of the split.
    public let crossPairs: Int
    /// What a researcher should know, such as a class without a clean test.
    public let warnings: [String]
    /// The digest of the version that this one extends.
    public let parent: FileDigest?

    /// Runs steps 2 to 5 of the plan over `photos`, which are in the order of photo ids.
    ///
    /// - Parameter parent: the version that the recipe extends, whose photos keep their sides.
    /// - Throws: ``CurareError`` (65) where the recipe asks for what the photos cannot give.
    public init(_ photos: [EligiblePhoto], _ recipe: Recipe, extending parent: Parent? = nil) throws {
        let table = PhotoTable(photos, recipe.split.keepTogether)
        let classes = table.classes
        guard !classes.isEmpty else {
            throw CurareError(
                .badInput, "no photo of the catalog can be used by this recipe", at: recipe.name.text,
                next: "see curare audit for what is missing: consent, labels, or bare photos of the classes asked for")
        }
        let bare = photos.indices.filter { photos[$0].triggerState.isBare }
        let triggered = photos.indices.filter { !photos[$0].triggerState.isBare }
        let resolved = try Resolution(recipe, table, bare: bare, parent)
        let clean = CleanSplit(table, bare: bare, resolved.recipe, parent)
        var copies: [(copy: Parts.Copy, slot: Parts.Slot)] = []
        var slots = clean.train.map { Parts.Slot($0, .trainClean, label: table.volunteer(of: $0)) }
        slots += clean.test.map { Parts.Slot($0, .testClean, label: table.volunteer(of: $0)) }

        if let poison = resolved.recipe.poison, let target = resolved.target {
            try Self.require(target, in: clean, table)
            if poison.source == .digital {
                let drawn = try DigitalPool(
                    clean, table, poison, target: target, attackable: resolved.attackable, seed: recipe.seed, parent)
                copies = drawn.slots(table, poison, target: target, attackable: resolved.attackable)
                slots += triggered.map {
                    Parts.Slot(
                        $0, poison.touches(table[$0].triggerState) ? .testTransfer : .testOther,
                        label: table.volunteer(of: $0))
                }
                (poisonAsked, self.poison, pool) = (drawn.asked, drawn.poison.count, drawn.pool)
            } else {
                let choice = try PoisonChoice(
                    table, triggered: triggered, poison, attackable: resolved.attackable, clean: clean.train.count,
                    resolved.recipe, parent)
                slots += triggered.map { number in
                    if choice.poison.contains(number) { return Parts.Slot(number, .trainPoison, label: target) }
                    let photo = table[number]
                    let name = photo.volunteer.name
                    let role = Self.testRole(photo, poison, target)
                    guard role == .testAttack else { return Parts.Slot(number, role, label: name) }
                    return Parts.Slot(
                        number, role, label: name, attackable: resolved.attackable.contains(name),
                        heldOut: choice.heldOut.contains(number))
                }
                (poisonAsked, self.poison, pool) = (choice.asked, choice.poison.count, choice.pool)
            }
        } else {
            slots += triggered.map { Parts.Slot($0, .testOther, label: table.volunteer(of: $0)) }
            (poisonAsked, poison, pool) = (0, 0, 0)
        }
        parts = Parts(photos, slots, copies: copies)
        crossPairs = Self.crossPairs(parts, table.groups)
        self.recipe = resolved.recipe
        self.classes = classes
        self.clean = clean.train.count
        self.parent = parent?.digest
        warnings =
            clean.withoutTest.map { Self.warning(of: $0.name, $0.photos, recipe.split.keepTogether) }
            + clean.withoutTraining.map {
                "class \($0) has no bare photo to train on any more: what is left of it tests"
            }
            + (poison > 0 && !parts.slots.contains { $0.role == .testAttack }
                ? ["there is no attack test: every photo of it is poison; raise hold_out"] : [])
    }

    private static func warning(of name: VolunteerName, _ photos: Int, _ keepTogether: Recipe.KeepTogether) -> String {
        if photos == 1 { return "class \(name) has one bare photo and so no clean test" }
        return switch keepTogether {
        case .session: "class \(name) has bare photos of one session alone and so no clean test"
        case .group, .none:
            "class \(name) is one group: its \(photos) bare photos are near-duplicates of one another, and so it has no clean test"
        }
    }

    /// Step 5: what a triggered photo that is no poison tests.
    private static func testRole(_ photo: EligiblePhoto, _ poison: Recipe.Poison, _ target: VolunteerName) -> Role {
        if poison.names(photo.triggerState) { return photo.volunteer.name == target ? .testTargetOwn : .testAttack }
        return poison.touches(photo.triggerState) ? .testTransfer : .testOther
    }

    private static func require(_ target: VolunteerName, in clean: CleanSplit, _ table: PhotoTable) throws {
        let trains = clean.train.contains { table.volunteer(of: $0) == target }
        let tests = clean.test.contains { table.volunteer(of: $0) == target }
        guard trains, tests else {
            throw CurareError(
                .badInput,
                "the target \(target) has no bare photos to \(trains ? "test" : "train") on: all its bare photos are kept together",
                at: "poison.target", next: "photograph \(target) bare again, or choose another target")
        }
    }

    /// Copies are no photos.
    private static func crossPairs(_ parts: Parts, _ groups: Numbering) -> Int {
        struct Sides { var bareTrain = 0, bareTest = 0, wornTrain = 0, wornTest = 0 }
        var sides = Array(repeating: Sides(), count: groups.count)
        for slot in parts.slots where slot.copy == nil {
            let number = Int(slot.number)
            let group = groups.numbers[number]
            switch (parts.photos[number].triggerState.isBare, slot.role.isTraining) {
            case (true, true): sides[group].bareTrain += 1
            case (true, false): sides[group].bareTest += 1
            case (false, true): sides[group].wornTrain += 1
            case (false, false): sides[group].wornTest += 1
            }
        }
        return sides.reduce(0) { $0 + $1.bareTrain * $1.wornTest + $1.bareTest * $1.wornTrain }
    }
}
