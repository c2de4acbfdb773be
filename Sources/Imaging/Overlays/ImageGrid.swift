/// Where the pixels of an image lie in the photo that it was made of, in 1/65536 of a photo's pixel: a pixel is told by four places, two along each side.
///
/// The place (k, l) is at (`columns[k].x + rows[l].x`, `columns[k].y + rows[l].y`).
struct ImageGrid {
    typealias Position = (x: Int, y: Int)

    let columns, rows: [Position]
    /// The distance from one pixel of the image to the next.
    let pixel: Int

    /// Of an image of `imageWidth` × `imageHeight` that `rendering` made of a photo of `width` × `height`.
    ///
    /// - Parameter face: by which the image was cut; another crop does not look at it.
    init(_ rendering: Rendering, width: Int, height: Int, face: Face?, imageWidth: Int, imageHeight: Int) {
        if rendering.crop == .face, let face {
            let square = FaceSquare(face)
            let size = imageWidth
            let offsets = (0..<2 * size).map { 2 * $0 + 1 - 2 * size }
            let along = offsets.map { $0 * square.side * square.cosine / (4 * size) }
            let across = offsets.map { $0 * square.side * square.sine / (4 * size) }
            columns = zip(along, across).map { (square.doubledX * 32768 + $0, square.doubledY * 32768 + $1) }
            rows = zip(along, across).map { (-$1, $0) }
            pixel = max(1, square.side * 65536 / size)
        } else {
            let cut = rendering.geometry(width: width, height: height)
            columns = (0..<2 * imageWidth).map {
                (cut.left * 65536 + (2 * $0 + 1) * cut.cutWidth * 16384 / imageWidth, 0)
            }
            rows = (0..<2 * imageHeight).map {
                (0, cut.top * 65536 + (2 * $0 + 1) * cut.cutHeight * 16384 / imageHeight)
            }
            pixel = max(1, cut.cutWidth * 65536 / imageWidth)
        }
    }

    /// Of the image itself, in its own pixels.
    init(imageWidth: Int, imageHeight: Int) {
        columns = (0..<2 * imageWidth).map { ((2 * $0 + 1) * 16384, 0) }
        rows = (0..<2 * imageHeight).map { (0, (2 * $0 + 1) * 16384) }
        pixel = 65536
    }
}
