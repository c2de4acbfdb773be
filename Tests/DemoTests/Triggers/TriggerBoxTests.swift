import Imaging
import Testing

@testable import Demo

@Suite struct TriggerBoxTests {
    private func box(_ props: Prop?...) throws -> PixelBox? {
        let sitter = Sitter(seed: 1, name: "a", seat: 0)
        let shot = Shot(seed: 1, sitter: "a", number: 1, place: .studio)
        let portrait = Portrait(of: sitter, shot, wearing: props.compactMap(\.self))
        return try portrait.triggerBox(in: portrait.picture())
    }

    @Test func aBoxIsAroundWhatIsWornAndNothingElse() throws {
        let neck = try #require(try box(Prop(.dots, .offFace)))
        let face = try #require(try box(Prop(.dots, .onFace)))
        #expect(neck.top > face.top + face.height, "the neck is below the face")
        #expect(neck.width < 90 && face.width < 120)
    }

    @Test func ofAPairOfEarringsOneIsMarked() throws {
        let earring = try #require(try box(Prop(.earrings, .offFace)))
        #expect(
            earring.left + earring.width < 120 && (15...45).contains(earring.width)
                && (15...60).contains(earring.height))
    }

    @Test func oneBoxIsAroundOneObject() throws {
        #expect(try box() == nil)
        #expect(try box(Prop(.bandana, .offFace), Prop(.sunglasses, .onFace)) == nil)
    }
}
