/// What a photo does in a version.
///
/// The cases stand in the order of their texts' bytes, which is the order of a version's entries.
public enum Role: String, CaseIterable, Comparable, Sendable {
    case testAttack = "test/attack"
    case testClean = "test/clean"
    case testOther = "test/other"
    case testTargetOwn = "test/target-own"
    case testTransfer = "test/transfer"
    case trainClean = "train/clean"
    case trainPoison = "train/poison"

    public var isTraining: Bool { self == .trainClean || self == .trainPoison }

    public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

    /// The place among the cases.
    package var place: Int {
        switch self {
        case .testAttack: 0
        case .testClean: 1
        case .testOther: 2
        case .testTargetOwn: 3
        case .testTransfer: 4
        case .trainClean: 5
        case .trainPoison: 6
        }
    }
}
