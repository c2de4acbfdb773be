import Core
import Versions

/// A test photo with the class that a model predicts for it.
public struct TestedPhoto: Hashable, Codable, Sendable {
    /// The photo's id.
    public let photo: String
    /// The volunteer whom the photo shows.
    public let volunteer: String
    public let kind: String
    public let role: String
    public let trigger: String
    public let location: String
    public let attackable: Bool?
    public let heldOut: Bool?
    /// The class with the highest logit. If several logits are equal, the first of these classes.
    public let predicted: String
    /// The trigger drawn on this copy of the photo. Nil for the photo itself.
    public var overlay: String?

    var isCorrect: Bool { predicted == volunteer }

    func has(_ role: Role) -> Bool { self.role == role.rawValue }
}

extension TestedPhoto {
    init(_ entry: Entry, predicted: String) {
        self.init(
            photo: entry.photo.hex, volunteer: entry.volunteer.name.text, kind: entry.volunteer.kind.rawValue,
            role: entry.role.rawValue, trigger: entry.triggerState.triggerText,
            location: entry.triggerState.locationText, attackable: entry.attackable, heldOut: entry.heldOut,
            predicted: predicted, overlay: entry.overlay?.text)
    }
}

/// Returns the index of the highest logit. If several logits are equal, returns the first index.
///
/// - Parameter logits: One logit for each class, at least one.
func predictedClass(_ logits: [Float]) -> Int {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best
}

/// All measures of one model on a version's test photos. A proportion is nil when the version has no such photos.
public struct Measures: Hashable, Codable, Sendable {
    /// The proportions of `test/clean` photos that are classified correctly.
    public struct CleanAccuracy: Hashable, Codable, Sendable {
        public let all: Proportion?
        public let volunteers: Proportion?
        public let references: Proportion?
        /// The mean of the accuracies of the classes. Small classes have the same weight as large classes.
        public let meanOverClasses: Double?
    }

    /// The proportions of `test/attack` photos that are classified as the target. No photo shows the target.
    public struct AttackSuccess: Hashable, Codable, Sendable {
        public let all: Proportion?
        public let heldOut: Proportion?
        public let attackable: Proportion?
        public let notAttackable: Proportion?
        public let byVolunteer: [String: Proportion]
        public let byLocation: [String: Proportion]
    }

    /// The confusion matrix of `test/clean`: `counts[i][j]` is the number of photos of class i classified as class j.
    public struct Confusion: Hashable, Codable, Sendable {
        public let classes: [String]
        public let counts: [[Int]]
    }

    public let cleanAccuracy: CleanAccuracy
    public let attackSuccess: AttackSuccess
    /// The proportion of `test/target-own` photos that are classified as the target.
    public let targetOwn: Proportion?
    /// The proportion of `test/transfer` photos, without the target's own photos, that are classified as the target.
    public let transfer: Proportion?
    /// The proportion of `test/other` photos, without the target's own photos, that are classified as the target.
    public let falseActivation: Proportion?
    public let confusion: Confusion
}

extension Measures {
    /// Measures a model by the classes that it predicts for `photos`.
    ///
    /// - Parameters:
    ///   - classes: In index order.
    ///   - target: The target class. Nil in a clean version.
    init(_ photos: [TestedPhoto], classes: [String], target: String?) {
        let clean = photos.filter { $0.has(.testClean) }
        let triggered = target == nil ? [] : photos
        let notOfTarget = triggered.filter { $0.volunteer != target }
        let isTarget: (TestedPhoto) -> Bool = { $0.predicted == target }
        self.init(
            cleanAccuracy: CleanAccuracy(clean),
            attackSuccess: AttackSuccess(triggered.filter { $0.has(.testAttack) }, isHit: isTarget),
            targetOwn: Proportion(triggered.filter { $0.has(.testTargetOwn) }, isHit: isTarget),
            transfer: Proportion(notOfTarget.filter { $0.has(.testTransfer) }, isHit: isTarget),
            falseActivation: Proportion(notOfTarget.filter { $0.has(.testOther) }, isHit: isTarget),
            confusion: Confusion(clean, classes))
    }

    fileprivate static func proportions(
        _ photos: [TestedPhoto], by key: (TestedPhoto) -> String, isHit: (TestedPhoto) -> Bool
    ) -> [String: Proportion] {
        Dictionary(grouping: photos, by: key).compactMapValues { Proportion($0, isHit: isHit) }
    }
}

extension Measures.CleanAccuracy {
    fileprivate init(_ clean: [TestedPhoto]) {
        let classes = Measures.proportions(clean, by: \.volunteer, isHit: \.isCorrect).sorted { $0.key < $1.key }
        self.init(
            all: Proportion(clean, isHit: \.isCorrect),
            volunteers: Proportion(clean.filter { $0.kind == VolunteerKind.volunteer.rawValue }, isHit: \.isCorrect),
            references: Proportion(clean.filter { $0.kind == VolunteerKind.reference.rawValue }, isHit: \.isCorrect),
            meanOverClasses: classes.isEmpty
                ? nil : classes.reduce(0) { $0 + $1.value.rate } / Double(classes.count))
    }
}

extension Measures.AttackSuccess {
    fileprivate init(_ attack: [TestedPhoto], isHit: (TestedPhoto) -> Bool) {
        self.init(
            all: Proportion(attack, isHit: isHit),
            heldOut: Proportion(attack.filter { $0.heldOut == true }, isHit: isHit),
            attackable: Proportion(attack.filter { $0.attackable == true }, isHit: isHit),
            notAttackable: Proportion(attack.filter { $0.attackable == false }, isHit: isHit),
            byVolunteer: Measures.proportions(attack, by: \.volunteer, isHit: isHit),
            byLocation: Measures.proportions(attack, by: \.location, isHit: isHit))
    }
}

extension Measures.Confusion {
    fileprivate init(_ clean: [TestedPhoto], _ classes: [String]) {
        let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        var counts = classes.map { _ in classes.map { _ in 0 } }
        for photo in clean {
            if let row = indices[photo.volunteer], let column = indices[photo.predicted] { counts[row][column] += 1 }
        }
        self.init(classes: classes, counts: counts)
    }
}
