import CVips
import Core

extension Profile.Crop {
    /// Returns the part of a `width` × `height` picture that is kept, and the size of the image. Odd remainders are cut
    /// off at the right and at the bottom.
    ///
    /// - Parameter size: pixels of both sides of a square crop, or of the longer side of a whole picture; at least 1.
    func geometry(size: Int, width: Int, height: Int) -> (
        left: Int, top: Int, cutWidth: Int, cutHeight: Int, width: Int, height: Int
    ) {
        switch self {
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

    /// Returns the reduction at which a photo is decoded for an image of `size`; see
    /// ``Profile/reduction(width:height:face:)``.
    fileprivate func reduction(size: Int, margin: FaceMargin, width: Int, height: Int, face: PhotoFace?) -> Reduction {
        let enough: Reduction
        if self == .face, let face {
            enough = Reduction(leaving: size, of: FaceSquare(face, margin).side)
        } else {
            let cut = geometry(size: size, width: width, height: height)
            enough = Reduction(leaving: 2 * size, of: max(cut.cutWidth, cut.cutHeight))
        }
        return min(enough, .measuring(width: width, height: height))
    }
}

extension Profile {
    /// Returns the part of a `width` × `height` picture that is kept, and the size of the image.
    func geometry(width: Int, height: Int) -> (
        left: Int, top: Int, cutWidth: Int, cutHeight: Int, width: Int, height: Int
    ) {
        crop.geometry(size: size, width: width, height: height)
    }

    /// Returns the reduction at which a photo of `width` × `height` is decoded to be rendered.
    ///
    /// A face crop has at least one decoded pixel for each pixel of the image; other crops have two. The reduction is
    /// never stronger than the reduction for a measurement, so that the same decoded photo can be measured and
    /// rendered.
    ///
    /// - Parameter face: as in ``UprightPhoto/rendered(_:face:)``.
    public func reduction(width: Int, height: Int, face: PhotoFace?) -> Reduction {
        crop.reduction(size: size, margin: margin, width: width, height: height, face: face)
    }
}

extension UprightPhoto {
    /// Returns the image of this photo. A whole picture that has the requested size keeps its pixels, unless a face is
    /// cut out.
    ///
    /// - Parameter face: the face in the photo; only a face crop uses it.
    /// - Throws: ``ImagingError`` if libvips fails.
    public func rendered(_ profile: Profile, face: PhotoFace? = nil) throws -> Picture {
        try rendered(
            size: profile.size, crop: profile.crop, margin: profile.margin, colour: profile.colour, face: face)
    }

    /// Returns the image of this photo at any size, also outside ``Profile/sizes``.
    package func rendered(
        size: Int, crop: Profile.Crop, margin: FaceMargin = .wide, colour: Profile.Colour, face: PhotoFace? = nil
    ) throws -> Picture {
        let image: Picture
        if crop == .face, let face {
            image = cut(FaceSquare(face, margin), size: size)
        } else {
            image = try picture.scaled(size: size, crop: crop)
        }
        return colour == .grey ? GreyPicture(image).inThreeChannels : image
    }
}

extension Picture {
    /// Returns the image of a whole photo, as ``UprightPhoto/rendered(_:face:)`` does.
    public func rendered(_ profile: Profile, face: PhotoFace? = nil) throws -> Picture {
        try UprightPhoto(self).rendered(profile, face: face)
    }

    /// Returns the image of a whole photo at any size, also outside ``Profile/sizes``: for example a thumbnail.
    package func rendered(size: Int, crop: Profile.Crop, colour: Profile.Colour, face: PhotoFace? = nil) throws
        -> Picture
    {
        try UprightPhoto(self).rendered(size: size, crop: crop, colour: colour, face: face)
    }

    /// Returns the picture in the given crop and size without a face: with area means if the picture becomes smaller,
    /// and with Lanczos 3 of libvips if it becomes larger.
    fileprivate func scaled(size: Int, crop: Profile.Crop) throws -> Picture {
        let cut = crop.geometry(size: size, width: width, height: height)
        guard cut.width > cut.cutWidth else {
            let part = Box(x: cut.left, y: cut.top, width: cut.cutWidth, height: cut.cutHeight)
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
    /// Decodes the photo in `bytes` at the reduction that the profile requires, and returns its image.
    ///
    /// - Parameter decoded: the same photo, if it was decoded before. This function uses it only if it has the required
    ///   reduction.
    /// - Throws: ``ImagingError`` if the bytes are not a photo, or libvips fails.
    public static func image(
        of bytes: [UInt8], limits: DecodingLimits, _ profile: Profile, face: PhotoFace?, decoded: DecodedPhoto? = nil
    ) throws -> Picture {
        try image(
            of: bytes, limits: limits, size: profile.size, crop: profile.crop, margin: profile.margin,
            colour: profile.colour, face: face, decoded: decoded)
    }

    /// Decodes the photo in `bytes` and returns its image at any size, also outside ``Profile/sizes``.
    package static func image(
        of bytes: [UInt8], limits: DecodingLimits, size: Int, crop: Profile.Crop, margin: FaceMargin = .wide,
        colour: Profile.Colour, face: PhotoFace?, decoded: DecodedPhoto? = nil
    ) throws -> Picture {
        let reduction = { crop.reduction(size: size, margin: margin, width: $0, height: $1, face: face) }
        if let photo = decoded?.upright, photo.reduction == reduction(photo.width, photo.height) {
            return try photo.rendered(size: size, crop: crop, margin: margin, colour: colour, face: face)
        }
        let photo =
            if crop == .face, let face {
                try DecodedPhoto(bytes, limits: limits, FaceSquare(face, margin), size: size, reduction: reduction)
            } else {
                try DecodedPhoto(bytes, limits: limits, reduction: reduction)
            }
        return try photo.upright.rendered(size: size, crop: crop, margin: margin, colour: colour, face: face)
    }
}
