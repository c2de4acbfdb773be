import Core
import Storage
import Versions

/// What one hash at one distance makes of real photos, and of copies of them.
struct PhotoReport: Encodable {
    let lowestFrequency, distance: Int
    /// Share of photos of which the changed copy is a near-duplicate, by change.
    let found: [String: Double]
    /// Groups in each class, by the class's name.
    let groups: [String: Int]
    /// Classes that are a single group.
    let swallowed: [String]
    /// Photos in the largest group.
    let largest: Int
    /// Pairs of different photos that are within the distance, both in one state of triggerState, or one bare and one not.
    let pairs, pairsAcrossWearing: Int

    init(_ photos: [ChangedPhoto], lowest: Int, _ distance: GroupDistance) {
        let items = photos.map { (volunteer: $0.volunteer, isBare: $0.isBare, hashes: $0.hashes(from: lowest)) }
        lowestFrequency = lowest
        self.distance = distance.bits
        func near(_ left: UInt64, _ right: UInt64) -> Bool { (left ^ right).nonzeroBitCount <= distance.bits }
        found = Dictionary(
            uniqueKeysWithValues: Changes.all.enumerated().map { place, change in
                let hits = items.filter { near($0.hashes[0], $0.hashes[place + 1]) }.count
                return (change.name, (1000 * Double(hits) / Double(items.count)).rounded() / 1000)
            })
        let gathered = Groups(
            items.enumerated().map {
                .init(
                    photo: .sha256(of: "\($0)".utf8), volunteer: VolunteerName($1.volunteer)!,
                    perceptualHash: PerceptualHash($1.hashes[0]))
            }, within: distance)
        var sizes: [String: [PhotoID: Int]] = [:]
        for (item, group) in zip(items, gathered.ids) { sizes[item.volunteer, default: [:]][group, default: 0] += 1 }
        groups = sizes.mapValues(\.count)
        swallowed = groups.filter { $0.value == 1 }.keys.sorted()
        largest = sizes.values.flatMap(\.values).max() ?? 0
        let close = items.indices.flatMap { left in
            items.indices.suffix(from: left + 1).filter {
                items[left].volunteer == items[$0].volunteer && near(items[left].hashes[0], items[$0].hashes[0])
            }.map { (items[left], items[$0]) }
        }
        pairsAcrossWearing = close.filter { $0.0.isBare != $0.1.isBare }.count
        pairs = close.count - pairsAcrossWearing
    }
}
