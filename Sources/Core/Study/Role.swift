/// The use of a photo in a version.
///
/// The cases are declared in the byte order of their raw values, which is the order of a version's entries.
public enum Role: String, CaseIterable, Comparable, Sendable {
    case testAttack = "test/attack"
    case testClean = "test/clean"
    case testOther = "test/other"
    case testTargetOwn = "test/target-own"
    case testTransfer = "test/transfer"
    case trainClean = "train/clean"
    case trainPoison = "train/poison"

    public var isTraining: Bool { self == .trainClean || self == .trainPoison }

    public static func < (left: Self, right: Self) -> Bool { left.sortIndex < right.sortIndex }

    /// The index of the role in `allCases`.
    package var sortIndex: Int {
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
