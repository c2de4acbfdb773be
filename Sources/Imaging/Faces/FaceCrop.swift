import Core

/// The square of a picture that a face crop shows, in whole numbers: centre, side and direction.
struct FaceSquare: Hashable {
    /// Twice the pixel coordinates of the centre, so that halves are whole numbers.
    let doubledX, doubledY: Int
    /// Pixels; at least 1.
    let side: Int
    /// Direction of the line through the eyes in 1/65536; (65536, 0) is level.
    let cosine, sine: Int

    /// Largest slope of the line through the eyes, in hundredths (30°). If the line is steeper, the detected eyes are
    /// probably wrong.
    static let maximumSlope = 58

    init(_ face: PhotoFace, _ margin: FaceMargin = .wide) {
        let box = face.box
        doubledX = 2 * box.x + box.width
        doubledY = 2 * box.y + box.height
        side = max(1, margin.hundredths * max(box.width, box.height) / 100)
        let x = face.rightEye.x - face.leftEye.x
        let y = face.rightEye.y - face.leftEye.y
        // In a profile the eyes are too close to each other to give a direction.
        guard 5 * x >= box.width, 100 * abs(y) <= Self.maximumSlope * x else {
            cosine = 65536
            sine = 0
            return
        }
        let length = integerSquareRoot((x * x + y * y) << 32)
        cosine = (x << 32) / length
        sine = (y << 32) / length
    }
}

/// The blocks of a reduced picture from which a face crop is interpolated.
private struct FaceBlocks {
    /// Side of a block in pixels of the picture, and in pixels of the whole photo.
    let block, whole: Int
    /// The first pixel of the first block, which may be outside the picture.
    let left, top: Int
    /// Blocks in a row and in a column.
    let count: Int
    /// Twice the centre of the square, in pixels of the photo with its excess.
    let doubledX, doubledY: Int

    init(_ square: FaceSquare, size: Int, fraction: Int, excessLeft: Int, excessTop: Int) {
        block = max(1, square.side / (size * fraction))
        whole = block * fraction
        // Half the width of the rotated square's bounding box.
        let reach = (square.side * (abs(square.cosine) + abs(square.sine)) / 131_072 + fraction) / fraction
        doubledX = square.doubledX + 2 * excessLeft
        doubledY = square.doubledY + 2 * excessTop
        // An arithmetic shift rounds negative coordinates down as well.
        let halving = 1 + fraction.trailingZeroBitCount
        left = (doubledX >> halving) - reach - block
        top = (doubledY >> halving) - reach - block
        count = 2 * reach / block + 4
    }
}

extension FaceSquare {
    /// Returns the part of a reduced picture that ``UprightPhoto/cut(_:size:)`` reads.
    func window(size: Int, in frame: ReducedFrame) -> Box {
        let blocks = FaceBlocks(
            self, size: size, fraction: frame.reduction.rawValue, excessLeft: frame.excessLeft,
            excessTop: frame.excessTop)
        let side = blocks.count * blocks.block
        return frame.clipped(Box(x: blocks.left, y: blocks.top, width: side, height: side))
    }
}

