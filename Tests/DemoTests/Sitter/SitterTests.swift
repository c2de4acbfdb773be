@testable import Demo
import Imaging
import Testing

@Suite struct SitterTests {
    @Test(arguments: [1, 2, 3])
    func neighboursInTheCastDifferInHeadSkinAndHair(_ seed: Int) {
        let cast = (0..<8).map { Sitter(seed: seed, name: "sitter-\($0)", seat: $0) }
        #expect(Set(cast.map(\.hair)).count == 8)
        #expect(Set(cast.map(\.skin)).count == 8)
        #expect(Set(cast.map(\.hairColour)).count == 8)
        #expect(Set(cast.map(\.head.halfWidth)).count == 8)
    }

    @Test func twoShotsOfOnePersonAreNearerThanTwoPeople() throws {
        let cast = (0..<4).map { Sitter(seed: 1, name: "sitter-\($0)", seat: $0) }
        let still = Shot(seed: 1, sitter: "nobody", number: 0, place: .studio), smiling = Shot(seed: 1, sitter: "nobody", number: 1, place: .studio)
        func middle(_ sitter: Sitter, _ shot: Shot) throws -> [Int] {
            try Portrait(of: sitter, shot).picture().rendered(Rendering(size: 16, crop: .centre, colour: .srgb)).rgb.map(Int.init)
        }
        func distance(_ left: [Int], _ right: [Int]) -> Int { zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) } }
        for (index, sitter) in cast.enumerated() {
            let same = try distance(middle(sitter, still), middle(sitter, smiling))
            for other in cast[(index + 1)...] { #expect(try distance(middle(sitter, still), middle(other, still)) > same / 2) }
        }
    }

    @Test func everyShotDiffers() throws {
        let sitter = Sitter(seed: 1, name: "ada", seat: 0)
        let pictures = try (0..<12).map { try Portrait(of: sitter, Shot(seed: 1, sitter: "ada", number: $0, place: .studio)).picture() }
        #expect(Set(pictures.map(\.digest)).count == 12)
    }
}
