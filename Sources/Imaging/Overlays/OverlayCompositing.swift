import Core

extension Picture {
    /// Returns this image with `overlays` drawn over it, in their order. All arithmetic uses whole numbers, so that
    /// every machine gives the same pixels.
    ///
    /// - Parameters:
    ///   - profile: the profile that made the image of a photo of `width` × `height`.
    ///   - face: the face of the photo, if a face crop used it.
    public func drawn(_ overlays: [PlacedOverlay], _ profile: Profile, width: Int, height: Int, face: PhotoFace?)
        -> Picture
    {
        var rgb = self.rgb
        for overlay in overlays where overlay.hasSize {
            let grid =
                overlay.anchor == .photo
                ? SampleGrid(
                    profile, width: width, height: height, face: face, imageWidth: self.width,
                    imageHeight: self.height)
                : SampleGrid(imageWidth: self.width, imageHeight: self.height)
            OverlayCompositor(
                overlay, on: grid, imageWidth: self.width, imageHeight: self.height, isGrey: profile.colour == .grey
            ).draw(on: &rgb, width: self.width)
        }
        return Picture(uncheckedWidth: self.width, height: self.height, rgb: rgb)
    }
}

/// The positions of an image's samples in its photo, in 1/65536 of a pixel of the photo. A pixel of the image has four
/// samples, two along each side.
///
/// Sample (k, l) is at (`columns[k].x + rows[l].x`, `columns[k].y + rows[l].y`).
struct SampleGrid {
    typealias Position = (x: Int, y: Int)

    let columns, rows: [Position]
    /// The distance between neighbouring pixels of the image.
    let pixel: Int

    /// Creates the grid of an image of `imageWidth` × `imageHeight` that `profile` made of a photo of `width` ×
    /// `height`.
    ///
    /// - Parameter face: the face of the photo; only a face crop uses this face.
    init(_ profile: Profile, width: Int, height: Int, face: PhotoFace?, imageWidth: Int, imageHeight: Int) {
        if profile.crop == .face, let face {
            let square = FaceSquare(face, profile.margin)
            let size = imageWidth
            let offsets = (0..<2 * size).map { 2 * $0 + 1 - 2 * size }
            let along = offsets.map { $0 * square.side * square.cosine / (4 * size) }
            let across = offsets.map { $0 * square.side * square.sine / (4 * size) }
            columns = zip(along, across).map { (square.doubledX * 32768 + $0, square.doubledY * 32768 + $1) }
            rows = zip(along, across).map { (-$1, $0) }
            pixel = max(1, square.side * 65536 / size)
        } else {
            let cut = profile.geometry(width: width, height: height)
            columns = (0..<2 * imageWidth).map {
                (cut.left * 65536 + (2 * $0 + 1) * cut.cutWidth * 16384 / imageWidth, 0)
            }
            rows = (0..<2 * imageHeight).map {
                (0, cut.top * 65536 + (2 * $0 + 1) * cut.cutHeight * 16384 / imageHeight)
            }
            pixel = max(1, cut.cutWidth * 65536 / imageWidth)
        }
    }

    /// Creates the grid of an image in its own pixels.
    init(imageWidth: Int, imageHeight: Int) {
        columns = (0..<2 * imageWidth).map { ((2 * $0 + 1) * 16384, 0) }
        rows = (0..<2 * imageHeight).map { (0, (2 * $0 + 1) * 16384) }
        pixel = 65536
    }
}

/// The pixels of an overlay averaged in blocks, with colours multiplied by alpha. Thin lines remain visible when the
/// overlay is drawn smaller.
///
/// All values are from 0 to 65025, which is 255 · 255.
private struct OverlayBlocks {
    let columns, rows: Int
    /// Four values for each block: red, green and blue times alpha, and 255 · alpha.
    let values: [Int32]

    /// - Parameter side: pixels of a block's side. The area beyond the border of the picture is transparent.
    init(_ picture: OverlayPicture, side: Int, isGrey: Bool) {
        columns = (picture.width + side - 1) / side
        rows = (picture.height + side - 1) / side
        var sums = [Int](repeating: side * side / 2, count: 4 * columns * rows)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let pixel = 4 * (y * picture.width + x)
                let block = 4 * (y / side * columns + x / side)
                var red = Int(picture.rgba[pixel])
                var green = Int(picture.rgba[pixel + 1])
                var blue = Int(picture.rgba[pixel + 2])
                let alpha = Int(picture.rgba[pixel + 3])
                if isGrey {
                    let luma = (77 * red + 150 * green + 29 * blue + 128) >> 8
                    (red, green, blue) = (luma, luma, luma)
                }
                sums[block] += red * alpha
                sums[block + 1] += green * alpha
                sums[block + 2] += blue * alpha
                sums[block + 3] += 255 * alpha
            }
        }
        values = sums.map { Int32($0 / (side * side)) }
    }
}

