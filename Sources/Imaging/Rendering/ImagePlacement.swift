/// Where the pixels of an image lie in the photo that it was made of: the way back through crop, scale and turn, so that what was seen in an image can be held against what is
/// known of the photo.
///
/// Places are told from the top left corner, in pixels: pixel k of a row reaches from k to k + 1, and its middle is k + ½. A crop may reach beyond the photo; places there are
/// below 0 or above its size.
public struct ImagePlacement: Hashable, Sendable {
    /// Of the image.
    public let width, height: Int
    /// x = left + along.x · column + down.x · row, and y likewise.
    private let left, top: Double
    private let along, down: Vector

    private struct Vector: Hashable, Sendable {
        let x, y: Double
    }

    /// - Parameters:
    ///   - photo: as it was rendered: crops other than a face's are cut from the reduced picture, whose sides are whole pixels of its own.
    ///   - face: as in ``UprightPhoto/rendered(_:face:)``; only a face crop looks at it.
    public init(_ rendering: Rendering, of photo: UprightPhoto, face: Face?) {
        if rendering.crop == .face, let face {
            self.init(FaceSquare(face), size: rendering.size)
        } else {
            self.init(
                rendering, pictureWidth: photo.picture.width, pictureHeight: photo.picture.height, photo.reduction,
                overLeft: photo.overLeft, overTop: photo.overTop)
        }
    }

    /// Of a photo of `width` × `height` whose pixels are not at hand; nil where its image is cut from a reduced picture, so that it takes them to say.
    public init?(_ rendering: Rendering, width: Int, height: Int, face: Face?) {
        if rendering.crop == .face, let face {
            self.init(FaceSquare(face), size: rendering.size)
        } else {
            guard rendering.reduction(width: width, height: height, face: nil) == .whole else { return nil }
            self.init(rendering, pictureWidth: width, pictureHeight: height, .whole, overLeft: 0, overTop: 0)
        }
    }

    /// As overlays are drawn: by the whole photo, whatever it was decoded at (``ImageGrid``).
    init(drawing rendering: Rendering, width: Int, height: Int, face: Face?, imageWidth: Int, imageHeight: Int) {
        if rendering.crop == .face, let face {
            self.init(FaceSquare(face), size: imageWidth)
        } else {
            let cut = rendering.geometry(width: width, height: height)
            self.init(
                PixelBox(left: cut.left, top: cut.top, width: cut.cutWidth, height: cut.cutHeight), imageWidth,
                imageHeight)
        }
    }

    /// Of the image itself: every place is where it is.
    init(imageWidth: Int, imageHeight: Int) {
        self.init(PixelBox(left: 0, top: 0, width: imageWidth, height: imageHeight), imageWidth, imageHeight)
    }

    /// Of an image of `width` × `height` that shows `cut` and no more.
    private init(_ cut: PixelBox, _ width: Int, _ height: Int) {
        (left, top, self.width, self.height) = (Double(cut.left), Double(cut.top), width, height)
        (along, down) = (
            Vector(x: Double(cut.width) / Double(width), y: 0), Vector(x: 0, y: Double(cut.height) / Double(height))
        )
    }

    private init(_ square: FaceSquare, size: Int) {
        let scale = Double(square.side) / Double(size) / 65536
        let middle = Double(size) / 2
        along = Vector(x: Double(square.cosine) * scale, y: Double(square.sine) * scale)
        down = Vector(x: -along.y, y: along.x)
        left = Double(square.doubledX) / 2 - middle * (along.x + down.x)
        top = Double(square.doubledY) / 2 - middle * (along.y + down.y)
        (width, height) = (size, size)
    }

    private init(
        _ rendering: Rendering, pictureWidth: Int, pictureHeight: Int, _ reduction: Reduction, overLeft: Int,
        overTop: Int
    ) {
        let cut = rendering.geometry(width: pictureWidth, height: pictureHeight)
        let fraction = reduction.rawValue
        along = Vector(x: Double(cut.cutWidth * fraction) / Double(cut.width), y: 0)
        down = Vector(x: 0, y: Double(cut.cutHeight * fraction) / Double(cut.height))
        (left, top) = (Double(cut.left * fraction - overLeft), Double(cut.top * fraction - overTop))
        (width, height) = (cut.width, cut.height)
    }

    /// The place in the photo of a place in the image.
    public func place(column: Double, row: Double) -> (x: Double, y: Double) {
        (left + along.x * column + down.x * row, top + along.y * column + down.y * row)
    }

    /// The photo's pixel that holds the middle of the image's; outside the photo, the one that would stand there.
    public func pixel(column: Int, row: Int) -> PixelPoint {
        let place = place(column: Double(column) + 0.5, row: Double(row) + 0.5)
        return PixelPoint(x: Int(place.x.rounded(.down)), y: Int(place.y.rounded(.down)))
    }
}
