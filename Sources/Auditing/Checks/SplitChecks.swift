import Core
import Versions

// Checks of classes, near-duplicate groups and roles.

/// Near-duplicate groups with photos of the same trigger state in training and in a test. Such a test measures what the
/// model has memorized.
struct LeakageCheck: AuditCheck {
    static let definition = CheckDefinition(
        .leakage, title: "Near-duplicates of one trigger state in training and in a test",
        definition: """
            Counts near-duplicate groups that have photos with the same triggers, or both without a trigger, in training \
            and in a test. A model that has memorized the training photo recognizes the test photo, so that the test \
            measures memory.
            """,
        threshold: "One group.",
        severity: """
            Error, because the measured accuracy or attack success is too high. A split with `keep_together: group` \
            never has such a group.
            """,
        source: """
            Barz and Denzler, "Do We Train on Test Data? Purging CIFAR of Near-Duplicates", 2020; the groups are defined \
            in docs/format.md, Selection.
            """, scope: .version)

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

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version else { return [] }
        return Self.finding(version.entries.list).map { [$0] } ?? []
    }

    static func finding(_ entries: some Collection<Entry>) -> Finding? {
        let training = Set(entries.lazy.filter(\.role.isTraining).map(GroupState.init))
        let tested = Set(entries.lazy.filter { !$0.role.isTraining }.map(GroupState.init))
        let leaking = tested.intersection(training)
        guard let first = leaking.map(\.group).min() else { return nil }
        return Finding(
            .leakage, .error, count: leaking.count,
            "\(leaking.count) near-duplicate groups are in training and in a test, such as that of photo \(first.short)",
            photos: Set(entries.filter { leaking.contains(GroupState($0)) }.map(\.photo)).sorted())
    }
}

/// Classes without a photo of the role `test/clean`.
struct NoCleanTestCheck: AuditCheck {
    static let definition = CheckDefinition(
        .noCleanTest, title: "Classes without a clean test photo",
        definition: """
            Counts classes of a version that are trained, but have no photo of the role `test/clean`. The clean accuracy \
            contains nothing about these people.
            """,
        threshold: "One class.",
        severity: "Warning, because the version can be used, but its clean accuracy leaves out people.",
        source: "The roles are defined in docs/format.md, Selection.", scope: .version)

    func findings(in subject: AuditSubject) -> [Finding] {
        subject.version.flatMap(Self.finding).map { [$0] } ?? []
    }

    static func finding(_ version: Version) -> Finding? {
        let classes = version.manifest.classes.map(\.name).filter { version.manifest.counts[.testClean, $0] == 0 }
        guard !classes.isEmpty else { return nil }
        return Finding(
            .noCleanTest, .warning, count: classes.count,
            "classes without a clean test photo: \(AuditChecks.list(classes))")
    }
}

/// Classes whose bare photos are a single near-duplicate group. A split with `keep_together: group` never divides the
/// bare photos of a group, so that such a class has no clean test photo.
struct OneGroupCheck: AuditCheck {
    static let definition = CheckDefinition(
        .oneGroup, title: "Classes whose bare photos are all near-duplicates",
        definition: """
            Counts people whose usable bare photos are a single near-duplicate group, such as one burst of a camera or a \
            single photo. A split keeps a group together, so that training and test cannot both have photos of such a \
            person.
            """,
        threshold: "One class.",
        severity: "Warning, because the class can be trained, but not tested.",
        source: "The groups are defined in docs/format.md, Selection.")

    /// The bare photos of a class that are a single group.
    private struct OneGroupClass {
        let volunteer: VolunteerName
        let photos: [PhotoID]
    }

    func findings(in subject: AuditSubject) -> [Finding] {
        let classes =
            subject.version.map { Self.classes($0.eligiblePhotos) }
            ?? Self.classes(subject.facts, within: subject.distance)
        guard !classes.isEmpty else { return [] }
        let finding = Finding(
            .oneGroup, .warning, count: classes.count,
            "classes whose bare photos are a single near-duplicate group, "
                + "so training and test cannot both have some: "
                + AuditChecks.list(classes.map(\.volunteer)), photos: classes.flatMap(\.photos).sorted())
        return [finding]
    }

