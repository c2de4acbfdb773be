import Imaging

/// What befalls a photo on its way into a second file: the copies that must be told as near-duplicates.
enum Changes {
    /// By name, in the order in which they are reported.
    static let all: [(name: String, make: @Sendable (Picture) throws -> Picture)] = [
        ("png", { try $0.stored(as: .png) }),
        ("jpeg-95", { try $0.stored(as: .jpeg, quality: 95) }),
        ("jpeg-85", { try $0.stored(as: .jpeg, quality: 85) }),
        ("jpeg-75", { try $0.stored(as: .jpeg, quality: 75) }),
        ("jpeg-60", { try $0.stored(as: .jpeg, quality: 60) }),
        ("half", { $0.halved }),
        ("half-jpeg-75", { try $0.halved.stored(as: .jpeg, quality: 75) }),
        ("brighter-5%", { $0.lit(105) }),
        ("darker-10%", { $0.lit(90) }),
        ("left-1%", { $0.cut(left: 1) }),
        ("left-2%", { $0.cut(left: 2) }),
        ("around-1%", { $0.cut(left: 1, top: 1, right: 1, bottom: 1) }),
        ("around-2%", { $0.cut(left: 2, top: 2, right: 2, bottom: 2) }),
    ]
}

extension Picture {
    func stored(as format: DecodedPhoto.Format, quality: Int = 90) throws -> Picture {
        try DecodedPhoto(encoded(as: format, quality: quality)).picture
    }

    /// A picture of `width` × `height` whose pixels `pixel` gives, place by place and channel by channel.
    private func made(_ width: Int, _ height: Int, _ pixel: (Int, Int, Int) -> Int) -> Picture {
        var rgb: [UInt8] = []
        rgb.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width { for channel in 0..<3 { rgb.append(UInt8(clamping: pixel(x, y, channel))) } }
        }
        return Picture(width: width, height: height, rgb: rgb) ?? self
    }

    private func level(_ x: Int, _ y: Int, _ channel: Int) -> Int { Int(rgb[3 * (y * width + x) + channel]) }

    /// Half as many pixels a side, each the mean of four.
    var halved: Picture {
        made(max(1, width / 2), max(1, height / 2)) { x, y, channel in
            let (right, below) = (min(2 * x + 1, width - 1), min(2 * y + 1, height - 1))
            return
                (level(2 * x, 2 * y, channel) + level(right, 2 * y, channel) + level(2 * x, below, channel)
                + level(right, below, channel) + 2) / 4
        }
    }

    /// Every level times so many hundredths.
    func lit(_ hundredths: Int) -> Picture {
        made(width, height) { (level($0, $1, $2) * hundredths + 50) / 100 }
    }

    /// Without so many hundredths of the sides, a pixel at least of each that is cut.
    func cut(left: Int, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Picture {
        func pixels(_ hundredths: Int, of side: Int) -> Int {
            hundredths == 0 ? 0 : max(1, (side * hundredths + 50) / 100)
        }
        let (left, top) = (pixels(left, of: width), pixels(top, of: height))
        return made(width - left - pixels(right, of: width), height - top - pixels(bottom, of: height)) {
            level($0 + left, $1 + top, $2)
        }
    }
}
