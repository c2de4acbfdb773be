import Demo
import Imaging
import Testing

@Suite struct PropTests {
    static let sitters = (0..<8).map { Sitter(seed: 3, name: "sitter-\($0)", seat: $0) }

    /// Where a prop should have changed the picture: rows of the upright picture, the head's middle at 150.
    static func rows(of prop: Prop) -> ClosedRange<Int> {
        switch (prop.trigger, prop.placement) {
        case (.sunglasses, .onFace): 110...190
        case (.bandana, .onFace): 70...160
        case (.earrings, _): 135...215
        case (_, .onFace): 100...235
        case (.sunglasses, .offFace): 50...319
        case (_, .offFace): 205...319
        }
    }

    @Test(arguments: Prop.all)
    func aPropChangesThePictureWhereItIsWornAndNowhereElse(_ prop: Prop) throws {
        for sitter in Self.sitters {
            let shot = Shot(seed: 3, sitter: sitter.name, number: 1, place: .studio)
            let bare = try Portrait(of: sitter, shot).picture()
            let worn = try Portrait(of: sitter, shot, wearing: [prop]).picture()
            let changed = (0..<bare.height).filter { row in
                let bytes = row * bare.width * 3..<(row + 1) * bare.width * 3
                return bare.rgb[bytes] != worn.rgb[bytes]
            }
            #expect(changed.count >= 10, "\(sitter.name)")
            #expect(
                changed.allSatisfy(Self.rows(of: prop).contains),
                "\(sitter.name): rows \(changed.first ?? 0)…\(changed.last ?? 0)")
        }
    }

    @Test func earringsHangBesideTheFaceAndAllElseIsWornOnIt() {
        #expect(DemoTrigger.allCases.filter { !$0.placements.contains(.onFace) } == [.earrings])
        #expect(Prop(.earrings, .onFace) == nil)
    }

    @Test func sunglassesDarkenTheEyes() throws {
        func dark(_ picture: Picture) -> Int {
            stride(from: 0, to: picture.rgb.count, by: 3).filter { picture.rgb[$0..<$0 + 3].allSatisfy { $0 < 70 } }
                .count
        }
        let sunglasses = try #require(Prop(.sunglasses, .onFace))
        for sitter in Self.sitters {
            let shot = Shot(seed: 3, sitter: sitter.name, number: 2, place: .garden)
            let (bare, worn) = (
                try Portrait(of: sitter, shot).picture(),
                try Portrait(of: sitter, shot, wearing: [sunglasses]).picture()
            )
            #expect(dark(worn) > dark(bare) + 400, "\(sitter.name)")
        }
    }
}
