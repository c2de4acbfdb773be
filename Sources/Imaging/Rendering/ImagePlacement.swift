import Core

/// The affine map from the pixels of an image to the photo that the image was made of. The map inverts crop, scale and
/// rotation, so that a region of an image can be compared with regions of the photo.
///
/// Positions are in pixels from the top left corner: pixel k of a row extends from k to k + 1, and its centre is k + ½.
/// A crop may extend beyond the photo; positions there are below 0 or above the photo's size.
public struct ImagePlacement: Hashable, Sendable {
    /// Size of the image.
    public let width, height: Int
    /// x = left + along.x · column + down.x · row, and y = top + along.y · column + down.y · row.
    private let left, top: Double
    private let along, down: Vector

    private struct Vector: Hashable, Sendable {
        let x, y: Double
    }

    /// - Parameters:
    ///   - photo: the photo as it was decoded for rendering. Crops other than a face crop are cut from the reduced
    ///     picture, whose sides are whole numbers of reduced pixels.
    ///   - face: as in ``UprightPhoto/rendered(_:face:)``; only a face crop uses it.
    public init(_ profile: Profile, of photo: UprightPhoto, face: PhotoFace?) {
        if profile.crop == .face, let face {
            self.init(FaceSquare(face, profile.margin), size: profile.size)
        } else {
            self.init(
                profile, pictureWidth: photo.picture.width, pictureHeight: photo.picture.height, photo.reduction,
                excessLeft: photo.excessLeft, excessTop: photo.excessTop)
        }
    }

    /// Creates the placement for a photo of `width` × `height` that is not decoded.
    ///
    /// - Returns: nil if the image is cut from a reduced picture. The placement then depends on the decoded photo.
    public init?(_ profile: Profile, width: Int, height: Int, face: PhotoFace?) {
        if profile.crop == .face, let face {
            self.init(FaceSquare(face, profile.margin), size: profile.size)
        } else {
            guard profile.reduction(width: width, height: height, face: nil) == .whole else { return nil }
            self.init(profile, pictureWidth: width, pictureHeight: height, .whole, excessLeft: 0, excessTop: 0)
        }
    }

    /// Creates the placement with which overlays and boxes are drawn. The placement refers to the whole photo for any
    /// reduction, as ``SampleGrid`` does. An image that is cut from a reduced picture can differ from it by up to seven
    /// pixels of the photo.
    public init(drawing profile: Profile, width: Int, height: Int, face: PhotoFace?, imageWidth: Int, imageHeight: Int)
    {
        if profile.crop == .face, let face {
            self.init(FaceSquare(face, profile.margin), size: imageWidth)
        } else {
            let cut = profile.geometry(width: width, height: height)
            self.init(
                left: cut.left, top: cut.top, cutWidth: cut.cutWidth, cutHeight: cut.cutHeight, width: imageWidth,
                height: imageHeight)
        }
    }

    /// Creates the identity: each position in the image is the same position in the photo.
    init(imageWidth: Int, imageHeight: Int) {
        self.init(
            left: 0, top: 0, cutWidth: imageWidth, cutHeight: imageHeight, width: imageWidth, height: imageHeight)
    }

    /// Creates the placement of an image of `width` × `height` that shows a part of `cutWidth` × `cutHeight` pixels.
    private init(left: Int, top: Int, cutWidth: Int, cutHeight: Int, width: Int, height: Int) {
        self.width = width
        self.height = height
        self.left = Double(left)
        self.top = Double(top)
        along = Vector(x: Double(cutWidth) / Double(width), y: 0)
        down = Vector(x: 0, y: Double(cutHeight) / Double(height))
    }

    private init(_ square: FaceSquare, size: Int) {
        let scale = Double(square.side) / Double(size) / 65536
        let middle = Double(size) / 2
        along = Vector(x: Double(square.cosine) * scale, y: Double(square.sine) * scale)
        down = Vector(x: -along.y, y: along.x)
        left = Double(square.doubledX) / 2 - middle * (along.x + down.x)
        top = Double(square.doubledY) / 2 - middle * (along.y + down.y)
        width = size
        height = size
    }

    private init(
        _ profile: Profile, pictureWidth: Int, pictureHeight: Int, _ reduction: Reduction, excessLeft: Int,
        excessTop: Int
    ) {
        let cut = profile.geometry(width: pictureWidth, height: pictureHeight)
        let fraction = reduction.rawValue
        along = Vector(x: Double(cut.cutWidth * fraction) / Double(cut.width), y: 0)
        down = Vector(x: 0, y: Double(cut.cutHeight * fraction) / Double(cut.height))
        left = Double(cut.left * fraction - excessLeft)
        top = Double(cut.top * fraction - excessTop)
        width = cut.width
        height = cut.height
    }

    /// Returns the position in the photo of a position in the image.
    public func photoPosition(column: Double, row: Double) -> (x: Double, y: Double) {
        (left + along.x * column + down.x * row, top + along.y * column + down.y * row)
    }

    /// Returns the pixel of the photo that contains the centre of a pixel of the image. Outside of the photo the pixel
    /// grid is continued.
    public func photoPixel(column: Int, row: Int) -> PixelPoint {
        let position = photoPosition(column: Double(column) + 0.5, row: Double(row) + 0.5)
        return PixelPoint(x: Int(position.x.rounded(.down)), y: Int(position.y.rounded(.down)))
    }

    /// Returns for each point of a `columns` × `rows` grid over the image, row by row, whether `contains` accepts the
    /// pixel of the photo at this point.
    public func mask(columns: Int, rows: Int, _ contains: (PixelPoint) -> Bool) -> [Bool] {
        let columnStep = Double(width) / Double(columns)
        let rowStep = Double(height) / Double(rows)
        return (0..<columns * rows).map { index in
            let position = photoPosition(
                column: (Double(index % columns) + 0.5) * columnStep, row: (Double(index / columns) + 0.5) * rowStep)
            return contains(PixelPoint(x: Int(position.x.rounded(.down)), y: Int(position.y.rounded(.down))))
        }
    }
}
