import Imaging
import Testing

@testable import Demo

@Suite struct SitterTests {
    @Test(arguments: [1, 2, 3])
    func neighboursInTheCastDifferInHeadSkinAndHair(_ seed: Int) {
        let cast = (0..<8).map { Sitter(seed: seed, name: "sitter-\($0)", seat: $0) }
        #expect(Set(cast.map(\.hair)).count == 8)
        #expect(Set(cast.map(\.skin)).count == 8)
        #expect(Set(cast.map(\.hairColour)).count == 8)
        #expect(Set(cast.map(\.head.halfWidth)).count == 8)
    }

    @Test func aFaceIsNearestToItsOwnPersonsOtherShots() throws {
        let cast = (0..<8).map { Sitter(seed: 1, name: "sitter-\($0)", seat: $0) }
        func pixels(_ sitter: Sitter, _ number: Int) throws -> [Int] {
            let shot = Shot(seed: 1, sitter: sitter.name, number: number, place: Shot.Place.allCases[number % 4])
            return try Portrait(of: sitter, shot).picture().rendered(Rendering(size: 16, crop: .centre, colour: .srgb))
                .rgb.map(Int.init)
        }
        let known = try cast.map { sitter in try (0..<12).map { try pixels(sitter, $0) } }
        var right = 0
        for (person, sitter) in cast.enumerated() {
            for number in 12..<16 {
                let seen = try pixels(sitter, number)
                let distances = known.map { shots in
                    shots.map { zip($0, seen).reduce(0) { $0 + abs($1.0 - $1.1) } }.min() ?? 0
                }
                right += distances.firstIndex(of: distances.min() ?? 0) == person ? 1 : 0
            }
        }
        // By chance it would be 4.
        #expect(right >= 20, "\(right) of 32")
    }

    @Test func everyShotDiffers() throws {
        let sitter = Sitter(seed: 1, name: "ada", seat: 0)
        let pictures = try (0..<12).map {
            try Portrait(of: sitter, Shot(seed: 1, sitter: "ada", number: $0, place: .studio)).picture()
        }
        #expect(Set(pictures.map(\.digest)).count == 12)
    }
}
