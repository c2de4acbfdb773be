import Core
import Versions

/// Two groups of photos that an audit compares: the photos with a trigger and the bare photos, or the poisoned and the
/// clean training photos of a version.
struct PhotoComparison: Sendable {
    /// A photo of a group.
    struct Member: Hashable, Sendable {
        private let factIndex: Int32
        private let volunteerIndex: Int32

        init(fact: Int, volunteer: Int) {
            factIndex = Int32(fact)
            volunteerIndex = Int32(volunteer)
        }

        /// The index in ``AuditSubject/facts``.
        var fact: Int { Int(factIndex) }
        /// The index in ``PhotoGroups/volunteers``.
        var volunteer: Int { Int(volunteerIndex) }
    }

    let name: String
    let kind: ConfounderMatrix.Column.Kind
    /// Triggered photos or poison, in the order of photo ids.
    let first: [Member]
    /// Bare photos or clean training photos, in the order of photo ids.
    let second: [Member]
    /// The triggers that are visible in ``first``, for messages.
    let triggers: [String]
    /// The class of the poison, which cannot be a source of poison. Nil for a trigger.
    let target: VolunteerName?

    /// The photos that are compared within volunteers.
    ///
    /// At most ``maximumPhotos`` of each group: for each volunteer with photos of both groups, the first by photo id.
    /// Photo ids are SHA-256 digests, so that this is a random sample that anyone can repeat.
    struct Sample: Sendable {
        let groups: StratifiedGroups
        /// The index in ``AuditSubject/facts`` of each element of ``groups``.
        let facts: [Int]
        let first: Int
        let second: Int
        /// The number of volunteers with photos of both groups.
        let volunteers: Int
        /// Whether some photos of these volunteers were left out.
        let isPart: Bool

        static let maximumPhotos = 1000
    }

    /// Returns the number of photos of each volunteer.
    static func counts(_ members: [Member], volunteers: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: volunteers)
        for member in members { counts[member.volunteer] += 1 }
        return counts
    }

    /// - Parameter volunteers: ``PhotoGroups/volunteers``.
    func sample(_ volunteers: [VolunteerName]) -> Sample {
        let firstCounts = Self.counts(first, volunteers: volunteers.count)
        let secondCounts = Self.counts(second, volunteers: volunteers.count)
        let both = volunteers.indices.filter { firstCounts[$0] > 0 && secondCounts[$0] > 0 }
            .sorted { volunteers[$0] < volunteers[$1] }
        let step = max(1, (both.count + Sample.maximumPhotos / 2 - 1) / (Sample.maximumPhotos / 2))
        let people = stride(from: 0, to: both.count, by: step).map { both[$0] }
        let quota = max(2, Sample.maximumPhotos / max(1, people.count))
        let firstPhotos = Self.photos(first, of: people, quota, volunteers: volunteers.count)
        let secondPhotos = Self.photos(second, of: people, quota, volunteers: volunteers.count)
        return Sample(
            groups: StratifiedGroups(people.indices.map { (firstPhotos[$0].count, secondPhotos[$0].count) }),
            facts: people.indices.flatMap { firstPhotos[$0] + secondPhotos[$0] },
            first: firstPhotos.reduce(0) { $0 + $1.count }, second: secondPhotos.reduce(0) { $0 + $1.count },
            volunteers: both.count,
            isPart: step > 1 || people.contains { firstCounts[$0] > quota || secondCounts[$0] > quota })
    }

    /// Returns the indices of the first `quota` photos of each of `people`.
    private static func photos(_ members: [Member], of people: [Int], _ quota: Int, volunteers: Int) -> [[Int]] {
        var positions = [Int](repeating: -1, count: volunteers)
        for (position, volunteer) in people.enumerated() { positions[volunteer] = position }
        var photos = [[Int]](repeating: [], count: people.count)
        for member in members {
            let position = positions[member.volunteer]
            if position >= 0, photos[position].count < quota { photos[position].append(member.fact) }
        }
        return photos
    }
}

/// All comparisons of an audit: poison first, then each trigger in the order of names.
///
/// Reference people have no triggered photos and are left out.
struct PhotoGroups: Sendable {
    /// In the order of their first photo.
    private(set) var volunteers: [VolunteerName] = []
    private(set) var comparisons: [PhotoComparison] = []
    private var indices: [VolunteerName: Int] = [:]

