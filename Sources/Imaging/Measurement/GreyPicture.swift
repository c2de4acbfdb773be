import CVips
import Core

/// The luma of an upright picture. Photos are measured on their luma.
struct GreyPicture: Hashable, Sendable {
    let width, height: Int
    /// width × height bytes, row by row.
    let luma: [UInt8]

    init(width: Int, height: Int, luma: [UInt8]) {
        self.width = width
        self.height = height
        self.luma = luma
    }

    /// Computes luma as (77 R + 150 G + 29 B + 128) / 256, rounded down.
    init(_ picture: Picture) {
        let count = picture.width * picture.height
        let luma = [UInt8](unsafeUninitializedCapacity: count) { luma, filledCount in
            picture.rgb.withUnsafeBufferPointer { rgb in
                for pixel in 0..<count {
                    let sum =
                        77 * UInt32(rgb[3 * pixel]) + 150 * UInt32(rgb[3 * pixel + 1]) + 29 * UInt32(rgb[3 * pixel + 2])
                        + 128
                    luma[pixel] = UInt8(truncatingIfNeeded: sum >> 8)
                }
            }
            filledCount = count
        }
        self.init(width: picture.width, height: picture.height, luma: luma)
    }

    /// Returns the picture with the longer side scaled to `size` pixels: with area means if the picture becomes
    /// smaller, and with Lanczos 3 of libvips if it becomes larger.
    func scaled(longerSide size: Int) throws -> GreyPicture {
        let to = Profile.Crop.none.geometry(size: size, width: width, height: height)
        guard size > max(width, height) else {
            return GreyPicture(
                width: to.width, height: to.height,
                luma: means(columns: to.width, rows: to.height, unit: 1).map { UInt8($0) })
        }
        let larger = try luma.withUnsafeBufferPointer { luma in
            try Vips.bytes(.failed, "cannot enlarge the picture", nextStep: "please report this", bands: 1) {
                curare_vips_scale(
                    luma.baseAddress, 1, Int32(width), Int32(height), 0, 0, Int32(width), Int32(height),
                    Int32(to.width), Int32(to.height), $0, $1)
            }
        }
        return GreyPicture(width: larger.width, height: larger.height, luma: larger.bytes)
    }

    /// The picture with luma in all three channels.
    var inThreeChannels: Picture {
        Picture(uncheckedWidth: width, height: height, rgb: luma.flatMap { [$0, $0, $0] })
    }

    /// Returns the part in `box`, which must be inside the picture.
    func cropped(_ box: Box) -> GreyPicture {
        let rows = box.y..<box.y + box.height
        return GreyPicture(
            width: box.width, height: box.height,
            luma: rows.flatMap { luma[$0 * width + box.x..<$0 * width + box.x + box.width] })
    }

    /// The picture with left and right exchanged.
    var mirrored: GreyPicture {
        GreyPicture(
            width: width, height: height, luma: (0..<height).flatMap { luma[$0 * width..<($0 + 1) * width].reversed() })
    }

    /// Returns the picture rotated clockwise by `turn`.
    func rotated(_ turn: QuarterTurn) -> GreyPicture {
        switch turn {
        case .half: return GreyPicture(width: width, height: height, luma: luma.reversed())
        case .right, .left:
            var rotated = [UInt8](repeating: 0, count: luma.count)
            for y in 0..<height {
                for x in 0..<width {
                    let (column, row) = turn == .right ? (height - 1 - y, x) : (y, width - 1 - x)
                    rotated[row * height + column] = luma[y * width + x]
                }
            }
            return GreyPicture(width: height, height: width, luma: rotated)
        }
    }
}

extension Picture {
    /// Returns the picture with the longer side scaled to `size` pixels, as ``GreyPicture/scaled(longerSide:)`` does.
    func scaled(longerSide size: Int) throws -> Picture {
        let to = Profile.Crop.none.geometry(size: size, width: width, height: height)
        guard size > max(width, height) else {
            let means = AreaMeans.of(
                rgb, bands: 3, width: width, Box(x: 0, y: 0, width: width, height: height), columns: to.width,
                rows: to.height, unit: 1)
            return Picture(uncheckedWidth: to.width, height: to.height, rgb: means.map { UInt8($0) })
        }
        return try rgb.withUnsafeBufferPointer { rgb in
            try Vips.picture(.failed, "cannot enlarge the picture", nextStep: "please report this") {
                curare_vips_scale(
                    rgb.baseAddress, 3, Int32(width), Int32(height), 0, 0, Int32(width), Int32(height),
                    Int32(to.width), Int32(to.height), $0, $1)
            }
        }
    }

    /// Returns the picture rotated clockwise by `turn`.
    func rotated(_ turn: QuarterTurn) -> Picture {
        let isHalf = turn == .half
        let columns = isHalf ? width : height
        let rows = isHalf ? height : width
        var rotated = [UInt8](repeating: 0, count: rgb.count)
        for y in 0..<height {
            for x in 0..<width {
                let (column, row) =
                    switch turn {
                    case .right: (height - 1 - y, x)
                    case .half: (width - 1 - x, height - 1 - y)
                    case .left: (y, width - 1 - x)
                    }
                for band in 0..<3 { rotated[3 * (row * columns + column) + band] = rgb[3 * (y * width + x) + band] }
            }
        }
        return Picture(uncheckedWidth: columns, height: rows, rgb: rotated)
    }
}

/// A clockwise rotation in degrees.
public enum QuarterTurn: Int, CaseIterable, Sendable {
    case right = 90
    case half = 180
    case left = 270
}
