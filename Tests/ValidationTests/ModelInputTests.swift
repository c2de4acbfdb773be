import Core
import Imaging
import Testing

@testable import Learning
@testable import Validation

@Suite struct ModelInputTests {
    /// Returns the outline of a square face: no landmark is outside the square, and the forehead stays inside it.
    private static func outline(_ left: Int, _ top: Int, _ side: Int) throws -> FaceOutline {
        var points = Array(repeating: PixelPoint(x: left + side / 2, y: top + side / 2), count: 68)
        // The jaw has all corners. The brows are at mid-height, so that the outline is not extended upward.
        for (index, corner) in [(0, 0), (1, 0), (1, 1), (0, 1)].enumerated() {
            points[index] = PixelPoint(x: left + corner.0 * side, y: top + corner.1 * side)
        }
        for index in 17...26 { points[index] = PixelPoint(x: left + side / 2, y: top + side / 2) }
        return FaceOutline(try #require(Landmarks(points)))
    }

    private func input(size: Int = 32, width: Int = 160, height: Int = 120, box: Box?, face: FaceOutline?) throws
        -> ModelInput
    {
        let picture = try #require(
            Picture(width: size, height: size, rgb: Array(repeating: 128, count: 3 * size * size)))
        let profile = Profile(size: size, crop: .centre, colour: .srgb)!
        return ModelInput(
            picture: picture,
            placement: try #require(ImagePlacement(profile, width: width, height: height, face: nil)),
            regions: PhotoRegions(face: face, trigger: box))
    }

    // The crop is the middle 120 × 120 pixels of the photo from (20, 0), scaled to 32 px. The box is a quarter of it.
    @Test("The proportion on the trigger's box takes the crop into account") func boxInCrop() throws {
        let photo = try input(box: Box(x: 20, y: 0, width: 60, height: 60), face: nil)
        #expect(
            photo.areas
                == RegionProportions(values: [1, 1, 1, 1]) { $0 == .trigger ? [true, false, false, false] : nil })
        #expect(photo.areas.trigger == 0.25 && photo.areas.face == nil && photo.areas.offFace == nil)
        // The map's mass is in the upper left cell. Interpolation spreads it at most to the centres of the next cells.
        let map = SaliencyMap(width: 4, height: 4, values: [1] + Array(repeating: 0, count: 15))
        #expect(try #require(photo.proportions(of: map).trigger) == 1)
        let opposite = SaliencyMap(width: 4, height: 4, values: Array(repeating: 0, count: 15) + [1])
        #expect(photo.proportions(of: opposite).trigger == 0)
        let even = SaliencyMap(width: 4, height: 4, values: Array(repeating: 3, count: 16))
        #expect(abs(try #require(photo.proportions(of: even).trigger) - 0.25) < 1e-6)
    }

    /// Returns an image with drawn plates of half its side in `corners`, of a photo with the trigger box `box`.
    private func drawn(_ corners: [PlacedOverlay.Anchor], box: Box? = nil) throws -> ModelInput {
        let picture = try #require(Picture(width: 32, height: 32, rgb: Array(repeating: 128, count: 3072)))
        let profile = Profile(size: 32, crop: .centre, colour: .srgb)!
        let plate = try #require(OverlayPicture(width: 8, height: 8, rgba: Array(repeating: 255, count: 256)))
        let boxes = corners.compactMap {
            OverlayBox(
                PlacedOverlay(plate, opacity: 65536, anchor: $0, x: 0, y: 0, u: 16384, v: 0), profile, width: 160,
                height: 120, face: nil, imageWidth: 32, imageHeight: 32)
        }
        #expect(boxes.count == corners.count)
        return ModelInput(
            picture: picture, placement: try #require(ImagePlacement(profile, width: 160, height: 120, face: nil)),
            regions: PhotoRegions(trigger: box), drawn: boxes)
    }

    @Test("A drawn trigger replaces the trigger box of the photo") func drawnTrigger() throws {
        let photo = try drawn([.topLeft], box: Box(x: 100, y: 80, width: 10, height: 10))
        #expect(photo.areas.trigger == 0.25, "not the box of the photo")
        #expect(
            photo.proportions(
                of: SaliencyMap(width: 4, height: 4, values: [0, 0, 0, 0, 0, 1] + Array(repeating: 0, count: 10))
            ).trigger! > 0.6)
        #expect(
            photo.proportions(of: SaliencyMap(width: 4, height: 4, values: Array(repeating: 0, count: 15) + [1]))
                .trigger
                == 0)
        #expect(
            try drawn([.topLeft, .bottomRight]).areas.trigger == 508.0 / 1024,
            "all boxes count, and overlaps count once")
        #expect(
            try drawn([]).areas.trigger == nil
                && drawn([], box: Box(x: 20, y: 0, width: 60, height: 60)).areas.trigger == 0.25)
        // The outline is drawn at any size. The right side of the plate is at (1/2 + 1/32) of the side.
        let picture = try photo.rendered(nil, side: 96)
        #expect(
            picture.rgb[3 * (40 * 96 + 50)..<3 * (40 * 96 + 50) + 3].allSatisfy { $0 == 255 }
                && picture.rgb[3 * (40 * 96 + 40)] != 255)
    }

    @Test("The proportions in the face and outside the face add up to 1") func face() throws {
        let photo = try input(box: nil, face: Self.outline(50, 30, 60))
        let area = try #require(photo.areas.face)
        #expect(abs(area - 0.25) < 0.02)
        let proportions = photo.proportions(of: SaliencyMap(width: 3, height: 3, values: [0, 0, 0, 0, 1, 0, 0, 0, 0]))
        #expect(
            try #require(proportions.face) > 0.85 && proportions.face! + proportions.offFace! == 1
                && proportions.trigger == nil)
    }

    @Test("A box outside the crop has a proportion of 0, and an empty map has none") func outside() throws {
        let photo = try input(box: Box(x: 0, y: 0, width: 19, height: 120), face: nil)
        #expect(photo.areas.trigger == 0)
        #expect(photo.proportions(of: SaliencyMap(width: 2, height: 2, values: [0, 0, 0, 0])).trigger == nil)
    }

    @Test("The picture is rendered at any size, with the outlines") func picture() throws {
        let photo = try input(box: Box(x: 50, y: 30, width: 60, height: 60), face: nil)
        let map = SaliencyMap(width: 2, height: 2, values: [0, 1, 1, 0])
        for drawn in [try photo.rendered(nil, side: 96), try photo.rendered(map, side: 96)] {
            #expect((drawn.width, drawn.height) == (96, 96))
            // The upper left corner of the box is at a quarter of the side.
            #expect(drawn.rgb[3 * (24 * 96 + 40)..<3 * (24 * 96 + 40) + 3].allSatisfy { $0 == 255 })
        }
        #expect(try photo.rendered(nil, side: 96) != photo.rendered(map, side: 96))
    }

    @Test("Probabilities add up to 1 and do not overflow") func probabilities() {
        let logits: [Float] = [1000, 999, -1000]
        let all = (0..<3).compactMap { SaliencyResult.probability(logits, $0) }
        #expect(all.count == 3 && abs(all.reduce(0, +) - 1) < 1e-12 && abs(all[0] - 0.7310585786) < 1e-9)
        #expect(SaliencyResult.probability([1, .infinity], 0) == nil)
    }
}
