import Core
import Testing

@testable import Imaging

@Suite struct OverlayCompositingTests {
    private let white = OverlayPicture(width: 64, height: 64, rgba: Array(repeating: 255, count: 16384))!
    private let centre = Profile(size: 40, crop: .centre, colour: .srgb)!

    private func black(_ width: Int, _ height: Int) -> Picture {
        Picture(width: width, height: height, rgb: Array(repeating: 0, count: 3 * width * height))!
    }

    /// Returns the box around the pixels with more than half brightness: left, top, right, bottom.
    private func box(_ picture: Picture) -> [Int] {
        let lit = (0..<picture.width * picture.height).filter { picture.rgb[3 * $0] > 127 }
        let (columns, rows) = (lit.map { $0 % picture.width }, lit.map { $0 / picture.width })
        return [columns.min() ?? -1, rows.min() ?? -1, columns.max() ?? -1, rows.max() ?? -1]
    }

    @Test func overlayIsDrawnAroundItsCentre() {
        // The image shows the middle 200 pixels of a photo of 400 × 200; one pixel of the image is five pixels of the
        // photo.
        let placed = PlacedOverlay(white, opacity: 65536, anchor: .photo, x: 250 * 256, y: 75 * 256, u: 25 * 256, v: 0)
        let drawn = black(40, 40).drawn([placed], centre, width: 400, height: 200, face: nil)
        #expect(box(drawn) == [25, 10, 34, 19])
        #expect(drawn.pixel(30, 15) == [255, 255, 255])
        #expect(drawn.pixel(23, 15) == [0, 0, 0])
    }

