import Core

/// An upright photo, decoded whole or at a fraction of its size. Faces and crops are given in pixels of the whole
/// photo, whatever the reduction.
public struct UprightPhoto: Hashable, Sendable {
    public let picture: Picture
    public let reduction: Reduction
    /// Size of the whole upright photo.
    public let width, height: Int
    /// How far the picture extends beyond the left and the top border of the photo, in pixels of the whole photo. A
    /// reduction divides the stored picture into blocks, from the corner of the file's first pixel. The last blocks can
    /// extend beyond the photo, and the rotation can move these blocks to the left or the top. The value is negative if
    /// the picture ends before the border, as for a JPEG.
    let excessLeft, excessTop: Int
    /// The position of the picture in the whole reduced picture. It is (0, 0) unless a part was decoded.
    let left, top: Int

    /// Creates an upright photo that was decoded whole.
    public init(_ picture: Picture) {
        self.init(picture, .whole, width: picture.width, height: picture.height, orientation: 1)
    }

    /// - Parameter orientation: the EXIF orientation by which the picture was rotated.
    init(_ picture: Picture, _ reduction: Reduction, width: Int, height: Int, orientation: Int) {
        let frame = ReducedFrame(
            width: width, height: height, reducedWidth: picture.width, reducedHeight: picture.height, reduction,
            orientation: orientation)
        self.init(picture, frame, left: 0, top: 0)
    }

    /// - Parameter picture: the pixels of the frame from (left, top).
    init(_ picture: Picture, _ frame: ReducedFrame, left: Int, top: Int) {
        self.picture = picture
        reduction = frame.reduction
        width = frame.width
        height = frame.height
        excessLeft = frame.excessLeft
        excessTop = frame.excessTop
        self.left = left
        self.top = top
    }
}

/// The sizes of a photo before and after the reduction, known before its pixels are decoded.
struct ReducedFrame: Hashable {
    /// Size of the whole upright photo.
    let width, height: Int
    /// Size of the whole reduced upright picture.
    let reducedWidth, reducedHeight: Int
    let reduction: Reduction
    /// As in ``UprightPhoto``.
    let excessLeft, excessTop: Int

    init(
        width: Int, height: Int, reducedWidth: Int, reducedHeight: Int, _ reduction: Reduction, orientation: Int
    ) {
        self.width = width
        self.height = height
        self.reducedWidth = reducedWidth
        self.reducedHeight = reducedHeight
        self.reduction = reduction
        excessLeft = [2, 3, 6, 7].contains(orientation) ? reducedWidth * reduction.rawValue - width : 0
        excessTop = [3, 4, 7, 8].contains(orientation) ? reducedHeight * reduction.rawValue - height : 0
    }

    /// - Parameter roundsDown: whether the reduced sides are rounded down, as for a JPEG.
    init(width: Int, height: Int, _ reduction: Reduction, roundsDown: Bool, orientation: Int) {
        let divisor = reduction.rawValue
        let added = roundsDown ? 0 : divisor - 1
        self.init(
            width: width, height: height, reducedWidth: max(1, (width + added) / divisor),
            reducedHeight: max(1, (height + added) / divisor), reduction, orientation: orientation)
    }

    /// Returns the part of `box` that is inside the reduced picture; at least one pixel.
    func clipped(_ box: Box) -> Box {
        let left = min(max(0, box.x), reducedWidth - 1)
        let top = min(max(0, box.y), reducedHeight - 1)
        let right = max(left + 1, min(reducedWidth, box.x + box.width))
        let bottom = max(top + 1, min(reducedHeight, box.y + box.height))
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }
}

/// The fraction of its sides at which a photo is decoded; the raw value is the divisor. A JPEG is decoded directly at a
/// fraction, which is faster. Pixels of other formats are averaged in blocks while they are decoded. Sides are rounded
/// up.
public enum Reduction: Int, CaseIterable, Codable, Comparable, Sendable {
    case whole = 1
    case half = 2
    case quarter = 4
    case eighth = 8

    /// Smallest length, in pixels, of the longer side at which a photo is measured, if the photo is that large.
    static let measuredSide = 640

    /// Creates the strongest reduction that leaves at least `count` of `length` pixels; `whole` if `length` is smaller
    /// than `count`.
    init(leaving count: Int, of length: Int) {
        self = Self.allCases.last { length >= $0.rawValue * count } ?? .whole
    }

    /// Returns the reduction at which a photo of `width` × `height` is measured. The reduction depends only on width
    /// and height.
    public static func measuring(width: Int, height: Int) -> Reduction {
        Reduction(leaving: measuredSide, of: max(width, height))
    }

    public static func < (left: Reduction, right: Reduction) -> Bool { left.rawValue < right.rawValue }
}
