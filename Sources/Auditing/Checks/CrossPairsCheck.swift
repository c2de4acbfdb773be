import Core
import Versions

/// Near-duplicate photos with and without a trigger on different sides of the split. Their number is `cross_pairs` in
/// the manifest.
struct CrossPairsCheck: AuditCheck {
    static let definition = CheckDefinition(
        .crossPairs, title: "Near-duplicates with and without a trigger on different sides of the split",
        definition: """
            Counts pairs of a bare photo and a photo with a trigger that are near-duplicates, of which one is in training \
            and the other in a test. Such photos come from the same moments of a shoot. A model that remembers the bare \
            training photo knows the person and the background of the triggered test photo, with the true label: the \
            attack is then harder than on an unknown photo. A bare test photo next to poison can lower the clean \
            accuracy. Copies with drawn triggers do not count. The finding lists the photos of all pairs, and the first \
            \(maximumPairs) pairs.
            """,
        threshold: "One pair within the near-duplicate distance of the version.",
        severity: """
            Info, because the two photos have different trigger states, so that the test does not measure memory alone, \
            and because a shoot with and without a trigger can hardly avoid such pairs.
            """,
        source: "`cross_pairs` is defined in docs/format.md, manifest.json.", scope: .version)

    /// The largest number of pairs in a finding.
    static let maximumPairs = 1000

    /// The photos of a near-duplicate group by trigger state and side.
    private struct Group {
        var bareTraining: [PhotoID] = []
        var bareTests: [PhotoID] = []
        var triggeredTraining: [PhotoID] = []
        var triggeredTests: [PhotoID] = []
    }

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version, version.manifest.crossPairs > 0 else { return [] }
        return Self.finding(version.entries.list).map { [$0] } ?? []
    }

    static func finding(_ entries: some Collection<Entry>) -> Finding? {
        // Only groups with a triggered photo are stored.
        var groups: [PhotoID: Group] = [:]
        for entry in entries where entry.overlay == nil && !entry.triggerState.isBare {
            if entry.role.isTraining {
                groups[entry.group, default: Group()].triggeredTraining.append(entry.photo)
            } else {
                groups[entry.group, default: Group()].triggeredTests.append(entry.photo)
            }
        }
        for entry in entries where entry.overlay == nil && entry.triggerState.isBare {
            if entry.role.isTraining {
                groups[entry.group]?.bareTraining.append(entry.photo)
            } else {
                groups[entry.group]?.bareTests.append(entry.photo)
            }
        }
        var tested = 0
        var trained = 0
        var photos: Set<PhotoID> = []
        var pairs: [Finding.Pair] = []
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            tested += group.bareTraining.count * group.triggeredTests.count
            trained += group.bareTests.count * group.triggeredTraining.count
            for (bare, triggered) in [
                (group.bareTraining, group.triggeredTests), (group.bareTests, group.triggeredTraining),
            ] where !bare.isEmpty && !triggered.isEmpty {
                photos.formUnion(bare + triggered)
                for first in bare where pairs.count < maximumPairs {
                    pairs += triggered.prefix(maximumPairs - pairs.count).map { Finding.Pair(first, $0) }
                }
            }
        }
        guard tested + trained > 0 else { return nil }
        return Finding(
            .crossPairs, .info, count: tested + trained,
            "near-duplicates on different sides of the split, a bare photo and a photo with a trigger: "
                + "\(tested + trained) pair\(tested + trained == 1 ? "" : "s"), \(tested) with the bare photo in training and "
                + "\(trained) with the triggered photo in training; report this number together with the attack success",
            photos: photos.sorted(), pairs: pairs)
    }
}
