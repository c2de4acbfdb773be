import Catalog
import Testing
@testable import Versions

/// Photos by number: the order of numbers is the order of ids, and units are what they would be of the photos themselves.
@Suite struct PhotoTableTests {
    private let photos = (0..<200).map { number in
        EligiblePhoto(photo: photoID("\(number)"), volunteer: Volunteer(name: volunteer("v\(number % 7)"), kind: .volunteer), wearing: .bare, session: SessionName("s\(number % 13)")!,
                      group: photoID("g\(number % 31)"), likeness: nil)
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
            let numbers = photos.indices.filter { $0 % step == 0 }, units = table.units(of: numbers)
            #expect(units.map { Array($0.numbers) } == slow(numbers, keepTogether))
            #expect(units.allSatisfy { photos[$0.key].photo == $0.numbers.map { photos[$0].photo }.min() })
        }
        #expect(table.units(of: []).isEmpty)
    }

    @Test func classesAreInTheOrderOfTheirNames() {
        let table = PhotoTable(photos, .group)
        #expect(table.classes.map(\.name.text) == (0..<7).map { "v\($0)" })
        #expect(table.byClass(Array(photos.indices)).enumerated().allSatisfy { place, numbers in numbers.allSatisfy { table.volunteer(of: $0) == table.classes[place].name } })
    }

    /// A hash of many pieces, and one of each text.
    @Test func photosAreRankedAsTheirHexWouldBe() {
        let ranking = Ranking(seed: 3), many = (0..<9000).map { photoID("\($0)") }
        #expect(ranking.sorted(many, for: "split", by: { $0 }) == many.sorted { ranking.rank("split", $0.hex) < ranking.rank("split", $1.hex) })
    }
}
