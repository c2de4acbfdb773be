/// What a photo does in a version.
public enum Role: String, CaseIterable, Comparable, Sendable {
    case testAttack = "test/attack"
    case testClean = "test/clean"
    case testOther = "test/other"
    case testTargetOwn = "test/target-own"
    case testTransfer = "test/transfer"
    case trainClean = "train/clean"
    case trainPoison = "train/poison"

    public var isTraining: Bool { self == .trainClean || self == .trainPoison }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
