/// How good a photo is to look at, as it was measured once; what the numbers are to the bit stands in `docs/quality.md`.
public struct PhotoQuality: Hashable, Sendable {
    /// Per mille of the difference between neighbours that blurring takes away: small where the photo is blurred already.
    @WholeNumber public var sharpness: Int
    /// Mean luma of the face, or of the middle where there is none, 0…255.
    @WholeNumber public var luma: Int
    /// Per mille of the same part: black and white pixels.
    @WholeNumber public var dark: Int
    @WholeNumber public var bright: Int
    /// What of the square around the face that was found lies beyond the photo's border; nil without a face.
    public let beyond: Beyond?

    /// Per mille of a face's square beyond each border of its photo.
    public struct Beyond: Hashable, Sendable {
        @WholeNumber public var left: Int
        @WholeNumber public var top: Int
        @WholeNumber public var right: Int
        @WholeNumber public var bottom: Int

        public init(left: Int, top: Int, right: Int, bottom: Int) {
            (_left, _top) = (WholeNumber(wrappedValue: left), WholeNumber(wrappedValue: top))
            (_right, _bottom) = (WholeNumber(wrappedValue: right), WholeNumber(wrappedValue: bottom))
        }

        public var total: Int { left + top + right + bottom }

        /// The borders that the square reaches over, such as `left 120, top 30`; empty where none.
        public var words: String {
            [("left", left), ("top", top), ("right", right), ("bottom", bottom)].filter { $0.1 > 0 }.map {
                "\($0.0) \($0.1)"
            }.joined(separator: ", ")
        }
    }

    public init(sharpness: Int, luma: Int, dark: Int, bright: Int, beyond: Beyond?) {
        (_sharpness, _luma) = (WholeNumber(wrappedValue: sharpness), WholeNumber(wrappedValue: luma))
        (_dark, _bright) = (WholeNumber(wrappedValue: dark), WholeNumber(wrappedValue: bright))
        self.beyond = beyond
    }
}

/// How a face stands in its photo, by its box and eyes alone.
public struct FaceFraming: Hashable, Sendable {
    /// Whole pixels of the photo: the shorter side of the box.
    public let side: Int
    /// Per mille of the photo's area.
    public let share: Int
    /// Per mille: how far the eyes' line falls to the right, 0 where it is level; nil where the eyes are too near each other to say, as in a profile.
    public let slope: Int?

    public init(_ face: PhotoFace, width: Int, height: Int) {
        side = min(face.box.width, face.box.height)
        share = 1000 * face.box.width * face.box.height / max(1, width * height)
        let (x, y) = (face.rightEye.x - face.leftEye.x, face.rightEye.y - face.leftEye.y)
        slope = x > 0 && 5 * x >= face.box.width ? 1000 * y / x : nil
    }
}
