extension UprightPhoto {
    /// The square of the photo, turned level and scaled to `size` × `size`. Beyond the border the border's pixels go on.
    ///
    /// Whole numbers throughout, so that every machine gives the same pixels: blocks of the picture's pixels are averaged until less than two are left
    /// for each pixel of the image, and four places in each of its pixels are then read off between their four neighbours.
    func cut(_ square: FaceSquare, size: Int) -> Picture {
        let fraction = reduction.rawValue
        // Blocks in pixels of the picture; `whole` in those of the photo.
        let block = max(1, square.side / (size * fraction))
        let whole = block * fraction
        // Half of the turned square's width, as far as the picture around it is needed.
        let reach = (square.side * (abs(square.cosine) + abs(square.sine)) / 131_072 + fraction) / fraction
        let (doubledX, doubledY) = (square.doubledX + 2 * overLeft, square.doubledY + 2 * overTop)
        // An arithmetic shift rounds down left of the border, too.
        let halving = 1 + fraction.trailingZeroBitCount
        let (left, top) = ((doubledX >> halving) - reach - block, (doubledY >> halving) - reach - block)
        let count = 2 * reach / block + 4
        let blocks = picture.averaged(left: left, top: top, count: count, block: block)

        // From the middle to each of two places a pixel, in 1/65536 of a block, along the eyes and across them.
        let offsets = (0..<2 * size).map { 2 * $0 + 1 - 2 * size }
        let along = offsets.map { $0 * square.side * square.cosine / (4 * size * whole) }
        let across = offsets.map { $0 * square.side * square.sine / (4 * size * whole) }
        let middleX = (doubledX - 2 * left * fraction) * 32768 / whole - 32768
        let middleY = (doubledY - 2 * top * fraction) * 32768 / whole - 32768

        let rgb = [UInt8](unsafeUninitializedCapacity: 3 * size * size) { rgb, filled in
            blocks.withUnsafeBufferPointer { blocks in
                for row in 0..<size {
                    for column in 0..<size {
                        var (red, green, blue) = (131_072, 131_072, 131_072)
                        for place in 0..<4 {
                            let (u, v) = (2 * column + place & 1, 2 * row + place >> 1)
                            let x = middleX + along[u] - across[v]
                            let y = middleY + across[u] + along[v]
                            let (right, down) = ((x >> 8) & 255, (y >> 8) & 255)
                            let first = 3 * ((y >> 16) * count + x >> 16)
                            let below = first + 3 * count
                            let weights = (
                                (256 - right) * (256 - down), right * (256 - down), (256 - right) * down, right * down
                            )
                            // None of this comes near overflowing: bytes by weights whose sum is 65 536.
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
                        (rgb[pixel], rgb[pixel + 1], rgb[pixel + 2]) = (
                            UInt8(red >> 18), UInt8(green >> 18), UInt8(blue >> 18)
                        )
                    }
                }
            }
            filled = 3 * size * size
        }
        return Picture(VipsPixels(width: size, height: size, rgb: rgb))
    }

}

extension Picture {
    /// `count` × `count` blocks of `block` × `block` pixels each, averaged; the first begins at (left, top), which may lie outside.
    fileprivate func averaged(left: Int, top: Int, count: Int, block: Int) -> [UInt8] {
        let columns = (0..<count * block).map { 3 * min(width - 1, max(0, left + $0)) }
        let area = block * block
        return [UInt8](unsafeUninitializedCapacity: 3 * count * count) { averages, filled in
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
                            (averages[pixel], averages[pixel + 1], averages[pixel + 2]) = (
                                UInt8(red / area), UInt8(green / area), UInt8(blue / area)
                            )
                        }
                    }
                }
            }
            filled = 3 * count * count
        }
    }
}
