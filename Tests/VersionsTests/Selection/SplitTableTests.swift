import Core
import Testing

@testable import Versions

/// Units, classes and categories by index, compared with simple implementations on photos.
@Suite struct SplitTableTests {
    private let photos = (0..<200).map { number in
        EligiblePhoto(
            photo: photoID("\(number)"), volunteer: Volunteer(name: volunteer("v\(number % 7)"), kind: .volunteer),
            triggerState: .bare, session: SessionName("s\(number % 13)")!,
            group: photoID("g\(number % 31)"), perceptualHash: nil)
    }.sorted { $0.photo < $1.photo }

    private func expectedUnits(_ numbers: [Int], _ keepTogether: Recipe.KeepTogether) -> [[Int]] {
        let units = Dictionary(grouping: numbers) { number in
            switch keepTogether {
            case .group: photos[number].group.hex
            case .session: photos[number].session.text
            case .none: photos[number].photo.hex
            }
        }
        return units.values.map { $0.sorted() }.sorted { photos[$0[0]].photo < photos[$1[0]].photo }
    }

    @Test(arguments: Recipe.KeepTogether.allCases) func unitsAreSortedByTheirKeys(_ keepTogether: Recipe.KeepTogether) {
        let table = SplitTable(photos, keepTogether)
        for step in 1...5 {
            let numbers = photos.indices.filter { $0 % step == 0 }
            let units = table.units(of: numbers)
            #expect(units.map { Array($0.photos) } == expectedUnits(numbers, keepTogether))
            #expect(units.allSatisfy { photos[$0.key].photo == $0.photos.map { photos[$0].photo }.min() })
        }
        #expect(table.units(of: []).isEmpty)
    }

    @Test func classesAreSortedByName() {
        let table = SplitTable(photos, .group)
        #expect(table.classes.map(\.name.text) == (0..<7).map { "v\($0)" })
        #expect(
            table.byClass(Array(photos.indices)).enumerated().allSatisfy { index, photos in
                photos.allSatisfy { table.volunteer(of: $0) == table.classes[index].name }
            })
    }

    /// Ranks that are computed in chunks, compared with ranks of single texts.
    @Test func photosAreRankedByTheHexTextOfTheirIDs() {
        let ranking = Ranking(seed: 3)
        let many = (0..<9000).map { photoID("\($0)") }
        #expect(
            ranking.sorted(many, for: "split", by: { $0 })
                == many.sorted { ranking.rank("split", $0.hex) < ranking.rank("split", $1.hex) })
    }

    /// Group ids of the first photo, of a later photo, and without a photo. Photo ids with equal leading bits.
    @Test(arguments: [1, 3, 40, 200]) func groupCategoriesAreThoseOfADictionary(_ size: Int) throws {
        for leading in ["", "00000000000000ab", String(repeating: "f", count: 63)] {
            let ids = try Set(
                (0..<200).map {
                    try #require(PhotoID(hex: leading + photoID("\($0)").hex.dropFirst(leading.count)))
                }
            ).sorted()
            let photos = ids.indices.map { place in
                let group =
                    place % 11 == 0
                    ? photoID("g\(place / size)")
                    : ids[place % 7 == 0 ? min(ids.count - 1, place + 1) : place / size * size]
                return EligiblePhoto(
                    photo: ids[place], volunteer: Volunteer(name: volunteer("v"), kind: .volunteer),
                    triggerState: .bare,
                    session: SessionName("s")!, group: group, perceptualHash: nil)
            }
            let fast = CategoryIndex(groupsOf: photos)
            let expected = CategoryIndex(photos, by: \.group)
            #expect(fast.categories == expected.categories && fast.count == expected.count)
        }
        #expect(CategoryIndex(groupsOf: []).count == 0)
    }
}
