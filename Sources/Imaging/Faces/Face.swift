/// A face in an upright picture: where it is and where its eyes are, in whole pixels.
public struct Face: Hashable, Sendable {
    /// From the brows to the chin and about as wide as the face; inside the picture.
    public let box: PixelBox
    /// The centre of the eye at the picture's left, and of the other; inside the picture.
    public let leftEye, rightEye: PixelPoint

    public init(box: PixelBox, leftEye: PixelPoint, rightEye: PixelPoint) {
        (self.box, self.leftEye, self.rightEye) = (box, leftEye, rightEye)
    }
}

/// A pixel of a picture, counted from its top left.
public struct PixelPoint: Hashable, Sendable {
    public let x, y: Int

    public init(x: Int, y: Int) {
        (self.x, self.y) = (x, y)
    }
}

/// A rectangle in whole pixels of a picture.
public struct PixelBox: Hashable, Sendable {
    public let left, top, width, height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }

    public var area: Int { width * height }

    /// The part of it that lies in a `width` × `height` picture; nil where none does.
    func clipped(width: Int, height: Int) -> PixelBox? {
        let (left, top) = (max(0, left), max(0, top))
        let (right, bottom) = (min(width, self.left + self.width), min(height, self.top + self.height))
        return right > left && bottom > top
            ? PixelBox(left: left, top: top, width: right - left, height: bottom - top) : nil
    }
}
