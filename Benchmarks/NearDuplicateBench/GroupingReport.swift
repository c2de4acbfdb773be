import Core
import Storage
import Versions

/// The time for grouping many photos of one volunteer.
struct GroupingReport: Encodable {
    let what: String
    let photos, distance, groups: Int
    let seconds: Double

    /// Sets of hashes with different distances from each other.
    static let kinds: [(description: String, make: @Sendable (Int) -> [UInt64])] = [
        (
            "random",
            { count in
                var random = SplitMix64(seed: 1)
                return (0..<count).map { _ in random.next() }
            }
        ),
        (
            "bursts of 100, each photo up to 2 bits from its burst's",
            { count in
                var random = SplitMix64(seed: 2)
                var middle: UInt64 = 0
                return (0..<count).map { number in
                    if number % 100 == 0 { middle = random.next() }
                    return middle ^ (1 << (random.next() >> 58)) ^ (1 << (random.next() >> 58))
                }
            }
        ),
        ("all equal", { Array(repeating: 0x0123_4567_89ab_cdef, count: $0) }),
        (
            "all within 3 bits of one",
            { count in
                var random = SplitMix64(seed: 4)
                return (0..<count).map { _ in (0..<3).reduce(0) { bits, _ in bits ^ (1 << (random.next() >> 58)) } }
            }
        ),
        (
            "the first 32 bits equal, the others random",
            { count in
                var random = SplitMix64(seed: 3)
                return (0..<count).map { _ in 0x0123_4567_0000_0000 | (random.next() >> 32) }
            }
        ),
    ]

    init(_ description: String, _ hashes: [UInt64], _ distance: GroupDistance) {
        let volunteer = VolunteerName("someone")!
        let members = hashes.enumerated().map {
            NearDuplicateGroups.Member(
                photo: .sha256(of: "\($0)".utf8), volunteer: volunteer, perceptualHash: PerceptualHash($1))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let grouped = NearDuplicateGroups(members, within: distance)
        seconds = (1000 * ((clock.now - start) / .seconds(1))).rounded() / 1000
        what = description
        photos = members.count
        self.distance = distance.bits
        groups = Set(grouped.ids).count
    }
}
