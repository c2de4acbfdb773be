/// Luma of a reduced upright picture: what faces are looked for in.
struct GreyPicture: Hashable, Sendable {
    let width, height: Int
    /// width × height bytes, row by row.
    let luma: [UInt8]

    init(width: Int, height: Int, luma: [UInt8]) {
        (self.width, self.height, self.luma) = (width, height, luma)
    }

    /// `picture` with its longer side scaled to `size` pixels.
    init(_ picture: Picture, longerSide size: Int) throws {
        let reduced = try picture.rendered(Rendering(size: size, crop: .none, colour: .grey))
        self.init(width: reduced.width, height: reduced.height, luma: stride(from: 0, to: reduced.rgb.count, by: 3).map { reduced.rgb[$0] })
    }

    /// The part in `box`, which lies inside.
    func cut(_ box: PixelBox) -> GreyPicture {
        let rows = box.top..<box.top + box.height
        return GreyPicture(width: box.width, height: box.height, luma: rows.flatMap { luma[$0 * width + box.left..<$0 * width + box.left + box.width] })
    }

    /// Left and right exchanged.
    var mirrored: GreyPicture {
        GreyPicture(width: width, height: height, luma: (0..<height).flatMap { luma[$0 * width..<($0 + 1) * width].reversed() })
    }

    /// Turned clockwise by `turn`.
    func turned(_ turn: QuarterTurn) -> GreyPicture {
        switch turn {
        case .half: return GreyPicture(width: width, height: height, luma: luma.reversed())
        case .right, .left:
            var turned = [UInt8](repeating: 0, count: luma.count)
            for y in 0..<height {
                for x in 0..<width {
                    let (column, row) = turn == .right ? (height - 1 - y, x) : (y, width - 1 - x)
                    turned[row * height + column] = luma[y * width + x]
                }
            }
            return GreyPicture(width: height, height: width, luma: turned)
        }
    }
}

/// A turn that would bring a face upright, in degrees clockwise.
public enum QuarterTurn: Int, CaseIterable, Sendable {
    case right = 90, half = 180, left = 270
}
