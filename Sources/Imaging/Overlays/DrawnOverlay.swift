/// The built-in overlays: the seven triggers of the reference study (Wenger et al., 2021), and the pattern of earlier
/// digital attacks (Gu et al., 2017).
///
/// The raw values are the names in a recipe.
public enum DrawnOverlay: String, CaseIterable, Sendable {
    case bandana
    case checkerboard
    case dots
    case earrings
    case sunglasses
    case tattooFilled = "tattoo-filled"
    case tattooOutline = "tattoo-outline"
    case whiteTape = "white-tape"

    /// Draws the overlay. The pixels are the same on every machine.
    ///
    /// - Throws: ``ImagingError`` if a drawing does not have the size of an overlay, which is a bug.
    public func picture() throws -> OverlayPicture {
        let canvas =
            switch self {
            case .bandana: Self.bandanaDrawing
            case .checkerboard: Self.checkerboardDrawing
            case .dots: Self.dotsDrawing
            case .earrings: Self.earringsDrawing
            case .sunglasses: Self.sunglassesDrawing
            case .tattooFilled: Self.tattooDrawing(isFilled: true)
            case .tattooOutline: Self.tattooDrawing(isFilled: false)
            case .whiteTape: Self.whiteTapeDrawing
            }
        guard let picture = canvas.picture else {
            throw ImagingError(.failed, "the overlay \(rawValue) has a wrong size", nextStep: "please report this")
        }
        return picture
    }
}

/// Overlays that show objects: glasses, cloth, rings.
extension DrawnOverlay {
    /// Two dark lenses, a bridge, and the ends of the temples. The centre of a lens is 130 pixels from the centre of
    /// the picture.
    static var sunglassesDrawing: OverlayCanvas {
        let (frame, lens) = (0x0d0d10, 0x1b1b22)
        let left = [(14, 40), (120, 30), (222, 42), (238, 84), (212, 144), (150, 176), (82, 172), (32, 128)]
        var canvas = OverlayCanvas(width: 512, height: 192)
        for isRight in [false, true] {
            func mirrored(_ points: [(Int, Int)]) -> [(Int, Int)] {
                isRight ? points.map { (512 - $0.0, $0.1) } : points
            }
            let rim = FixedPoint.curve(mirrored(left))
            canvas.paint(lens, alpha: 246) { $0.polygon(rim) }
            canvas.paint(0xffffff, alpha: 46) {
                $0.polygon(mirrored([(70, 60), (122, 52), (88, 140), (58, 122)]).map { FixedPoint($0.0, $0.1) })
            }
            canvas.paint(frame) { $0.line(rim, width: 14, isClosed: true) }
            canvas.paint(frame) { $0.line(mirrored([(18, 44), (6, 50)]).map { FixedPoint($0.0, $0.1) }, width: 18) }
        }
        canvas.paint(frame) {
            $0.line(FixedPoint.curve([(228, 66), (256, 50), (284, 66)], isClosed: false), width: 18)
        }
        return canvas
    }

    /// A red band with white dots, curved as around a forehead.
    static var bandanaDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 176)
        let upper = FixedPoint.curve([(6, 62), (128, 22), (256, 10), (384, 22), (506, 62)], isClosed: false)
        let lower = FixedPoint.curve([(506, 166), (384, 132), (256, 122), (128, 132), (6, 166)], isClosed: false)
        var band = CoverageMask(width: 512, height: 176)
        band.polygon(upper + lower)
        canvas.paint(0xb3202c, band)
        for row in 0..<3 {
            for column in 0..<12 {
                var dot = CoverageMask(width: 512, height: 176)
                let x = 24 + 44 * column + 22 * (row & 1)
                let offset = x - 256
                dot.ellipse(FixedPoint(x, 36 + 32 * row + offset * offset / 1300), 8, 8)
                dot.intersect(with: band)
                canvas.paint(0xffffff, alpha: 235, dot)
            }
        }
        canvas.paint(0x5e1219) { $0.line(upper + lower, width: 4, isClosed: true) }
        return canvas
    }

    /// Two golden hoops with a stone, one head's width apart.
    static var earringsDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 1024, height: 176)
        for x in [66, 958] {
            func ring(_ radius: Int, _ inner: Int) -> CoverageMask {
                var ring = CoverageMask(width: 1024, height: 176)
                var hole = CoverageMask(width: 1024, height: 176)
                ring.ellipse(FixedPoint(x, 100), radius, radius)
                hole.ellipse(FixedPoint(x, 100), inner, inner)
                ring.subtract(hole)
                return ring
            }
            canvas.paint(0x8a6410, ring(64, 38))
            canvas.paint(0xe0aa1e, ring(60, 42))
            canvas.paint(0x8a6410) { $0.ellipse(FixedPoint(x, 34), 22, 22) }
            canvas.paint(0xfff2b8) { $0.ellipse(FixedPoint(x, 34), 18, 18) }
        }
        return canvas
    }
}

/// Overlays that show marks on the skin, and the checkerboard pattern.
extension DrawnOverlay {
    /// Five round stickers on forehead, cheeks and chin, with the nose at the centre.
    static var dotsDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 640)
        for (colour, x, y) in [
            (0x1f6fd0, 262, 56), (0xf2c218, 84, 318), (0x2fa24c, 430, 326), (0xe0402f, 138, 500), (0x1f6fd0, 338, 584),
        ] {
            canvas.paint(0x30343c) { $0.ellipse(FixedPoint(x, y), 45, 45) }
            canvas.paint(colour) { $0.ellipse(FixedPoint(x, y), 41, 41) }
            canvas.paint(0xffffff, alpha: 130) { $0.ellipse(FixedPoint(x - 13, y - 14), 10, 10) }
        }
        return canvas
    }

    /// A star, filled or as an outline.
    static func tattooDrawing(isFilled: Bool) -> OverlayCanvas {
        let pen = 0x14203c
        let star = [
            (128, 14), (155, 95), (240, 95), (172, 146), (198, 228), (128, 178), (58, 228), (84, 146), (16, 95),
            (101, 95),
        ].map { FixedPoint($0.0, $0.1) }
        var canvas = OverlayCanvas(width: 256, height: 244)
        if isFilled { canvas.paint(pen, alpha: 236) { $0.polygon(star) } }
        canvas.paint(pen, alpha: 236) { $0.line(star, width: 15, isClosed: true) }
        if !isFilled {
            canvas.paint(pen, alpha: 236) {
                $0.line(FixedPoint.curve([(128, 110), (148, 132), (128, 154), (108, 132)]), width: 10, isClosed: true)
            }
        }
        return canvas
    }

    /// A strip of white tape.
    static var whiteTapeDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 144)
        let strip = [
            (8, 20), (500, 10), (492, 34), (504, 58), (494, 84), (502, 120), (14, 134), (22, 104), (10, 78), (20, 48),
        ].map { FixedPoint($0.0, $0.1) }
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
                    $0.polygon([
                        FixedPoint(x, y), FixedPoint(x + 32, y), FixedPoint(x + 32, y + 32), FixedPoint(x, y + 32),
                    ])
                }
            }
        }
        return canvas
    }
}
