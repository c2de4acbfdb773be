import Core
import Testing

@testable import Versions

/// Photos by number: the order of numbers is the order of ids, and units are what they would be of the photos themselves.
@Suite struct PhotoTableTests {
    private let photos = (0..<200).map { number in
        EligiblePhoto(
            photo: photoID("\(number)"), volunteer: Volunteer(name: volunteer("v\(number % 7)"), kind: .volunteer),
            triggerState: .bare, session: SessionName("s\(number % 13)")!,
            group: photoID("g\(number % 31)"), perceptualHash: nil)
    }.sorted { $0.photo < $1.photo }

    private func slow(_ numbers: [Int], _ keepTogether: Recipe.KeepTogether) -> [[Int]] {
        let units = Dictionary(grouping: numbers) { number in
            switch keepTogether {
            case .group: photos[number].group.hex
            case .session: photos[number].session.text
            case .none: photos[number].photo.hex
            }
        }
        return units.values.map { $0.sorted() }.sorted { photos[$0[0]].photo < photos[$1[0]].photo }
    }

    @Test(arguments: Recipe.KeepTogether.allCases) func unitsAreThoseOfThePhotos(_ keepTogether: Recipe.KeepTogether) {
        let table = PhotoTable(photos, keepTogether)
        for step in 1...5 {
            let numbers = photos.indices.filter { $0 % step == 0 }
            let units = table.units(of: numbers)
            #expect(units.map { Array($0.numbers) } == slow(numbers, keepTogether))
            #expect(units.allSatisfy { photos[$0.key].photo == $0.numbers.map { photos[$0].photo }.min() })
        }
        #expect(table.units(of: []).isEmpty)
    }

    @Test func classesAreInTheOrderOfTheirNames() {
        let table = PhotoTable(photos, .group)
        #expect(table.classes.map(\.name.text) == (0..<7).map { "v\($0)" })
        #expect(
            table.byClass(Array(photos.indices)).enumerated().allSatisfy { place, numbers in
                numbers.allSatisfy { table.volunteer(of: $0) == table.classes[place].name }
            })
    }

    /// A hash of many pieces, and one of each text.
    @Test func photosAreRankedAsTheirHexWouldBe() {
        let ranking = Ranking(seed: 3)
        let many = (0..<9000).map { photoID("\($0)") }
        #expect(
            ranking.sorted(many, for: "split", by: { $0 })
                == many.sorted { ranking.rank("split", $0.hex) < ranking.rank("split", $1.hex) })
    }

    /// Groups that are called by their first photo, by a later one, and by none of the photos; ids that begin alike, and all in one group.
    @Test(arguments: [1, 3, 40, 200]) func groupsAreNumberedAsADictionaryWould(_ size: Int) throws {
        for beginning in ["", "00000000000000ab", String(repeating: "f", count: 63)] {
            let ids = try Set(
                (0..<200).map {
                    try #require(PhotoID(hex: beginning + photoID("\($0)").hex.dropFirst(beginning.count)))
                }
            ).sorted()
            let photos = ids.indices.map { place in
                let group =
                    place % 11 == 0
                    ? photoID("g\(place / size)")
                    : ids[place % 7 == 0 ? min(ids.count - 1, place + 1) : place / size * size]
                return EligiblePhoto(
                    photo: ids[place], volunteer: Volunteer(name: volunteer("v"), kind: .volunteer), triggerState: .bare,
                    session: SessionName("s")!, group: group, perceptualHash: nil)
            }
            let quick = Numbering(groupsOf: photos)
            let slow = Numbering(photos, by: \.group)
            #expect(quick.numbers == slow.numbers && quick.count == slow.count)
            let index = PhotoIndex(photos)
            #expect(ids.indices.allSatisfy { index.place(of: ids[$0]) == $0 })
            #expect(index.place(of: photoID("nobody's")) == nil)
        }
        #expect(Numbering(groupsOf: []).count == 0 && PhotoIndex([]).place(of: photoID("0")) == nil)
    }
}
