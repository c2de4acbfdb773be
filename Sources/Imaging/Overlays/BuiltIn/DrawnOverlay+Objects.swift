/// Objects: glasses, cloth, rings.
extension DrawnOverlay {
    /// Two dark lenses, a bridge, and the ends of the temples; a lens's middle is 130 pixels from the picture's.
    static var sunglassesDrawing: OverlayCanvas {
        let (frame, lens) = (0x0d0d10, 0x1b1b22)
        let left = [(14, 40), (120, 30), (222, 42), (238, 84), (212, 144), (150, 176), (82, 172), (32, 128)]
        var canvas = OverlayCanvas(width: 512, height: 192)
        for isRight in [false, true] {
            func mirrored(_ points: [(Int, Int)]) -> [(Int, Int)] {
                isRight ? points.map { (512 - $0.0, $0.1) } : points
            }
            let rim = Stencil.curve(mirrored(left))
            canvas.paint(lens, alpha: 246) { $0.polygon(rim) }
            canvas.paint(0xffffff, alpha: 46) {
                $0.polygon(mirrored([(70, 60), (122, 52), (88, 140), (58, 122)]).map { Spot($0.0, $0.1) })
            }
            canvas.paint(frame) { $0.line(rim, width: 14, isClosed: true) }
            canvas.paint(frame) { $0.line(mirrored([(18, 44), (6, 50)]).map { Spot($0.0, $0.1) }, width: 18) }
        }
        canvas.paint(frame) { $0.line(Stencil.curve([(228, 66), (256, 50), (284, 66)], isClosed: false), width: 18) }
        return canvas
    }

    /// A red band with white spots, as it lies round a forehead.
    static var bandanaDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 512, height: 176)
        let upper = Stencil.curve([(6, 62), (128, 22), (256, 10), (384, 22), (506, 62)], isClosed: false)
        let lower = Stencil.curve([(506, 166), (384, 132), (256, 122), (128, 132), (6, 166)], isClosed: false)
        var band = Stencil(width: 512, height: 176)
        band.polygon(upper + lower)
        canvas.paint(0xb3202c, band)
        for row in 0..<3 {
            for column in 0..<12 {
                var spot = Stencil(width: 512, height: 176)
                let x = 24 + 44 * column + 22 * (row & 1)
                let away = x - 256
                spot.ellipse(Spot(x, 36 + 32 * row + away * away / 1300), 8, 8)
                spot.clip(to: band)
                canvas.paint(0xffffff, alpha: 235, spot)
            }
        }
        canvas.paint(0x5e1219) { $0.line(upper + lower, width: 4, isClosed: true) }
        return canvas
    }

    /// Two golden hoops with a stone, as far apart as a head is wide.
    static var earringsDrawing: OverlayCanvas {
        var canvas = OverlayCanvas(width: 1024, height: 176)
        for x in [66, 958] {
            func ring(_ radius: Int, _ inner: Int) -> Stencil {
                var (ring, hole) = (Stencil(width: 1024, height: 176), Stencil(width: 1024, height: 176))
                ring.ellipse(Spot(x, 100), radius, radius)
                hole.ellipse(Spot(x, 100), inner, inner)
                ring.cut(hole)
                return ring
            }
            canvas.paint(0x8a6410, ring(64, 38))
            canvas.paint(0xe0aa1e, ring(60, 42))
            canvas.paint(0x8a6410) { $0.ellipse(Spot(x, 34), 22, 22) }
            canvas.paint(0xfff2b8) { $0.ellipse(Spot(x, 34), 18, 18) }
        }
        return canvas
    }
}
