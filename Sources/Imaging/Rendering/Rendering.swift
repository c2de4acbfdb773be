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
    func geometry(width: Int, height: Int) -> (
        left: Int, top: Int, cutWidth: Int, cutHeight: Int, width: Int, height: Int
    ) {
        switch crop {
        case .centre, .face:
            let side = min(width, height)
            return ((width - side) / 2, (height - side) / 2, side, side, size, size)
        case .none:
            let longer = max(width, height)
            return (
                0, 0, width, height, max(1, (2 * width * size + longer) / (2 * longer)),
                max(1, (2 * height * size + longer) / (2 * longer))
            )
        }
    }
}

extension Rendering {
    /// What a photo of `width` × `height` is decoded at to be rendered: a square of a face then has a pixel for each of the image's at least, anything
    /// else two, and nothing is decoded at less than it is measured at, so that a photo whose face has been looked for need seldom be decoded again.
    ///
    /// - Parameter face: as in ``UprightPhoto/rendered(_:face:)``.
    public func reduction(width: Int, height: Int, face: Face?) -> Reduction {
        let cut = geometry(width: width, height: height)
        let enough =
            if crop == .face, let face { Reduction(leaving: size, of: FaceSquare(face).side) } else {
                Reduction(leaving: 2 * size, of: max(cut.cutWidth, cut.cutHeight))
            }
        return min(enough, .measuring(width: width, height: height))
    }
}

extension UprightPhoto {
    /// The image that `rendering` makes of this photo. A whole one that has the size already keeps its pixels, unless a face is cut out.
    ///
    /// - Parameter face: where the face is; only a face crop looks at it.
    /// - Throws: ``ImagingError`` where libvips fails.
    public func rendered(_ rendering: Rendering, face: Face? = nil) throws -> Picture {
        if rendering.crop == .face, let face {
            let cut = cut(FaceSquare(face), size: rendering.size)
            return rendering.colour == .grey ? GreyPicture(cut).inThreeChannels : cut
        }
        let cut = rendering.geometry(width: picture.width, height: picture.height)
        let scaled: VipsPixels
        if cut.width > cut.cutWidth {
            scaled = try picture.rgb.withUnsafeBufferPointer { source in
                try Vips.pixels(.failed, "the picture could not be enlarged", next: "please report this") {
                    curare_vips_scale(
                        source.baseAddress, 3, Int32(picture.width), Int32(picture.height), Int32(cut.left),
                        Int32(cut.top), Int32(cut.cutWidth), Int32(cut.cutHeight),
                        Int32(cut.width), Int32(cut.height), $0, $1)
                }
            }
        } else {
            let part = PixelBox(left: cut.left, top: cut.top, width: cut.cutWidth, height: cut.cutHeight)
            let means = AreaMeans.of(
                picture.rgb, bands: 3, width: picture.width, part, columns: cut.width, rows: cut.height, unit: 1)
            scaled = VipsPixels(width: cut.width, height: cut.height, rgb: means.map { UInt8($0) })
        }
        let image = Picture(scaled)
        return rendering.colour == .grey ? GreyPicture(image).inThreeChannels : image
    }
}

extension Picture {
    /// The image that `rendering` makes of a whole photo, as ``UprightPhoto/rendered(_:face:)`` does.
    public func rendered(_ rendering: Rendering, face: Face? = nil) throws -> Picture {
        try UprightPhoto(self).rendered(rendering, face: face)
    }
}

extension DecodedPhoto {
    /// The image that `rendering` makes of the photo in `bytes`, decoded at what the rendering asks for.
    ///
    /// - Parameter decoded: the same photo, where it was decoded already; it is used if it has the right reduction.
    /// - Throws: ``ImagingError`` where there is no picture, or libvips fails.
    public static func image(
        of bytes: [UInt8], limits: DecodingLimits, _ rendering: Rendering, face: Face?, decoded: DecodedPhoto? = nil
    ) throws -> Picture {
        if let photo = decoded?.upright,
            photo.reduction == rendering.reduction(width: photo.width, height: photo.height, face: face)
        {
            return try photo.rendered(rendering, face: face)
        }
        let again = try DecodedPhoto(bytes, limits: limits) { rendering.reduction(width: $0, height: $1, face: face) }
        return try again.upright.rendered(rendering, face: face)
    }
}