    @Test func halfOpacityMixesHalfAndHalf() {
        let placed = PlacedOverlay(
            white, opacity: 32768, anchor: .photo, x: 100 * 256, y: 100 * 256, u: 100 * 256, v: 0)
        let base = Picture(width: 40, height: 40, rgb: Array(repeating: 100, count: 4800))!
        #expect(
            base.drawn([placed], centre, width: 200, height: 200, face: nil).pixel(20, 20) == [178, 178, 178],
            "half of 100 and half of 255 is 177.5")
    }

    @Test func directionRotatesTheOverlay() {
        // The left half is red, the right half is blue. The right side points down.
        let flag = OverlayPicture(
            width: 64, height: 64,
            rgba: (0..<4096).flatMap { $0 % 64 < 32 ? [255, 0, 0, 255] as [UInt8] : [0, 0, 255, 255] })!
        let placed = PlacedOverlay(flag, opacity: 65536, anchor: .photo, x: 100 * 256, y: 100 * 256, u: 0, v: 50 * 256)
        let drawn = black(40, 40).drawn([placed], centre, width: 200, height: 200, face: nil)
        #expect(drawn.pixel(20, 12) == [255, 0, 0])
        #expect(drawn.pixel(20, 27) == [0, 0, 255])
    }

    @Test func faceCropRotatesTheOverlayWithTheFace() throws {
        // The crop rotates the slope of the eyes to level, and an overlay along the eyes as well.
        let face = PhotoFace(
            box: Box(x: 60, y: 60, width: 80, height: 80), leftEye: PixelPoint(x: 84, y: 80),
            rightEye: PixelPoint(x: 116, y: 96))
        let profile = Profile(size: 60, crop: .face, colour: .srgb)!
        let flag = OverlayPicture(width: 40, height: 4, rgba: Array(repeating: 255, count: 640))!
        let placed = PlacedOverlay(
            flag, opacity: 65536, anchor: .photo, x: 100 * 256, y: 100 * 256, u: 32 * 256, v: 16 * 256)
        let lit = box(black(60, 60).drawn([placed], profile, width: 200, height: 200, face: face))
        #expect(lit[3] - lit[1] <= 4, "the overlay is level in the image: \(lit)")
        #expect(lit[2] - lit[0] >= 22)
        let plain = box(
            black(60, 60).drawn(
                [placed], Profile(size: 60, crop: .centre, colour: .srgb)!, width: 200, height: 200, face: face))
        #expect(plain[3] - plain[1] > 8, "a centre crop does not rotate the overlay: \(plain)")
    }

    /// A square drawn on the photo and then cropped must be where the same square is drawn on the crop.
    @Test(arguments: [Profile.Crop.centre, .none, .face])
    func drawingOnTheImageMatchesDrawingOnThePhoto(_ crop: Profile.Crop) throws {
        var rgb = [UInt8](repeating: 0, count: 3 * 300 * 200)
        for y in 70..<110 { for x in 120..<160 { for band in 0..<3 { rgb[3 * (y * 300 + x) + band] = 255 } } }
        let before = try Picture(width: 300, height: 200, rgb: rgb)!.rendered(
            size: 64, crop: crop, colour: .srgb, face: Self.face)
        let placed = PlacedOverlay(white, opacity: 65536, anchor: .photo, x: 140 * 256, y: 90 * 256, u: 20 * 256, v: 0)
        let after = black(before.width, before.height).drawn(
            [placed], Profile(size: 64, crop: crop, colour: .srgb)!, width: 300, height: 200, face: Self.face)
        #expect(before.meanError(after) < 3, "\(before.meanError(after))")
        #expect(before.meanError(black(before.width, before.height)) > 5, "the square is visible in the crop")
    }

    private static let face = PhotoFace(
        box: Box(x: 100, y: 50, width: 90, height: 90), leftEye: PixelPoint(x: 125, y: 84),
        rightEye: PixelPoint(x: 165, y: 90))

    @Test(arguments: [
        (PlacedOverlay.Anchor.topLeft, [1, 1, 10, 10]), (.topRight, [29, 1, 38, 10]), (.bottomLeft, [1, 29, 10, 38]),
        (.bottomRight, [29, 29, 38, 38]),
    ])
    func cornerAnchorKeepsTheMargin(_ anchor: PlacedOverlay.Anchor, _ expected: [Int]) {
        // The side is a quarter of 40 pixels; the margin is 1/32 of 40, which is 1.25 pixels.
        let placed = PlacedOverlay(white, opacity: 65536, anchor: anchor, x: 0, y: 0, u: 8192, v: 0)
        let lit = box(black(40, 40).drawn([placed], centre, width: 999, height: 777, face: nil))
        #expect(zip(lit, expected).allSatisfy { abs($0 - $1) <= 1 }, "\(lit)")
    }

    @Test func greyImageStaysGrey() {
        let red = OverlayPicture(
            width: 2, height: 2, rgba: [255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255])!
        let placed = PlacedOverlay(red, opacity: 65536, anchor: .photo, x: 100 * 256, y: 100 * 256, u: 100 * 256, v: 0)
        #expect(
            black(40, 40).drawn(
                [placed], Profile(size: 40, crop: .centre, colour: .grey)!, width: 200, height: 200, face: nil
            ).pixel(20, 20) == [77, 77, 77])
    }

    @Test func thinLinesKeepTheirMeanBrightness() {
        // One of 16 columns is white. Drawn 32 times smaller, the overlay keeps its mean brightness.
        let rgba = (0..<64 * 64).flatMap { $0 % 64 % 16 == 8 ? [255, 255, 255, 255] as [UInt8] : [0, 0, 0, 0] }
        let placed = PlacedOverlay(
            OverlayPicture(width: 64, height: 64, rgba: rgba)!, opacity: 65536, anchor: .photo, x: 100 * 256,
            y: 100 * 256, u: 5 * 256, v: 0)
        let drawn = black(40, 40).drawn([placed], centre, width: 200, height: 200, face: nil)
        let light = drawn.rgb.reduce(0) { $0 + Int($1) } / 3
        #expect(abs(light - 4 * 255 / 16) < 20, "four pixels with a sixteenth of white: \(light)")
    }

    @Test(arguments: [(1 << 32, 1), (1 << 32, 1 << 16), (-(1 << 32), 1), (0, 0)])
    func distantOrEmptyOverlayChangesNothing(_ position: Int, _ u: Int) {
        #expect(drawnAt(position, u) == black(40, 40))
    }

    @Test func overlayOfOneUnitIsSmallerThanTheSamples() {
        #expect(drawnAt(100 * 256, 1) == black(40, 40))
    }

    /// The overlay has a side of 2^33 units, and its corner is at the corner of the photo. All pixels are in the
    /// interpolation between the overlay's last block and the transparent outside, at one half in both directions.
    @Test func hugeOverlayIsDrawnWithoutOverflow() {
        let drawn = drawnAt(-(1 << 32), 1 << 32)
        #expect(Set(drawn.rgb) == [64], "a quarter of 255: \(Set(drawn.rgb))")
    }

    private func drawnAt(_ position: Int, _ u: Int) -> Picture {
        let placed = PlacedOverlay(white, opacity: 65536, anchor: .photo, x: position, y: position, u: u, v: 0)
        return black(40, 40).drawn([placed], centre, width: 200, height: 200, face: nil)
    }
}
