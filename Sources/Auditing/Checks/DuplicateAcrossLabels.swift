import Core
import Versions

/// The same picture of one person with two labels, or in training and in a test.
public struct DuplicateAcrossLabels: AuditCheck {
    public static let definition = CheckDefinition(
        .duplicateAcrossLabels, title: "The same picture with two labels, or in training and in a test",
        definition: """
            Counts pairs of photos of one person that are the same picture and have different labels: bare and with \
            a trigger, or with two different triggers or locations. At least one of both labels is wrong. In a \
            version, it also counts pairs of which one photo is in training, such as poison, and the other in a \
            test, and which are in different near-duplicate groups because one of them is turned or mirrored. Such a \
            test measures what the model has memorized.
            """,
        threshold: """
            The perceptual hashes differ in at most 1 bit, after one picture is turned by quarters or mirrored. \
            Photos of one person in one pose are similar: with 2 bits, a drawn photo with and one without a trigger \
            would be a pair, and with 3 bits, two real ones.
            """,
        severity: "error: one picture cannot be bare and with a trigger.",
        source: """
            docs/groups.md: of 457 real photos, 93% or more of the copies with JPEG quality 50 to 90, of half the \
            size, or with 0.65 of the light differ in at most 1 bit. Cropped and brightened copies are usually not \
            found. Photos of different people are compared by duplicate-across-volunteers, and copies in one \
            near-duplicate group by leakage.
            """,
        score: "the number of bits in which the hash differs from that of the nearest copy; 0 is the same picture")

    /// The largest number of differing bits.
    static let distance = 1

    public init() {}

    public func findings(in subject: AuditSubject) -> [Finding] {
        let (labels, splits) = pairs(in: subject)
        guard !labels.isEmpty || !splits.isEmpty else { return [] }
        var parts: [String] = []
        if let first = labels.first {
            parts.append(
                "\(labels.count) pairs of photos are the same picture of one person with different labels, such as "
                    + first.text { fact in "(\(fact.label?.triggerState.description ?? ""))" })
        }
        if let first = splits.first {
            let roles = Self.roles(of: first, subject.version)
            parts.append(
                "\(splits.count) pairs of photos are the same picture, with one photo in training and one in a test, such as "
                    + first.text { fact in "(\(roles[fact.photo] ?? ""))" })
        }
        let all = (labels + splits).sorted()
        let step =
            labels.isEmpty
            ? "use the session of one of them only, with photos: {sessions: [NAME]} in the recipe"
            : "correct the label with: curare label PHOTO --trigger T --location L"
        return [
            Finding(
                .duplicateAcrossLabels, .error, count: all.count,
                "\(parts.joined(separator: "; ")); compare them with: curare show PHOTO, then \(step)",
                photos: SamePicture.allPhotos(all), scores: SamePicture.scores(all), pairs: all.map(\.photos))
        ]
    }

    /// The label of a photo without the person, and the parts of a version that contain the photo.
    private struct State: Hashable {
        let triggerState: TriggerState
        let use: Use
    }

    /// Returns the pairs with different labels, and the other pairs of which one photo is in training and one in a test.
    private func pairs(in subject: AuditSubject) -> (labels: [SamePicture], splits: [SamePicture]) {
        let facts = subject.facts
        let uses = Use.all(of: facts, in: subject.version)
        var photos = HashedPhotos<State>()
        var people: [VolunteerName: [Int32]] = [:]
        for (index, fact) in facts.enumerated() {
            guard let label = fact.label, fact.perceptualHash != nil else { continue }
            people[label.volunteer, default: []].append(Int32(photos.hashes.count))
            let use = uses.isEmpty ? Use() : uses[index]
            photos.add(index, fact, as: State(triggerState: label.triggerState, use: use))
        }
        let hashes = photos.hashes
        let indices = photos.indices
        let groupDistance = subject.distance.bits
        let search = SamePictureSearch(hashes: hashes, categories: photos.categories, distance: Self.distance) {
            left, right in
            let (first, second) = (Int(indices[left]), Int(indices[right]))
            if facts[first].label?.triggerState != facts[second].label?.triggerState { return true }
            // Photos within the distance of near-duplicates are in one group, which the check `leakage` examines.
            return !uses.isEmpty && uses[first].leaks(to: uses[second])
                && (hashes[left] ^ hashes[right]).nonzeroBitCount > groupDistance
        }
        let sets = people.sorted { $0.key < $1.key }.map(\.value)
        let found = ThreadBudget.shared.map(sets) { search.pairs(among: $0) }.joined()
        var labels: [SamePicture] = []
        var splits: [SamePicture] = []
        for pair in found {
            let photos = photos.pair(pair, of: facts)
            let isSameLabel = photos.first.label?.triggerState == photos.second.label?.triggerState
            if isSameLabel { splits.append(photos) } else { labels.append(photos) }
        }
        return (labels.sorted(), splits.sorted())
    }

    /// Returns the roles of both photos in a version.
    private static func roles(of pair: SamePicture, _ version: Version?) -> [PhotoID: String] {
        var roles = [pair.first.photo: Set<Role>(), pair.second.photo: Set<Role>()]
        if let version {
            for entry in version.entries.list { roles[entry.photo]?.insert(entry.role) }
        }
        return roles.mapValues { $0.sorted().map(\.rawValue).joined(separator: ", ") }
    }
}

/// The parts of a version that contain a photo or a copy of it with a drawn trigger.
private struct Use: OptionSet, Hashable {
    let rawValue: UInt8

    static let training = Use(rawValue: 1)
    static let test = Use(rawValue: 2)

    /// Whether one photo is in training and the other in a test.
    func leaks(to other: Use) -> Bool {
        contains(.training) && other.contains(.test) || contains(.test) && other.contains(.training)
    }

    /// Returns the use of each photo. Empty without a version.
    static func all(of facts: [PhotoFacts], in version: Version?) -> [Use] {
        guard let version else { return [] }
        var uses = [Use](repeating: Use(), count: facts.count)
        // Positions in the order of photo ids, for a binary search without a dictionary of all photos.
        var order = facts.indices.map { Int32($0) }
        if order.dropFirst().contains(where: { facts[Int($0)].photo < facts[Int($0) - 1].photo }) {
            order.sort { facts[Int($0)].photo < facts[Int($1)].photo }
        }
        for entry in version.entries.list {
            var low = 0
            var high = order.count
            while low < high {
                let middle = (low + high) / 2
                if facts[Int(order[middle])].photo < entry.photo { low = middle + 1 } else { high = middle }
            }
            guard low < order.count, facts[Int(order[low])].photo == entry.photo else { continue }
            uses[Int(order[low])].insert(entry.role.isTraining ? .training : .test)
        }
        return uses
    }
}