/// The composition of one overlay with one image. The type maps each sample of the image to the overlay's blocks, and
/// mixes the interpolated colours with the pixels.
private struct OverlayCompositor {
    private let blocks: OverlayBlocks
    private let opacity: Int
    /// For each column and each row of samples, an offset on the blocks. The position of a sample is the sum of two
    /// offsets, that of its column and that of its row, in 1/65536 of a block from the centre of the first block.
    private let columns, rows: [(x: Int, y: Int)]

    init(_ overlay: PlacedOverlay, on grid: SampleGrid, imageWidth: Int, imageHeight: Int, isGrey: Bool) {
        let (u, v, x, y) = overlay.scaled(imageWidth: imageWidth, imageHeight: imageHeight)
        let length = u * u + v * v
        let (width, height) = (Int128(overlay.picture.width), Int128(overlay.picture.height))
        // A block has half as many pixels of the overlay a side as a pixel of the image shows, so that fewer than two
        // blocks a side remain for each sample.
        let half = integerSquareRoot(length)
        let side = min(1024, max(1, width * Int128(grid.pixel) / (2 * max(1, half))))
        blocks = OverlayBlocks(overlay.picture, side: Int(side), isGrey: isGrey)
        opacity = overlay.opacity
        func position(_ a: Int128, _ b: Int128) -> (Int128, Int128) {
            ((a * u + b * v) * width * 32768 / (length * side), (b * u - a * v) * width * 32768 / (length * side))
        }
        columns = grid.columns.map { column in
            let (along, down) = position(Int128(column.x) - x, Int128(column.y) - y)
            return (
                Self.clamped(along + width * 32768 / side - 32768), Self.clamped(down + height * 32768 / side - 32768)
            )
        }
        rows = grid.rows.map { row in
            let (along, down) = position(Int128(row.x), Int128(row.y))
            return (Self.clamped(along), Self.clamped(down))
        }
    }

    /// Limits a position to the range in which sums do not overflow. Positions beyond the range are outside of every
    /// overlay.
    private static func clamped(_ value: Int128) -> Int { Int(min(1 << 40, max(-(1 << 40), value))) }

    func draw(on rgb: inout [UInt8], width: Int) {
        // The sum of the weights of four samples with 256 · 256 parts each, times 255 · 255.
        let full = 65025 << 18
        for row in 0..<rows.count / 2 {
            for column in 0..<columns.count / 2 {
                var (red, green, blue, alpha) = (0, 0, 0, 0)
                for sample in 0..<4 {
                    let (along, down) = (columns[2 * column + (sample & 1)], rows[2 * row + (sample >> 1)])
                    add(along.x + down.x, along.y + down.y, &red, &green, &blue, &alpha)
                }
                guard alpha > 0 else { continue }
                let pixel = 3 * (row * width + column)
                let rest = (full << 16) - alpha * opacity
                for (band, colour) in [red, green, blue].enumerated() {
                    rgb[pixel + band] = UInt8(
                        (Int(rgb[pixel + band]) * rest + 255 * colour * opacity + (full << 15)) / (full << 16))
                }
            }
        }
    }

    /// Adds the four blocks around a position, weighted by linear interpolation.
    private func add(_ x: Int, _ y: Int, _ red: inout Int, _ green: inout Int, _ blue: inout Int, _ alpha: inout Int) {
        let (left, top) = (x >> 16, y >> 16)
        guard left >= -1, left < blocks.columns, top >= -1, top < blocks.rows else { return }
        let (right, below) = ((x >> 8) & 255, (y >> 8) & 255)
        for corner in 0..<4 {
            let (column, row) = (left + (corner & 1), top + (corner >> 1))
            guard column >= 0, column < blocks.columns, row >= 0, row < blocks.rows else { continue }
            let block = 4 * (row * blocks.columns + column)
            let weight = ((corner & 1) == 0 ? 256 - right : right) * ((corner >> 1) == 0 ? 256 - below : below)
            red += Int(blocks.values[block]) * weight
            green += Int(blocks.values[block + 1]) * weight
            blue += Int(blocks.values[block + 2]) * weight
            alpha += Int(blocks.values[block + 3]) * weight
        }
    }
}
