import Core
import Testing

@testable import Versions

@Suite struct LookAlikesTests {
    private func member(_ number: Int, _ volunteer: String, _ hash: UInt64?) -> NearDuplicateGroups.Member {
        NearDuplicateGroups.Member(
            photo: .sha256(of: "\(number)".utf8), volunteer: VolunteerName(volunteer)!,
            perceptualHash: hash.map { PerceptualHash($0) })
    }

    /// Compares every photo with every other.
    private func expected(_ members: [NearDuplicateGroups.Member], _ distance: GroupDistance) -> [LookAlikePair] {
        var pairs: Set<LookAlikePair> = []
        for left in members {
            for right in members where left.volunteer != right.volunteer {
                guard let first = left.perceptualHash, let second = right.perceptualHash else { continue }
                if first.distance(to: second) <= distance.bits { pairs.insert(LookAlikePair(left.photo, right.photo)) }
            }
        }
        return pairs.sorted()
    }

    @Test("The pairs are those that a comparison of all photos finds", arguments: 0...3) func allPairs(_ bits: Int)
        throws
    {
        let distance = try #require(GroupDistance(bits))
        for seed in UInt64(1)...4 {
            var generator = SplitMix64(seed: seed)
            // Few different hashes with few different bits, so that there are large sets and many pairs.
            let centres = (0..<5).map { _ in generator.next() }
            let members = (0..<200).map { number in
                var hash = centres[Int.random(in: 0..<5, using: &generator)]
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    hash ^= 1 << UInt64.random(in: 0..<(seed < 3 ? 64 : 12), using: &generator)
                }
                let name = "v\(Int.random(in: 0..<4, using: &generator))"
                return member(number, name, number.isMultiple(of: 40) ? nil : hash)
            }
            #expect(LookAlikes.pairs(among: members, within: distance, limit: .max) == expected(members, distance))
            #expect(
                LookAlikes.pairs(among: members.reversed(), within: distance, limit: .max)
                    == expected(members, distance))
        }
    }

    @Test("Photos of one volunteer are no pair, and the number of pairs is limited") func limits() {
        let same = (0..<100).map { member($0, "a", 7) }
        #expect(LookAlikes.pairs(among: same, within: .standard).isEmpty)
        let different = (0..<100).map { member($0, "v\($0)", UInt64($0 % 2)) }
        #expect(LookAlikes.pairs(among: different, within: .standard, limit: 10).count == 10)
        #expect(LookAlikes.pairs(among: [], within: .standard).isEmpty)
    }
}
