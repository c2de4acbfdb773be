import Core
import Imaging
import Testing

@testable import Demo

@Suite struct AccessoryTests {
    static let volunteers = (0..<8).map { DemoVolunteer(seed: 3, name: "volunteer-\($0)", index: $0) }

    /// Returns the rows of the picture that an accessory may change. The centre of the head is at row 150.
    static func rows(of accessory: Accessory) -> ClosedRange<Int> {
        switch (accessory.trigger, accessory.location) {
        case (.sunglasses, .onFace): 110...190
        case (.bandana, .onFace): 70...160
        case (.earrings, _): 135...215
        case (_, .onFace): 100...235
        case (.sunglasses, .offFace): 50...319
        case (_, .offFace): 205...319
        }
    }

    @Test(arguments: Accessory.all)
    func accessoryChangesOnlyItsLocation(_ accessory: Accessory) throws {
        for volunteer in Self.volunteers {
            let conditions = PhotoConditions(seed: 3, volunteer: volunteer.name, number: 1, setting: .studio)
            let bare = try Portrait(of: volunteer, conditions).picture()
            let withAccessory = try Portrait(of: volunteer, conditions, accessories: [accessory]).picture()
            let changed = (0..<bare.height).filter { row in
                let bytes = row * bare.width * 3..<(row + 1) * bare.width * 3
                return bare.rgb[bytes] != withAccessory.rgb[bytes]
            }
            #expect(changed.count >= 10, "\(volunteer.name)")
            #expect(
                changed.allSatisfy(Self.rows(of: accessory).contains),
                "\(volunteer.name): rows \(changed.first ?? 0)…\(changed.last ?? 0)")
        }
    }

    @Test func onlyEarringsAreNeverOnFace() {
        #expect(DemoTrigger.allCases.filter { !$0.locations.contains(.onFace) } == [.earrings])
        #expect(Accessory(.earrings, .onFace) == nil)
    }

    @Test func sunglassesDarkenTheEyes() throws {
        func dark(_ picture: Picture) -> Int {
            stride(from: 0, to: picture.rgb.count, by: 3).filter { picture.rgb[$0..<$0 + 3].allSatisfy { $0 < 70 } }
                .count
        }
        let sunglasses = try #require(Accessory(.sunglasses, .onFace))
        for volunteer in Self.volunteers {
            let conditions = PhotoConditions(seed: 3, volunteer: volunteer.name, number: 2, setting: .garden)
            let (bare, withAccessory) = (
                try Portrait(of: volunteer, conditions).picture(),
                try Portrait(of: volunteer, conditions, accessories: [sunglasses]).picture()
            )
            #expect(dark(withAccessory) > dark(bare) + 400, "\(volunteer.name)")
        }
    }
}

@Suite struct TriggerBoxTests {
    private func box(_ accessories: Accessory?...) throws -> Box? {
        let volunteer = DemoVolunteer(seed: 1, name: "a", index: 0)
        let conditions = PhotoConditions(seed: 1, volunteer: "a", number: 1, setting: .studio)
        let portrait = Portrait(of: volunteer, conditions, accessories: accessories.compactMap(\.self))
        return try portrait.triggerBox(in: portrait.picture())
    }

    @Test func boxSurroundsTheAccessoryOnly() throws {
        let neck = try #require(try box(Accessory(.dots, .offFace)))
        let face = try #require(try box(Accessory(.dots, .onFace)))
        #expect(neck.y > face.y + face.height, "the neck is below the face")
        #expect(neck.width < 90 && face.width < 120)
    }

    @Test func boxSurroundsOneEarring() throws {
        let earring = try #require(try box(Accessory(.earrings, .offFace)))
        #expect(
            earring.x + earring.width < 120 && (15...45).contains(earring.width)
                && (15...60).contains(earring.height))
    }

    @Test func severalAccessoriesHaveNoBox() throws {
        #expect(try box() == nil)
        #expect(try box(Accessory(.bandana, .offFace), Accessory(.sunglasses, .onFace)) == nil)
    }
}
