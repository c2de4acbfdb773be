import Core
import Versions

// Checks of classes, near-duplicate groups and roles.

extension AuditChecks {
    /// The near-duplicate group and the trigger state of a photo. Photos with equal values look nearly the same: a
    /// model that has memorized one of them recognizes the others.
    private struct GroupState: Hashable {
        let group: PhotoID
        let triggerState: TriggerState
        /// A photo of a worn trigger is not a near-duplicate of an image with the same trigger drawn.
        let isDrawn: Bool

        init(_ entry: Entry) {
            group = entry.group
            triggerState = entry.triggerState
            isDrawn = entry.overlay != nil
        }
    }

    /// Near-duplicate groups with photos of the same trigger state in training and in a test. Such a test measures what
    /// the model has memorized.
    static func leakage(_ entries: some Collection<Entry>) -> Finding? {
        let training = Set(entries.lazy.filter(\.role.isTraining).map(GroupState.init))
        let tested = Set(entries.lazy.filter { !$0.role.isTraining }.map(GroupState.init))
        let leaking = tested.intersection(training)
        guard let first = leaking.map(\.group).min() else { return nil }
        return Finding(
            .leakage, .error, count: leaking.count,
            "\(leaking.count) near-duplicate groups are in training and in a test, such as that of photo \(first.short)"
        )
    }

    /// Classes without a photo of the role `test/clean`.
    static func noCleanTest(_ version: Version) -> Finding? {
        let classes = version.manifest.classes.map(\.name).filter { version.manifest.counts[.testClean, $0] == 0 }
        guard !classes.isEmpty else { return nil }
        return Finding(
            .noCleanTest, .warning, count: classes.count, "classes without a clean test photo: \(list(classes))")
    }

    /// Classes whose bare photos are a single near-duplicate group. A split with `keep_together: group` never divides
    /// the bare photos of a group, so that such a class has no clean test photo.
    static func oneGroup(_ photos: [EligiblePhoto]) -> Finding? {
        let bare = Dictionary(grouping: photos.lazy.filter(\.triggerState.isBare), by: \.volunteer.name)
        let classes = bare.filter { Set($0.value.map(\.group)).count == 1 }.keys.sorted()
        guard !classes.isEmpty else { return nil }
        return Finding(
            .oneGroup, .warning, count: classes.count,
            "classes whose bare photos are a single near-duplicate group, "
                + "so that training and test cannot both have some: "
                + list(classes))
    }

    /// The audit reports classes when the largest has more than this many times as many photos as the smallest.
    static let imbalanceFactor = 3

    /// Volunteers with many more bare photos in the catalog than others.
    static func imbalance(ofBarePhotos facts: [PhotoFacts]) -> Finding? {
        let bare = facts.lazy.filter { $0.label?.triggerState.isBare == true }
        return imbalance(bare.compactMap { $0.label?.volunteer }, of: "bare photos")
    }

    /// Classes with many more training photos than others.
    static func imbalance(ofTrainingPhotos entries: some Collection<Entry>) -> Finding? {
        imbalance(entries.lazy.filter(\.role.isTraining).map(\.label), of: "training photos")
    }

    private static func imbalance(_ classes: some Sequence<VolunteerName>, of kind: String) -> Finding? {
        let sizes = classes.reduce(into: [VolunteerName: Int]()) { $0[$1, default: 0] += 1 }.sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        guard let smallest = sizes.first, let largest = sizes.last, largest.value > imbalanceFactor * smallest.value
        else { return nil }
        let small = sizes.count { $0.value * imbalanceFactor < largest.value }
        return Finding(
            .imbalance, .warning, count: small,
            "\(largest.key) has \(largest.value) \(kind), \(smallest.key) has \(smallest.value)")
    }
}
