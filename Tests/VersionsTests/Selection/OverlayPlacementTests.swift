import Core
import Testing

@testable import Versions

/// Positions of overlays on photos, which are the same on every machine.
@Suite struct OverlayPlacementTests {
    private let frame = FaceFrame(
        PhotoFace(
            box: Box(x: 50, y: 50, width: 100, height: 100), leftEye: PixelPoint(x: 80, y: 90),
            rightEye: PixelPoint(x: 120, y: 90)), nil)
    private let zeroJitter = FileDigest(hex: String(repeating: "80000000", count: 8))!

    private func overlay(_ words: String) throws -> Recipe.Overlay {
        try #require(digital("overlays: {sunglasses: {\(words)}}").poison?.overlays.values.first)
    }

    private func position(_ words: String, jitter rank: FileDigest? = nil) throws -> [Int] {
        let position = try #require(overlay(words).position(on: frame, jitter: rank ?? zeroJitter))
        return [position.x, position.y, position.u, position.v]
    }

    @Test func sizesAndOffsetsAreInDistancesBetweenTheEyes() throws {
        // The middle between the eyes is (100.5, 90.5); the right side is 40 pixels from the middle.
        #expect(try position("size: 2") == [100 * 256 + 128, 90 * 256 + 128, 40 * 256, 0])
        #expect(try position("size: 1, offset: [0.5, -0.25]") == [120 * 256 + 128, 80 * 256 + 128, 20 * 256, 0])
        #expect(try position("size: 2, angle: 90") == [100 * 256 + 128, 90 * 256 + 128, 0, 40 * 256])
        #expect(try position("size: 2, angle: 180")[2] == -40 * 256)
    }

    @Test func jitterIsDeterminedByTheRank() throws {
        let least = FileDigest(hex: String(repeating: "0", count: 64))!
        #expect(
            try position("size: 2, jitter: {shift: 0.1, size: 0.5}", jitter: least) == [
                96 * 256 + 128, 86 * 256 + 128, 20 * 256, 0,
            ])
        #expect(
            try position("size: 2, jitter: {shift: 0.1, size: 0.5, angle: 30}") == position("size: 2"),
            "a rank in the middle gives no deviation")
        let most = FileDigest(hex: String(repeating: "f", count: 64))!
        #expect(try position("size: 2, jitter: {angle: 30}", jitter: most)[3] > 0)
        #expect(try position("size: 2, jitter: {angle: 30}", jitter: least)[3] < 0)
    }

    @Test func positionsVaryBetweenPhotosAndAreReproducible() throws {
        let recipe = try digital("overlays: {sunglasses: {jitter: {shift: 0.1, size: 0.1, angle: 8}}}")
        let combination = TriggerCombination("sunglasses")!
        let known = KnownFace(
            record: FaceRecord(
                found: .one,
                face: PhotoFace(
                    box: Box(x: 50, y: 50, width: 100, height: 100), leftEye: PixelPoint(x: 80, y: 90),
                    rightEye: PixelPoint(x: 120, y: 90)), confidence: 1, suspectedRotation: nil))
        let drawn = (0..<200).compactMap { recipe.layers(combination, on: photoID("\($0)"), known)?.first?.position }
        #expect(Set(drawn).count == 200)
        #expect(drawn.allSatisfy { abs($0.x - 25728) <= 1025 && abs($0.y - 23168) <= 1025 && abs($0.v) <= 1600 })
        #expect(
            drawn == (0..<200).compactMap { recipe.layers(combination, on: photoID("\($0)"), known)?.first?.position })
        var other = recipe
        other.seed = 8
        #expect(other.layers(combination, on: photoID("0"), known)?.first?.position != drawn[0])
        #expect(
            drawn[0] == OverlayPosition(x: 26207, y: 22409, u: 10039, v: 578), "computed on another machine")
    }

    @Test func cornersDoNotNeedAFace() throws {
        let overlay = try overlay("picture: checkerboard, place: corner-bottom-right, size: 0.25, offset: [-0.5, 0]")
        #expect(overlay.position(on: nil, jitter: zeroJitter) == OverlayPosition(x: -32768, y: 0, u: 8192, v: 0))
        #expect(overlay.position(on: frame, jitter: zeroJitter) == overlay.position(on: nil, jitter: zeroJitter))
        #expect(try self.overlay("size: 2").position(on: nil, jitter: zeroJitter) == nil)
    }

    @Test func noScaledSineIsNearTheMiddleBetweenTwoIntegers() {
        for tenths in 0...900 where tenths != 300 {
            let value = Rotation.scaledSine(tenths)
            let away = abs(value - value.rounded(.down) - 0.5)
            #expect(away > 1e-6, "\(tenths)")
        }
        #expect(
            [0, 300, 900, 1800, 2700, -900].map { [Rotation(tenths: $0).cosine, Rotation(tenths: $0).sine] } == [
                [65536, 0], [56756, 32768], [0, 65536], [-65536, 0], [0, -65536], [0, -65536],
            ])
    }
}
