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
    ///   - copy: the upright photo, reduced or not.
    ///   - face: in whole pixels of the `width` × `height` photo that `copy` is a copy of.
    init(_ copy: GreyPicture, face: Face?, width: Int, height: Int) {
        let part = copy.cut(face.map { Self.scaled($0.box, to: copy, width, height) } ?? Self.middle(of: copy))
        sharpness = Sharpness.perMille(part)
        luma = part.luma.reduce(0) { $0 + Int($1) } / part.luma.count
        dark = 1000 * part.luma.count { $0 <= Self.black } / part.luma.count
        bright = 1000 * part.luma.count { $0 >= Self.white } / part.luma.count
        beyond = face.map { BeyondBorder(FaceSquare($0), width: width, height: height) }
    }

    private static func middle(of copy: GreyPicture) -> PixelBox {
        let side = max(1, min(copy.width, copy.height) / 2)
        return PixelBox(left: (copy.width - side) / 2, top: (copy.height - side) / 2, width: side, height: side)
    }

    /// A box of the photo in its copy: at least a pixel of it.
    private static func scaled(_ box: PixelBox, to copy: GreyPicture, _ width: Int, _ height: Int) -> PixelBox {
        let left = min(copy.width - 1, box.left * copy.width / width), top = min(copy.height - 1, box.top * copy.height / height)
        return PixelBox(left: left, top: top, width: min(copy.width - left, max(1, box.width * copy.width / width)), height: min(copy.height - top, max(1, box.height * copy.height / height)))
    }
}
