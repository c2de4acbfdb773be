import Core
import Testing

@testable import Versions

@Suite struct GroupsTests {
    private func member(_ word: String, of name: String = "a", _ bits: UInt64?) -> NearDuplicateGroups.Member {
        NearDuplicateGroups.Member(
            photo: photoID(word), volunteer: volunteer(name), perceptualHash: bits.map(PerceptualHash.init))
    }

    private func grouped(_ members: [NearDuplicateGroups.Member], within distance: Int = 2) throws -> Set<Set<PhotoID>>
    {
        let groups = NearDuplicateGroups(members, within: try #require(GroupDistance(distance)))
        let grouped = Dictionary(zip(groups.ids, members.map { [$0.photo] }), uniquingKeysWith: +)
        for (group, photos) in grouped { #expect(photos.min() == group, "the id is the smallest photo id") }
        return Set(grouped.values.map(Set.init))
    }

    private func group(_ words: String...) -> Set<PhotoID> { Set(words.map(photoID)) }

    @Test func chainsOfNearDuplicatesAreOneGroup() throws {
        let members = [member("p", 0b0), member("q", 0b11), member("r", 0b1111), member("s", 0b1111_1111)]
        #expect(try grouped(members) == [group("p", "q", "r"), group("s")])
        #expect(try grouped(members, within: 1) == [group("p"), group("q"), group("r"), group("s")])
    }

    @Test func atDistanceZeroOnlyEqualHashesAreOneGroup() throws {
        #expect(
            try grouped([member("p", 7), member("q", 7), member("r", 6)], within: 0) == [group("p", "q"), group("r")])
    }

    @Test func photosOfTwoVolunteersAreNeverOneGroup() throws {
        #expect(try grouped([member("p", of: "a", 7), member("q", of: "b", 7)]) == [group("p"), group("q")])
    }

    @Test func anUnmeasuredPhotoIsAGroupOfItsOwn() throws {
        #expect(
            try grouped([member("p", nil), member("q", nil), member("r", 0)]) == [group("p"), group("q"), group("r")])
    }

    @Test func hashesAtTheLargestDistanceAreLinked() throws {
        for distance in 1...3 {
            for shift in 0..<64 {
                let bits = (0..<distance).reduce(UInt64(0)) { $0 | 1 << UInt64((shift + 21 * $1) % 64) }
                #expect(try grouped([member("p", 0), member("q", bits)], within: distance).count == 1)
                #expect(try grouped([member("p", 0), member("q", bits)], within: distance - 1).count == 2)
            }
        }
    }

    /// Clusters of hashes with many common bits, in three orders, compared with a search of all pairs.
    @Test(arguments: 0...3, [UInt64.max, 0xFFFF, 0x0000_0FF0_0FF0_0000]) func theGroupsAreThoseOfComparingAllPairs(
        _ distance: Int, _ varied: UInt64
    ) throws {
        var state = UInt64(distance) &+ varied
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 32) | (state << 32)
        }
        var middle = next()
        var perceptualHashes: [UInt64] = []
        for number in 0..<700 {
            if number % 7 == 0 { middle = next() & varied }
            perceptualHashes.append(middle ^ (1 << (next() >> 58)) ^ (1 << (next() >> 58)))
        }
        let members = perceptualHashes.enumerated().map { member("\($0)", $1) }
        let found = try grouped(members, within: distance)
        #expect(try grouped(members.reversed(), within: distance) == found)
        #expect(try grouped(members.sorted { $0.photo < $1.photo }, within: distance) == found)

        var components = Array(perceptualHashes.indices)
        for left in perceptualHashes.indices {
            for right in 0..<left
            where (perceptualHashes[left] ^ perceptualHashes[right]).nonzeroBitCount <= distance
                && components[left] != components[right]
            {
                let (old, new) = (components[left], components[right])
                for place in components.indices where components[place] == old { components[place] = new }
            }
        }
        let slow = Set(
            Dictionary(grouping: perceptualHashes.indices, by: { components[$0] }).values.map {
                Set($0.map { photoID("\($0)") })
            })
        #expect(found == slow)
    }

    @Test func aHundredThousandEqualHashesAreOneGroup() throws {
        let members = (0..<100_000).map { member("\($0)", 5) }
        let groups = NearDuplicateGroups(members, within: .standard)
        #expect(Set(groups.ids).count == 1)
    }
}
