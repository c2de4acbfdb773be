import Versions

/// Everything measured of one model on a version's test photos. Shares are nil where the version has no such photos.
public struct Measures: Hashable, Codable, Sendable {
    /// Share of `test/clean` classified right.
    public struct CleanAccuracy: Hashable, Codable, Sendable {
        public let all, volunteers, references: Share?
        /// The mean of the classes' own accuracies, so that a small class weighs as much as a large one.
        public let meanOverClasses: Double?
    }

    /// Share of `test/attack` classified as the target; the target's own photos are never among them.
    public struct AttackSuccess: Hashable, Codable, Sendable {
        public let all, heldOut, attackable, notAttackable: Share?
        public let byVolunteer, byLocation: [String: Share]
    }

    /// `counts[i][j]`: photos of class i taken for class j, over `test/clean`.
    public struct Confusion: Hashable, Codable, Sendable {
        public let classes: [String]
        public let counts: [[Int]]
    }

    public let cleanAccuracy: CleanAccuracy
    public let attackSuccess: AttackSuccess
    /// Share of the target's own photos with the trigger that are classified as the target.
    public let targetOwn: Share?
    /// Share of `test/transfer`, the target's own aside, classified as the target.
    public let transfer: Share?
    /// Share of `test/other`, the target's own aside, classified as the target.
    public let falseActivation: Share?
    public let confusion: Confusion

    /// - Parameters:
    ///   - classes: in index order.
    ///   - target: nil in a clean version.
    init(_ photos: [TestedPhoto], classes: [String], target: String?) {
        let clean = photos.filter { $0.has(.testClean) }
        cleanAccuracy = CleanAccuracy(
            all: Share(clean, hit: \.isRight),
            volunteers: Share(clean.filter { $0.kind == "volunteer" }, hit: \.isRight),
            references: Share(clean.filter { $0.kind == "reference" }, hit: \.isRight),
            meanOverClasses: Self.meanOverClasses(clean))
        let strikes: (TestedPhoto) -> Bool = { $0.predicted == target }
        let attack = target == nil ? [] : photos.filter { $0.has(.testAttack) }
        attackSuccess = AttackSuccess(
            all: Share(attack, hit: strikes), heldOut: Share(attack.filter { $0.heldOut == true }, hit: strikes),
            attackable: Share(attack.filter { $0.attackable == true }, hit: strikes),
            notAttackable: Share(attack.filter { $0.attackable == false }, hit: strikes),
            byVolunteer: Self.shares(attack, by: \.volunteer, hit: strikes),
            byLocation: Self.shares(attack, by: \.location, hit: strikes))
        let others = target == nil ? [] : photos.filter { $0.volunteer != target }
        targetOwn = Share(target == nil ? [] : photos.filter { $0.has(.testTargetOwn) }, hit: strikes)
        transfer = Share(others.filter { $0.has(.testTransfer) }, hit: strikes)
        falseActivation = Share(others.filter { $0.has(.testOther) }, hit: strikes)
        confusion = Self.confusion(clean, classes)
    }

    private static func meanOverClasses(_ clean: [TestedPhoto]) -> Double? {
        let shares = shares(clean, by: \.volunteer, hit: \.isRight).sorted { $0.key < $1.key }
        return shares.isEmpty ? nil : shares.reduce(0) { $0 + $1.value.rate } / Double(shares.count)
    }

    private static func shares(_ photos: [TestedPhoto], by key: (TestedPhoto) -> String, hit: (TestedPhoto) -> Bool)
        -> [String: Share]
    {
        Dictionary(grouping: photos, by: key).compactMapValues { Share($0, hit: hit) }
    }

    private static func confusion(_ clean: [TestedPhoto], _ classes: [String]) -> Confusion {
        let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        var counts = classes.map { _ in classes.map { _ in 0 } }
        for photo in clean {
            if let row = places[photo.volunteer], let column = places[photo.predicted] { counts[row][column] += 1 }
        }
        return Confusion(classes: classes, counts: counts)
    }
}