    /// Returns the classes of a version whose bare photos are one group, by name.
    private static func classes(_ photos: [EligiblePhoto]) -> [OneGroupClass] {
        let bare = photos.lazy.filter(\.triggerState.isBare)
        var groups: [VolunteerName: PhotoID] = [:]
        var several: Set<VolunteerName> = []
        for photo in bare where groups[photo.volunteer.name, default: photo.group] == photo.group {
            groups[photo.volunteer.name] = photo.group
        }
        for photo in bare where groups[photo.volunteer.name] != photo.group { several.insert(photo.volunteer.name) }
        return groups.keys.filter { !several.contains($0) }.sorted().map { name in
            OneGroupClass(volunteer: name, photos: bare.filter { $0.volunteer.name == name }.map(\.photo))
        }
    }

    /// Returns the people of a catalog whose usable bare photos are one group, by name. Each person is grouped alone,
    /// because the groups of a million photos at once need much memory.
    private static func classes(_ facts: [PhotoFacts], within distance: GroupDistance) -> [OneGroupClass] {
        var usable: [VolunteerName: [Int32]] = [:]
        for (index, fact) in facts.enumerated() where fact.consented && fact.kind != nil {
            if let label = fact.label { usable[label.volunteer, default: []].append(Int32(index)) }
        }
        return ThreadBudget.shared.map(usable.sorted { $0.key < $1.key }) { volunteer, indices in
            // Photos with triggers can link two bare photos.
            let members = indices.map { index in
                NearDuplicateGroups.Member(
                    photo: facts[Int(index)].photo, volunteer: volunteer,
                    perceptualHash: facts[Int(index)].perceptualHash)
            }
            let groups = NearDuplicateGroups(members, within: distance).ids
            let bare = indices.indices.filter { facts[Int(indices[$0])].label?.triggerState.isBare == true }
            guard let first = bare.first, bare.allSatisfy({ groups[$0] == groups[first] }) else {
                return nil as OneGroupClass?
            }
            return OneGroupClass(volunteer: volunteer, photos: bare.map { members[$0].photo })
        }.compactMap(\.self)
    }
}

/// Classes with many more clean photos than others.
struct ImbalanceCheck: AuditCheck {
    static let definition = CheckDefinition(
        .imbalance, title: "Classes with many more clean photos than others",
        definition: """
            Compares the numbers of clean photos of the classes: bare photos in a catalog, clean training photos in a \
            version. A model prefers a large class, so that photos of others are classified as the large class without \
            any poison. Poisoned photos do not count: an attack always adds photos to the class of the target.
            """,
        threshold: "The largest class has more than \(factor) times as many photos as the smallest.",
        severity: "Warning, because training is possible, but a large class attracts wrong predictions.",
        source: """
            Buda, Maki and Mazurowski, "A systematic study of the class imbalance problem in convolutional neural \
            networks", 2018. The factor is a choice.
            """)

    /// The check reports classes when the largest has more than this many times as many photos as the smallest.
    static let factor = 3

    func findings(in subject: AuditSubject) -> [Finding] {
        let finding =
            subject.version.map { Self.finding(ofTrainingPhotos: $0.entries.list) }
            ?? Self.finding(ofBarePhotos: subject.facts)
        return finding.map { [$0] } ?? []
    }

    /// Volunteers with many more bare photos in the catalog than others.
    static func finding(ofBarePhotos facts: [PhotoFacts]) -> Finding? {
        let bare = facts.lazy.filter { $0.label?.triggerState.isBare == true }
        return finding(bare.compactMap { $0.label?.volunteer }, of: "bare photos")
    }

    /// Classes with many more clean training photos than others.
    static func finding(ofTrainingPhotos entries: some Collection<Entry>) -> Finding? {
        finding(entries.lazy.filter { $0.role == .trainClean }.map(\.label), of: "clean training photos")
    }

    private static func finding(_ classes: some Sequence<VolunteerName>, of kind: String) -> Finding? {
        let sizes = classes.reduce(into: [VolunteerName: Int]()) { $0[$1, default: 0] += 1 }.sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        guard let smallest = sizes.first, let largest = sizes.last, largest.value > factor * smallest.value
        else { return nil }
        let small = sizes.count { $0.value * factor < largest.value }
        return Finding(
            .imbalance, .warning, count: small,
            "\(largest.key) has \(largest.value) \(kind), \(smallest.key) has \(smallest.value)")
    }
}
