import Core
import Testing

@testable import Imaging

/// Compares the box of an overlay with the pixels that change when the overlay is drawn.
@Suite struct PlacedOverlayTests {
    /// A white rectangle of 32 × 12 in a transparent picture of 64 × 40, above and to the right of the centre.
    private let rectangle = OverlayPicture(
        width: 64, height: 40,
        rgba: (0..<64 * 40).flatMap { pixel -> [UInt8] in
            let isShown = (28..<60).contains(pixel % 64) && (4..<16).contains(pixel / 64)
            return isShown ? [255, 255, 255, 255] : [9, 9, 9, 0]
        })!
    private let face = PhotoFace(
        box: Box(x: 100, y: 50, width: 90, height: 90), leftEye: PixelPoint(x: 125, y: 84),
        rightEye: PixelPoint(x: 165, y: 104))

    /// Checks that every fully covered pixel is in the box, and that every pixel in the box is changed.
    private func expectBoxMatchesChangedPixels(_ overlay: PlacedOverlay, _ profile: Profile, atLeast: Int = 40)
        throws
    {
        let cut = profile.geometry(width: 300, height: 200)
        let black = Picture(
            width: cut.width, height: cut.height, rgb: Array(repeating: 0, count: 3 * cut.width * cut.height))!
        let drawn = black.drawn([overlay], profile, width: 300, height: 200, face: face)
        let box = try #require(
            OverlayBox(
                overlay, profile, width: 300, height: 200, face: face, imageWidth: cut.width, imageHeight: cut.height)
        )
        var inside = 0
        for row in 0..<cut.height {
            for column in 0..<cut.width {
                let value = drawn.pixel(column, row)[0]
                let isInside = box.contains(column: Double(column) + 0.5, row: Double(row) + 0.5)
                if isInside { inside += 1 }
                #expect(isInside ? value > 0 : value < 255, "(\(column), \(row)) is \(value)")
            }
        }
        #expect(inside >= atLeast, "\(inside) pixels are in the box")
    }

    @Test(
        arguments: [Profile.Crop.centre, .none, .face],
        [(40 * 256, 0), (30 * 256, 22 * 256), (-40 * 256, 9 * 256), (0, 35 * 256)])
    func boxOnAPhotoMatchesTheChangedPixels(_ crop: Profile.Crop, _ side: (Int, Int)) throws {
        try expectBoxMatchesChangedPixels(
            PlacedOverlay(rectangle, opacity: 65536, anchor: .photo, x: 146 * 256, y: 92 * 256, u: side.0, v: side.1),
            Profile(size: 96, crop: crop, colour: .srgb)!)
    }

    @Test(
        arguments: [PlacedOverlay.Anchor.topLeft, .topRight, .bottomLeft, .bottomRight], [(16384, 0), (12000, -9000)])
    func boxInACornerMatchesTheChangedPixels(_ anchor: PlacedOverlay.Anchor, _ side: (Int, Int)) throws {
        for crop in [Profile.Crop.centre, .none, .face] {
            try expectBoxMatchesChangedPixels(
                PlacedOverlay(rectangle, opacity: 65536, anchor: anchor, x: 3000, y: -500, u: side.0, v: side.1),
                Profile(size: 96, crop: crop, colour: .srgb)!)
        }
    }

    @Test func invisibleOverlayHasNoBox() {
        func box(_ picture: OverlayPicture, opacity: Int = 65536, u: Int = 2560) -> OverlayBox? {
            OverlayBox(
                PlacedOverlay(picture, opacity: opacity, anchor: .photo, x: 0, y: 0, u: u, v: 0),
                Profile(size: 32, crop: .centre, colour: .srgb)!, width: 300, height: 200, face: nil,
                imageWidth: 32, imageHeight: 32)
        }
        #expect(box(rectangle) != nil)
        #expect(box(rectangle, u: 0) == nil && box(rectangle, opacity: 0) == nil)
        #expect(box(OverlayPicture(width: 2, height: 1, rgba: [255, 255, 255, 0, 255, 255, 255, 0])!) == nil)
    }

    @Test func visibleBoxExcludesTransparentPixels() throws {
        #expect(rectangle.visibleBox == Box(x: 28, y: 4, width: 32, height: 12))
        let one = OverlayPicture(width: 3, height: 2, rgba: Array(repeating: 0, count: 23) + [1])!
        #expect(one.visibleBox == Box(x: 2, y: 1, width: 1, height: 1))
    }
}
