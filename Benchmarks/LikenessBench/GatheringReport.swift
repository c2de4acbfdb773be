import Core
import Storage
import Versions

/// What gathering a hundred thousand photos of one volunteer costs.
struct GatheringReport: Encodable {
    let what: String
    let photos, distance, groups: Int
    let seconds: Double

    /// Likenesses by how they lie to each other.
    static let kinds: [(what: String, make: @Sendable (Int) -> [UInt64])] = [
        (
            "random",
            { count in
                var dice = Dice(state: 1)
                return (0..<count).map { _ in dice.next() }
            }
        ),
        (
            "bursts of 100, each photo up to 2 bits from its burst's",
            { count in
                var dice = Dice(state: 2)
                var middle: UInt64 = 0
                return (0..<count).map { number in
                    if number % 100 == 0 { middle = dice.next() }
                    return middle ^ (1 << (dice.next() >> 58)) ^ (1 << (dice.next() >> 58))
                }
            }
        ),
        ("all equal", { Array(repeating: 0x0123_4567_89ab_cdef, count: $0) }),
        (
            "all within 3 bits of one",
            { count in
                var dice = Dice(state: 4)
                return (0..<count).map { _ in (0..<3).reduce(0) { bits, _ in bits ^ 1 << (dice.next() >> 58) } }
            }
        ),
        (
            "the first 32 bits equal, the others random",
            { count in
                var dice = Dice(state: 3)
                return (0..<count).map { _ in 0x0123_4567_0000_0000 | dice.next() >> 32 }
            }
        ),
    ]

    init(_ what: String, _ perceptualHashes: [UInt64], _ distance: GroupDistance) {
        let volunteer = VolunteerName("someone")!
        let members = perceptualHashes.enumerated().map {
            Groups.Member(photo: .sha256(of: "\($0)".utf8), volunteer: volunteer, perceptualHash: PerceptualHash($1))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let gathered = Groups(members, within: distance)
        seconds = (1000 * ((clock.now - start) / .seconds(1))).rounded() / 1000
        self.what = what
        (photos, self.distance, groups) = (members.count, distance.bits, Set(gathered.ids).count)
    }
}

/// SplitMix64.
struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
