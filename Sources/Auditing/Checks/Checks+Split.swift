import Core
import Versions

extension Checks {
    private struct State: Hashable {
        let group: PhotoID
        let triggerState: TriggerState
        /// A photo that shows a trigger is no near-duplicate of one on which it is drawn.
        let isDrawn: Bool

        init(_ entry: Entry) {
            (group, triggerState, isDrawn) = (entry.group, entry.triggerState, entry.overlay != nil)
        }
    }

    /// Groups of near-duplicates that stand on both sides of the split in one state of triggerState: the test then asks for what training showed.
    static func leakage(_ entries: some Collection<Entry>) -> Finding? {
        let training = Set(entries.lazy.filter(\.role.isTraining).map(State.init))
        let both = Set(entries.lazy.filter { !$0.role.isTraining }.map(State.init)).intersection(training)
        guard !both.isEmpty else { return nil }
        let example = both.map(\.group).min().map(\.short) ?? ""
        return Finding(
            .leakage, .error, count: both.count,
            "\(both.count) groups of near-duplicates are in training and in a test, such as that of photo \(example)")
    }

    static func noCleanTest(_ version: Version) -> Finding? {
        let classes = version.manifest.classes.map(\.name).filter { version.manifest.counts[.testClean, $0] == 0 }
        guard !classes.isEmpty else { return nil }
        return Finding(
            .noCleanTest, .warning, count: classes.count, "classes without a clean test photo: \(names(classes))")
    }

    /// Classes whose bare photos are all of one group, which a split that keeps groups together cannot test.
    static func oneGroup(_ photos: [EligiblePhoto]) -> Finding? {
        let bare = Dictionary(grouping: photos.lazy.filter(\.triggerState.isBare), by: \.volunteer.name)
        let classes = bare.filter { Set($0.value.map(\.group)).count == 1 }.keys.sorted()
        guard !classes.isEmpty else { return nil }
        return Finding(
            .oneGroup, .warning, count: classes.count,
            "classes whose bare photos are one group of near-duplicates, which no split that keeps groups together can test: \(names(classes))"
        )
    }
}
