/// An upright photo, decoded whole or at a fraction of its size. Faces and crops are given in pixels of the whole
/// photo, whatever the reduction.
public struct UprightPhoto: Hashable, Sendable {
    public let picture: Picture
    public let reduction: Reduction
    /// Size of the whole upright photo.
    public let width, height: Int
    /// Pixels of the whole photo by which the picture extends beyond the photo's left and top border. Blocks of a
    /// reduced photo are counted from the corner with which the file begins, and the rotation moves this corner.
    let excessLeft, excessTop: Int

    /// Creates an upright photo that was decoded whole.
    public init(_ picture: Picture) {
        self.init(picture, .whole, width: picture.width, height: picture.height, orientation: 1)
    }

    /// - Parameter orientation: the EXIF orientation by which the picture was rotated.
    init(_ picture: Picture, _ reduction: Reduction, width: Int, height: Int, orientation: Int) {
        self.picture = picture
        self.reduction = reduction
        self.width = width
        self.height = height
        excessLeft = [2, 3, 6, 7].contains(orientation) ? picture.width * reduction.rawValue - width : 0
        excessTop = [3, 4, 7, 8].contains(orientation) ? picture.height * reduction.rawValue - height : 0
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

    /// The strongest reduction that leaves `count` of `length` pixels; `whole` if there are fewer pixels.
    init(leaving count: Int, of length: Int) {
        self = Self.allCases.last { length >= $0.rawValue * count } ?? .whole
    }

    /// Returns the reduction at which a photo of `width` × `height` is measured. The reduction depends on nothing else.
    public static func measuring(width: Int, height: Int) -> Reduction {
        Reduction(leaving: measuredSide, of: max(width, height))
    }

    public static func < (left: Reduction, right: Reduction) -> Bool { left.rawValue < right.rawValue }
}
