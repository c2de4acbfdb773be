import CVips

/// The conversion of an upright photo to an image: crop, size and colour.
public struct Rendering: Hashable, Sendable {
    public enum Crop: String, Sendable {
        /// The largest square around the centre.
        case centre
        /// The whole picture.
        case none
        /// The face, rotated level and with a margin; without a face, the largest square around the centre.
        case face
    }

    public enum Colour: String, Sendable {
        case srgb, grey
    }

    /// Pixels of both sides of a square crop, or of the longer side of a whole picture.
    public let size: Int
    public let crop: Crop
    public let colour: Colour

    public init(size: Int, crop: Crop, colour: Colour) {
        self.size = size
        self.crop = crop
        self.colour = colour
    }

    /// Returns the part of a `width` × `height` picture that is kept, and the size of the image. Odd remainders are cut
    /// off at the right and at the bottom.
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
    /// Returns the reduction at which a photo of `width` × `height` is decoded to be rendered.
    ///
    /// A face crop has at least one decoded pixel for each pixel of the image; other crops have two. The reduction is
    /// never stronger than that of a measurement, so that the same decoded photo can be measured and rendered.
    ///
    /// - Parameter face: as in ``UprightPhoto/rendered(_:face:)``.
    public func reduction(width: Int, height: Int, face: Face?) -> Reduction {
        let enough: Reduction
        if crop == .face, let face {
            enough = Reduction(leaving: size, of: FaceSquare(face).side)
        } else {
            let cut = geometry(width: width, height: height)
            enough = Reduction(leaving: 2 * size, of: max(cut.cutWidth, cut.cutHeight))
        }
        return min(enough, .measuring(width: width, height: height))
    }
}

extension UprightPhoto {
    /// Returns the image of this photo. A whole picture that has the requested size keeps its pixels, unless a face is
    /// cut out.
    ///
    /// - Parameter face: the face in the photo; only a face crop uses it.
    /// - Throws: ``ImagingError`` if libvips fails.
    public func rendered(_ rendering: Rendering, face: Face? = nil) throws -> Picture {
        let image: Picture
        if rendering.crop == .face, let face {
            image = cut(FaceSquare(face), size: rendering.size)
        } else {
            image = try picture.scaled(rendering)
        }
        return rendering.colour == .grey ? GreyPicture(image).inThreeChannels : image
    }
}

extension Picture {
    /// Returns the image of a whole photo, as ``UprightPhoto/rendered(_:face:)`` does.
    public func rendered(_ rendering: Rendering, face: Face? = nil) throws -> Picture {
        try UprightPhoto(self).rendered(rendering, face: face)
    }

    /// Returns the crop and size of `rendering` without a face: with area means if the picture becomes smaller, and
    /// with Lanczos 3 of libvips if it becomes larger.
    fileprivate func scaled(_ rendering: Rendering) throws -> Picture {
        let cut = rendering.geometry(width: width, height: height)
        guard cut.width > cut.cutWidth else {
            let part = PixelBox(left: cut.left, top: cut.top, width: cut.cutWidth, height: cut.cutHeight)
            let means = AreaMeans.of(
                rgb, bands: 3, width: width, part, columns: cut.width, rows: cut.height, unit: 1)
            return Picture(uncheckedWidth: cut.width, height: cut.height, rgb: means.map { UInt8($0) })
        }
        return try rgb.withUnsafeBufferPointer { source in
            try Vips.picture(.failed, "cannot enlarge the picture", nextStep: "please report this") {
                curare_vips_scale(
                    source.baseAddress, 3, Int32(width), Int32(height), Int32(cut.left),
                    Int32(cut.top), Int32(cut.cutWidth), Int32(cut.cutHeight),
                    Int32(cut.width), Int32(cut.height), $0, $1)
            }
        }
    }
}

extension DecodedPhoto {
    /// Decodes the photo in `bytes` at the reduction that the rendering requires, and returns its image.
    ///
    /// - Parameter decoded: the same photo, if it is decoded already; it is used if it has the required reduction.
    /// - Throws: ``ImagingError`` if the bytes are not a photo, or libvips fails.
    public static func image(
        of bytes: [UInt8], limits: DecodingLimits, _ rendering: Rendering, face: Face?, decoded: DecodedPhoto? = nil
    ) throws -> Picture {
        if let photo = decoded?.upright,
            photo.reduction == rendering.reduction(width: photo.width, height: photo.height, face: face)
        {
            return try photo.rendered(rendering, face: face)
        }
        let photo = try DecodedPhoto(bytes, limits: limits) { rendering.reduction(width: $0, height: $1, face: face) }
        return try photo.upright.rendered(rendering, face: face)
    }
}
