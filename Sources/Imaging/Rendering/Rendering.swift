import CVips

/// How an upright picture becomes an image: which part of it, how large, in colour or grey.
public struct Rendering: Hashable, Sendable {
    public enum Crop: String, Sendable {
        /// The largest square around the middle.
        case centre
        /// The whole picture.
        case none
        /// The face, level and with a margin; the largest square around the middle where there is none.
        case face
    }

    public enum Colour: String, Sendable {
        case srgb, grey
    }

    /// Pixels: both sides of a square crop, the longer side of a whole picture.
    public let size: Int
    public let crop: Crop
    public let colour: Colour

    public init(size: Int, crop: Crop, colour: Colour) {
        (self.size, self.crop, self.colour) = (size, crop, colour)
    }

    /// The part of a `width` × `height` picture that is kept, and the size it gets. Odd remainders are cut at the right and the bottom.
    func geometry(width: Int, height: Int) -> (left: Int, top: Int, cutWidth: Int, cutHeight: Int, width: Int, height: Int) {
        switch crop {
        case .centre, .face:
            let side = min(width, height)
            return ((width - side) / 2, (height - side) / 2, side, side, size, size)
        case .none:
            let longer = max(width, height)
            return (0, 0, width, height, max(1, (2 * width * size + longer) / (2 * longer)), max(1, (2 * height * size + longer) / (2 * longer)))
        }
    }
}

extension Picture {
    /// The image that `rendering` makes of this picture. One that has the size already keeps its pixels, unless a face is cut out.
    ///
    /// - Parameter face: where the face is; only a face crop looks at it.
    /// - Throws: ``ImagingError`` where libvips fails.
    public func rendered(_ rendering: Rendering, face: Face? = nil) throws -> Picture {
        if rendering.crop == .face, let face {
            let cut = cut(FaceSquare(face), size: rendering.size)
            return rendering.colour == .grey ? cut.grey : cut
        }
        let cut = rendering.geometry(width: width, height: height)
        let scaled = Picture(try rgb.withUnsafeBufferPointer { source in
            try Vips.pixels(.failed, "the picture could not be scaled", next: "please report this") {
                curare_vips_scale(source.baseAddress, Int32(width), Int32(height), Int32(cut.left), Int32(cut.top), Int32(cut.cutWidth), Int32(cut.cutHeight),
                                  Int32(cut.width), Int32(cut.height), $0, $1)
            }
        })
        return rendering.colour == .grey ? scaled.grey : scaled
    }

    /// Luma in three equal channels: (77 R + 150 G + 29 B + 128) / 256, rounded down.
    private var grey: Picture {
        var grey = rgb
        for start in stride(from: 0, to: rgb.count, by: 3) {
            let (red, green, blue) = (Int(rgb[start]), Int(rgb[start + 1]), Int(rgb[start + 2]))
            let sum: Int = 77 * red + 150 * green + 29 * blue + 128
            let luma = UInt8(truncatingIfNeeded: sum >> 8)
            (grey[start], grey[start + 1], grey[start + 2]) = (luma, luma, luma)
        }
        return Picture(VipsPixels(width: width, height: height, rgb: grey))
    }
}
