/// An overlay while it is drawn: whole numbers alone, so that every machine draws the same pixels.
struct OverlayCanvas {
    let width, height: Int
    /// 255 · 255: full, of alpha and of each colour multiplied with it.
    private static let full = 65025
    /// Red, green and blue multiplied with alpha, and alpha.
    private var pixels: [(Int, Int, Int, Int)]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        pixels = Array(repeating: (0, 0, 0, 0), count: width * height)
    }

    /// Lays one colour over what is there.
    ///
    /// - Parameters:
    ///   - colour: `0xrrggbb`.
    ///   - alpha: 0…255.
    ///   - shape: adds to a stencil of the canvas's size what is painted.
    mutating func paint(_ colour: Int, alpha: Int = 255, _ shape: (inout Stencil) -> Void) {
        var stencil = Stencil(width: width, height: height)
        shape(&stencil)
        paint(colour, alpha: alpha, stencil)
    }

    mutating func paint(_ colour: Int, alpha: Int = 255, _ stencil: Stencil) {
        let (red, green, blue) = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
        for (index, places) in stencil.places.enumerated() where places != 0 {
            let cover = alpha * 255 * places.nonzeroBitCount / 16
            let (under, rest) = (pixels[index], Self.full - cover)
            func over(_ own: Int, _ below: Int) -> Int { (own * cover + below * rest + Self.full / 2) / Self.full }
            pixels[index] = (
                over(red * 255, under.0), over(green * 255, under.1), over(blue * 255, under.2),
                over(Self.full, under.3)
            )
        }
    }

    /// What was drawn.
    var picture: OverlayPicture? {
        let rgba = pixels.flatMap { pixel -> [UInt8] in
            let alpha = pixel.3
            guard alpha > 0 else { return [0, 0, 0, 0] }
            return [pixel.0, pixel.1, pixel.2].map { UInt8(min(255, (255 * $0 + alpha / 2) / alpha)) } + [
                UInt8((alpha + 127) / 255)
            ]
        }
        return OverlayPicture(width: width, height: height, rgba: rgba)
    }
}