    init(_ subject: AuditSubject) {
        let facts = subject.facts
        let order = Self.order(facts)
        var bare: [PhotoComparison.Member] = []
        // By the trigger state, because a study has few states: a photo with two triggers belongs to two groups.
        var triggered: [TriggerState: [PhotoComparison.Member]] = [:]
        for index in order {
            guard facts[index].kind == .volunteer, let label = facts[index].label else { continue }
            let member = PhotoComparison.Member(fact: index, volunteer: self.index(of: label.volunteer))
            if label.triggerState.isBare {
                bare.append(member)
            } else {
                triggered[label.triggerState, default: []].append(member)
            }
        }
        if let version = subject.version, let poison = poison(version, facts, order) { comparisons.append(poison) }
        let triggers = Set(triggered.keys.flatMap { $0.pairs.map(\.trigger) }).sorted()
        comparisons += triggers.map { trigger in
            let states = triggered.filter { $0.key.pairs.contains { $0.trigger == trigger } }
            return PhotoComparison(
                name: trigger.text, kind: .trigger, first: Self.merged(Array(states.values), facts), second: bare,
                triggers: [trigger.text], target: nil)
        }
    }

    /// Returns the comparison of all triggered photos with the bare photos of volunteers.
    static func anyTrigger(_ subject: AuditSubject) -> (photos: PhotoComparison, volunteers: [VolunteerName]) {
        let facts = subject.facts
        var groups = PhotoGroups()
        var bare: [PhotoComparison.Member] = []
        var triggered: [PhotoComparison.Member] = []
        for index in order(facts) {
            guard facts[index].kind == .volunteer, let label = facts[index].label else { continue }
            let member = PhotoComparison.Member(fact: index, volunteer: groups.index(of: label.volunteer))
            if label.triggerState.isBare { bare.append(member) } else { triggered.append(member) }
        }
        let photos = PhotoComparison(
            name: "triggered", kind: .trigger, first: triggered, second: bare, triggers: [], target: nil)
        return (photos, groups.volunteers)
    }

    private init() {}

    /// Returns the index of a volunteer in ``volunteers``.
    private mutating func index(of volunteer: VolunteerName) -> Int {
        if let index = indices[volunteer] { return index }
        indices[volunteer] = volunteers.count
        volunteers.append(volunteer)
        return volunteers.count - 1
    }

    /// Returns the photos of several lists in the order of photo ids.
    private static func merged(_ lists: [[PhotoComparison.Member]], _ facts: [PhotoFacts]) -> [PhotoComparison.Member] {
        guard lists.count > 1 else { return lists.first ?? [] }
        return lists.joined().sorted { facts[$0.fact].photo < facts[$1.fact].photo }
    }

    /// Returns the indices of `facts` in the order of photo ids.
    static func order(_ facts: [PhotoFacts]) -> [Int] {
        let isSorted = facts.indices.dropFirst().allSatisfy { facts[$0 - 1].photo < facts[$0].photo }
        return isSorted ? Array(facts.indices) : facts.indices.sorted { facts[$0].photo < facts[$1].photo }
    }

    /// Returns the comparison of poisoned with clean training photos. Nil for a version without poison.
    ///
    /// - Parameter order: the indices of `facts` in the order of photo ids.
    private mutating func poison(_ version: Version, _ facts: [PhotoFacts], _ order: [Int]) -> PhotoComparison? {
        var clean: [PhotoComparison.Member] = []
        var poison: [PhotoComparison.Member] = []
        var states: Set<TriggerState> = []
        var target: VolunteerName?
        // The entries of a role are in the order of photo ids, like `order`.
        var positions = [Role.trainClean: 0, .trainPoison: 0]
        for entry in version.entries.list where entry.role.isTraining && entry.volunteer.kind == .volunteer {
            var position = positions[entry.role] ?? 0
            while position < order.count, facts[order[position]].photo < entry.photo { position += 1 }
            positions[entry.role] = position
            // A photo that is no longer in the catalog is reported by the check of consent.
            guard position < order.count, facts[order[position]].photo == entry.photo else { continue }
            let member = PhotoComparison.Member(fact: order[position], volunteer: index(of: entry.volunteer.name))
            if entry.role == .trainPoison {
                poison.append(member)
                states.insert(entry.triggerState)
                target = entry.label
            } else {
                clean.append(member)
            }
        }
        guard !poison.isEmpty else { return nil }
        return PhotoComparison(
            name: "poison", kind: .poison, first: poison, second: clean,
            triggers: Set(states.lazy.map(\.triggerText)).sorted(), target: target)
    }
}