extension UprightPhoto {
    /// Returns the square of the photo, rotated until the eyes are level and scaled to `size` × `size`. Outside of the
    /// photo the nearest border pixel is repeated.
    ///
    /// All arithmetic uses whole numbers, so that every machine gives the same pixels. First the function averages
    /// blocks of pixels until fewer than two blocks are left for each pixel of the image. Then the function
    /// interpolates four samples in each pixel of the image linearly between four blocks.
    func cut(_ square: FaceSquare, size: Int) -> Picture {
        let fraction = reduction.rawValue
        let source = FaceBlocks(
            square, size: size, fraction: fraction, excessLeft: excessLeft, excessTop: excessTop)
        let count = source.count
        let whole = source.whole
        // A decoded part of the photo contains all pixels of the blocks that are inside the photo.
        let blocks = picture.averaged(
            left: source.left - left, top: source.top - top, count: count, block: source.block)

        // Distance from the centre to two samples a pixel, in 1/65536 of a block, along the line through the eyes and
        // at right angles to it.
        let offsets = (0..<2 * size).map { 2 * $0 + 1 - 2 * size }
        let along = offsets.map { $0 * square.side * square.cosine / (4 * size * whole) }
        let across = offsets.map { $0 * square.side * square.sine / (4 * size * whole) }
        let middleX = (source.doubledX - 2 * source.left * fraction) * 32768 / whole - 32768
        let middleY = (source.doubledY - 2 * source.top * fraction) * 32768 / whole - 32768

        let rgb = [UInt8](unsafeUninitializedCapacity: 3 * size * size) { rgb, filledCount in
            blocks.withUnsafeBufferPointer { blocks in
                for row in 0..<size {
                    for column in 0..<size {
                        var (red, green, blue) = (131_072, 131_072, 131_072)
                        for sample in 0..<4 {
                            let (u, v) = (2 * column + (sample & 1), 2 * row + (sample >> 1))
                            let x = middleX + along[u] - across[v]
                            let y = middleY + across[u] + along[v]
                            let (right, down) = ((x >> 8) & 255, (y >> 8) & 255)
                            let first = 3 * ((y >> 16) * count + (x >> 16))
                            let below = first + 3 * count
                            let weights = (
                                (256 - right) * (256 - down), right * (256 - down), (256 - right) * down, right * down
                            )
                            // Nothing overflows: a value is a sum of bytes with weights that add up to 65,536.
                            func value(_ band: Int) -> Int {
                                Int(blocks[first &+ band]) &* weights.0 &+ Int(blocks[first &+ 3 &+ band]) &* weights.1
                                    &+ Int(blocks[below &+ band]) &* weights.2 &+ Int(blocks[below &+ 3 &+ band])
                                    &* weights.3
                            }
                            red &+= value(0)
                            green &+= value(1)
                            blue &+= value(2)
                        }
                        let pixel = 3 * (row * size + column)
                        rgb[pixel] = UInt8(red >> 18)
                        rgb[pixel + 1] = UInt8(green >> 18)
                        rgb[pixel + 2] = UInt8(blue >> 18)
                    }
                }
            }
            filledCount = 3 * size * size
        }
        return Picture(uncheckedWidth: size, height: size, rgb: rgb)
    }
}

extension Picture {
    /// Returns the means of `count` × `count` blocks of `block` × `block` pixels. The first block begins at (left,
    /// top), which may be outside of the picture.
    fileprivate func averaged(left: Int, top: Int, count: Int, block: Int) -> [UInt8] {
        let columns = (0..<count * block).map { 3 * min(width - 1, max(0, left + $0)) }
        let area = block * block
        return [UInt8](unsafeUninitializedCapacity: 3 * count * count) { averages, filledCount in
            rgb.withUnsafeBufferPointer { rgb in
                columns.withUnsafeBufferPointer { columns in
                    for row in 0..<count {
                        for column in 0..<count {
                            var (red, green, blue) = (area / 2, area / 2, area / 2)
                            for y in row * block..<(row + 1) * block {
                                let line = 3 * width * min(height - 1, max(0, top + y))
                                for x in column * block..<(column + 1) * block {
                                    let pixel = line &+ columns[x]
                                    red &+= Int(rgb[pixel])
                                    green &+= Int(rgb[pixel &+ 1])
                                    blue &+= Int(rgb[pixel &+ 2])
                                }
                            }
                            let pixel = 3 * (row * count + column)
                            averages[pixel] = UInt8(red / area)
                            averages[pixel + 1] = UInt8(green / area)
                            averages[pixel + 2] = UInt8(blue / area)
                        }
                    }
                }
            }
            filledCount = 3 * count * count
        }
    }
}
