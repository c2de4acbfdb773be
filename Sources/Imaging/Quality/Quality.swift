/// How good a photo is to look at, in whole numbers that do not hang on its megapixels. What they are to the bit, and what they are good for, stands in `docs/quality.md`.
public struct Quality: Hashable, Sendable {
    /// Per mille: how much of the difference between neighbours is lost when the part looked at is blurred; a blurred part has little to lose.
    public let sharpness: Int
    /// Mean luma of the part looked at, 0…255.
    public let luma: Int
    /// Per mille of the part looked at: pixels that have no drawing left, black or white.
    public let dark, bright: Int
    /// What of the face's square lies beyond the photo's border; nil without a face.
    public let beyond: BeyondBorder?

    /// Luma of at most this is black, of at least this white.
    static let black = 8, white = 250

    /// Looks at the face, and where there is none at the middle square of half the shorter side.
    ///
    /// - Parameters:
    ///   - grey: the luma of `photo`.
    ///   - face: in whole pixels of the whole photo.
    init(_ photo: UprightPhoto, _ grey: GreyPicture, face: Face?) {
        let part = grey.cut(face.map { photo.box(of: $0) } ?? Self.middle(of: grey))
        sharpness = Sharpness.perMille(part)
        luma = part.luma.reduce(0) { $0 + Int($1) } / part.luma.count
        dark = 1000 * part.luma.count { $0 <= Self.black } / part.luma.count
        bright = 1000 * part.luma.count { $0 >= Self.white } / part.luma.count
        beyond = face.map { BeyondBorder(FaceSquare($0), width: photo.width, height: photo.height) }
    }

    private static func middle(of grey: GreyPicture) -> PixelBox {
        let side = max(1, min(grey.width, grey.height) / 2)
        return PixelBox(left: (grey.width - side) / 2, top: (grey.height - side) / 2, width: side, height: side)
    }
}

extension UprightPhoto {
    /// The pixels that a face's box has in the picture, at whatever fraction that was decoded; at least one.
    fileprivate func box(of face: Face) -> PixelBox {
        let fraction = reduction.rawValue
        let left = min(picture.width - 1, (face.box.left + overLeft) / fraction)
        let top = min(picture.height - 1, (face.box.top + overTop) / fraction)
        return PixelBox(
            left: left, top: top, width: min(picture.width - left, max(1, face.box.width / fraction)),
            height: min(picture.height - top, max(1, face.box.height / fraction)))
    }
}
