import Imaging
import Testing

@testable import Demo

@Suite struct DemoVolunteerTests {
    @Test(arguments: [1, 2, 3])
    func neighbouringVolunteersDifferInTraits(_ seed: Int) {
        let volunteers = (0..<8).map { DemoVolunteer(seed: seed, name: "volunteer-\($0)", index: $0) }
        #expect(Set(volunteers.map(\.hair)).count == 8)
        #expect(Set(volunteers.map(\.skin)).count == 8)
        #expect(Set(volunteers.map(\.hairColour)).count == 8)
        #expect(Set(volunteers.map(\.head.halfWidth)).count == 8)
    }

    @Test func photosOfOneVolunteerAreSimilar() throws {
        let volunteers = (0..<8).map { DemoVolunteer(seed: 1, name: "volunteer-\($0)", index: $0) }
        func pixels(_ volunteer: DemoVolunteer, _ number: Int) throws -> [Int] {
            let conditions = PhotoConditions(
                seed: 1, volunteer: volunteer.name, number: number,
                setting: PhotoConditions.Setting.allCases[number % 4])
            return try Portrait(of: volunteer, conditions).picture().rendered(
                size: 16, crop: .centre, colour: .srgb
            )
            .rgb.map(Int.init)
        }
        let known = try volunteers.map { volunteer in try (0..<12).map { try pixels(volunteer, $0) } }
        var correct = 0
        for (index, volunteer) in volunteers.enumerated() {
            for number in 12..<16 {
                let seen = try pixels(volunteer, number)
                let distances = known.map { photos in
                    photos.map { zip($0, seen).reduce(0) { $0 + abs($1.0 - $1.1) } }.min() ?? 0
                }
                correct += distances.firstIndex(of: distances.min() ?? 0) == index ? 1 : 0
            }
        }
        // By chance it would be 4.
        #expect(correct >= 20, "\(correct) of 32")
    }

    @Test func everyPhotoDiffers() throws {
        let volunteer = DemoVolunteer(seed: 1, name: "ada", index: 0)
        let pictures = try (0..<12).map {
            try Portrait(of: volunteer, PhotoConditions(seed: 1, volunteer: "ada", number: $0, setting: .studio))
                .picture()
        }
        #expect(Set(pictures.map(\.digest)).count == 12)
    }
}
