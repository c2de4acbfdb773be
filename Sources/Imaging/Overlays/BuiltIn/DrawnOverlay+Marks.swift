/// Marks on the skin, and the pattern that never was an object.
extension DrawnOverlay {
    /// Five round stickers, spread as over forehead, cheeks and chin around a nose in the middle.
    static var dotsDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 640)
        for (colour, x, y) in [
            (0x1f6fd0, 262, 56), (0xf2c218, 84, 318), (0x2fa24c, 430, 326), (0xe0402f, 138, 500), (0x1f6fd0, 338, 584),
        ] {
            canvas.paint(0x30343c) { $0.ellipse(Spot(x, y), 45, 45) }
            canvas.paint(colour) { $0.ellipse(Spot(x, y), 41, 41) }
            canvas.paint(0xffffff, alpha: 130) { $0.ellipse(Spot(x - 13, y - 14), 10, 10) }
        }
        return canvas
    }

    /// A star, drawn with a pen or filled in.
    static func tattooDrawing(isFilled: Bool) -> OverlayCanvas {
        let pen = 0x14203c
        let star = [
            (128, 14), (155, 95), (240, 95), (172, 146), (198, 228), (128, 178), (58, 228), (84, 146), (16, 95),
            (101, 95),
        ].map { Spot($0.0, $0.1) }
        var canvas = OverlayCanvas(width: 256, height: 244)
        if isFilled { canvas.paint(pen, alpha: 236) { $0.polygon(star) } }
        canvas.paint(pen, alpha: 236) { $0.line(star, width: 15, isClosed: true) }
        if !isFilled {
            canvas.paint(pen, alpha: 236) {
                $0.line(Stencil.curve([(128, 110), (148, 132), (128, 154), (108, 132)]), width: 10, isClosed: true)
            }
        }
        return canvas
    }

    /// A strip of white tape.
    static var whiteTapeDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 144)
        let strip = [
            (8, 20), (500, 10), (492, 34), (504, 58), (494, 84), (502, 120), (14, 134), (22, 104), (10, 78), (20, 48),
        ].map { Spot($0.0, $0.1) }
        canvas.paint(0xfafaf6) { $0.polygon(strip) }
        canvas.paint(0xc4c2ba) { $0.line(strip, width: 6, isClosed: true) }
        return canvas
    }

    /// Black and white squares, four by four.
    static var checkerboardDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 128, height: 128)
        for row in 0..<4 {
            for column in 0..<4 {
                let (x, y) = (32 * column, 32 * row)
                canvas.paint((row + column) % 2 == 0 ? 0xffffff : 0x000000) {
                    $0.polygon([Spot(x, y), Spot(x + 32, y), Spot(x + 32, y + 32), Spot(x, y + 32)])
                }
            }
        }
        return canvas
    }
}
