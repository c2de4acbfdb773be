import Core
import Storage
import Versions

/// The near-duplicates among real photos and their changed copies, for one hash and one distance.
struct PhotoReport: Encodable {
    let lowestFrequency, distance: Int
    /// Proportion of photos whose changed copy is a near-duplicate, by the name of the change.
    let found: [String: Double]
    /// Number of groups in each class, by the name of the class.
    let groups: [String: Int]
    /// Classes of which all photos form a single group.
    let swallowed: [String]
    /// Number of photos in the largest group.
    let largest: Int
    /// Pairs of different photos within the distance: both bare or both with a trigger, and one bare and one with a
    /// trigger.
    let pairs, pairsOfBareAndTriggered: Int

    init(_ photos: [ChangedPhoto], lowest: Int, _ distance: GroupDistance) {
        let items = photos.map { (volunteer: $0.volunteer, isBare: $0.isBare, hashes: $0.hashes(from: lowest)) }
        lowestFrequency = lowest
        self.distance = distance.bits
        func near(_ left: UInt64, _ right: UInt64) -> Bool { (left ^ right).nonzeroBitCount <= distance.bits }
        found = Dictionary(
            uniqueKeysWithValues: PhotoChanges.all.enumerated().map { index, change in
                let hits = items.filter { near($0.hashes[0], $0.hashes[index + 1]) }.count
                return (change.name, (1000 * Double(hits) / Double(items.count)).rounded() / 1000)
            })
        let grouped = NearDuplicateGroups(
            items.enumerated().map {
                .init(
                    photo: .sha256(of: "\($0)".utf8), volunteer: VolunteerName($1.volunteer)!,
                    perceptualHash: PerceptualHash($1.hashes[0]))
            }, within: distance)
        var sizes: [String: [PhotoID: Int]] = [:]
        for (item, group) in zip(items, grouped.ids) { sizes[item.volunteer, default: [:]][group, default: 0] += 1 }
        groups = sizes.mapValues(\.count)
        swallowed = groups.filter { $0.value == 1 }.keys.sorted()
        largest = sizes.values.flatMap(\.values).max() ?? 0
        let close = items.indices.flatMap { left in
            items.indices.suffix(from: left + 1).filter {
                items[left].volunteer == items[$0].volunteer && near(items[left].hashes[0], items[$0].hashes[0])
            }.map { (items[left], items[$0]) }
        }
        pairsOfBareAndTriggered = close.filter { $0.0.isBare != $0.1.isBare }.count
        pairs = close.count - pairsOfBareAndTriggered
    }
}
