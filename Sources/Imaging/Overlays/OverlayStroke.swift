/// One overlay being drawn on one image: from each place of the image to the overlay's blocks, and their colours over the pixel's.
struct OverlayStroke {
    private let blocks: OverlayBlocks
    private let opacity: Int
    /// What each column and each row of places adds to a place on the blocks, in 1/65536 of a block from the middle of the first.
    private let columns, rows: [(x: Int, y: Int)]

    init(_ overlay: PlacedOverlay, on grid: ImageGrid, imageWidth: Int, imageHeight: Int, isGrey: Bool) {
        let (u, v, x, y) = Self.fine(overlay, imageWidth, imageHeight)
        let length = u * u + v * v
        let (width, height) = (Int128(overlay.picture.width), Int128(overlay.picture.height))
        // As many of the overlay's pixels as one of the image shows, so that less than two blocks are left for it.
        let half = Int128(Self.root(length))
        let side = min(1024, max(1, width * Int128(grid.pixel) / (2 * max(1, half))))
        blocks = OverlayBlocks(overlay.picture, side: Int(side), isGrey: isGrey)
        opacity = overlay.opacity
        func place(_ a: Int128, _ b: Int128) -> (Int128, Int128) {
            ((a * u + b * v) * width * 32768 / (length * side), (b * u - a * v) * width * 32768 / (length * side))
        }
        columns = grid.columns.map { column in
            let (along, down) = place(Int128(column.x) - x, Int128(column.y) - y)
            return (
                Self.clamped(along + width * 32768 / side - 32768), Self.clamped(down + height * 32768 / side - 32768)
            )
        }
        rows = grid.rows.map { row in
            let (along, down) = place(Int128(row.x), Int128(row.y))
            return (Self.clamped(along), Self.clamped(down))
        }
    }

    /// The overlay's half width and middle in 1/65536 of a pixel of what its anchor counts in.
    static func fine(_ overlay: PlacedOverlay, _ width: Int, _ height: Int) -> (
        u: Int128, v: Int128, x: Int128, y: Int128
    ) {
        let (u, v, x, y) = (Int128(overlay.u), Int128(overlay.v), Int128(overlay.x), Int128(overlay.y))
        guard overlay.anchor != .photo else { return (u * 256, v * 256, x * 256, y * 256) }
        let side = Int128(min(width, height))
        let margin = side * 2048
        let (du, dv) = (u * side, v * side)
        let tall = Int128(overlay.picture.height)
        let wide = Int128(overlay.picture.width)
        let (reachX, reachY) = (
            du.magnitudeAsSigned + dv.magnitudeAsSigned * tall / wide + margin,
            dv.magnitudeAsSigned + du.magnitudeAsSigned * tall / wide + margin
        )
        let isRight = overlay.anchor == .topRight || overlay.anchor == .bottomRight
        let isBottom = overlay.anchor == .bottomLeft || overlay.anchor == .bottomRight
        return (
            du, dv, (isRight ? Int128(width) * 65536 - reachX : reachX) + x * side,
            (isBottom ? Int128(height) * 65536 - reachY : reachY) + y * side
        )
    }

    /// Farther than this from any overlay nothing is drawn, and sums stay small.
    private static func clamped(_ value: Int128) -> Int { Int(min(1 << 40, max(-(1 << 40), value))) }

    private static func root(_ value: Int128) -> Int128 {
        guard value > 1 else { return value }
        var root = Int128(1) << ((Int128.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }

    func draw(on rgb: inout [UInt8], width: Int) {
        // 255 · 255 from each of four places of 256 · 256 parts.
        let full = 65025 << 18
        for row in 0..<rows.count / 2 {
            for column in 0..<columns.count / 2 {
                var (red, green, blue, alpha) = (0, 0, 0, 0)
                for place in 0..<4 {
                    let (along, down) = (columns[2 * column + place & 1], rows[2 * row + place >> 1])
                    add(along.x + down.x, along.y + down.y, &red, &green, &blue, &alpha)
                }
                guard alpha > 0 else { continue }
                let pixel = 3 * (row * width + column)
                let rest = full << 16 - alpha * opacity
                for (band, colour) in [red, green, blue].enumerated() {
                    rgb[pixel + band] = UInt8(
                        (Int(rgb[pixel + band]) * rest + 255 * colour * opacity + full << 15) / (full << 16))
                }
            }
        }
    }

    /// Adds the four blocks around a place, by how near they are.
    private func add(_ x: Int, _ y: Int, _ red: inout Int, _ green: inout Int, _ blue: inout Int, _ alpha: inout Int) {
        let (left, top) = (x >> 16, y >> 16)
        guard left >= -1, left < blocks.columns, top >= -1, top < blocks.rows else { return }
        let (right, below) = ((x >> 8) & 255, (y >> 8) & 255)
        for corner in 0..<4 {
            let (column, row) = (left + corner & 1, top + corner >> 1)
            guard column >= 0, column < blocks.columns, row >= 0, row < blocks.rows else { continue }
            let block = 4 * (row * blocks.columns + column)
            let weight = (corner & 1 == 0 ? 256 - right : right) * (corner >> 1 == 0 ? 256 - below : below)
            red += Int(blocks.numbers[block]) * weight
            green += Int(blocks.numbers[block + 1]) * weight
            blue += Int(blocks.numbers[block + 2]) * weight
            alpha += Int(blocks.numbers[block + 3]) * weight
        }
    }
}

extension Int128 {
    fileprivate var magnitudeAsSigned: Int128 { self < 0 ? -self : self }
}
