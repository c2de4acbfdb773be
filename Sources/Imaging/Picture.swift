import Core

/// Upright pixels in memory: 8-bit sRGB, interleaved, row by row from the top left.
public struct Picture: Hashable, Sendable {
    public let width, height: Int
    /// 3 × width × height bytes.
    public let rgb: [UInt8]

    /// - Returns: nil unless both sides are positive and there are 3 × width × height bytes.
    public init?(width: Int, height: Int, rgb: [UInt8]) {
        guard width > 0, height > 0, rgb.count == 3 * width * height else { return nil }
        self.init(uncheckedWidth: width, height: height, rgb: rgb)
    }

    /// Creates a picture from values that are known to fit together.
    init(uncheckedWidth width: Int, height: Int, rgb: [UInt8]) {
        self.width = width
        self.height = height
        self.rgb = rgb
    }

    /// SHA-256 of width and height as two 32-bit big-endian numbers, followed by the RGB bytes. The digest does not
    /// depend on any encoder.
    public var digest: ImageDigest { ImageDigest(width: width, height: height, rgb) }
}

extension SHA256Digest {
    /// Creates the digest of width and height as two 32-bit big-endian numbers, followed by `pixels`.
    init(width: Int, height: Int, _ pixels: [UInt8]) {
        var hasher = SHA256Hasher()
        for side in [width, height] {
            withUnsafeBytes(of: UInt32(side).bigEndian) { hasher.update($0) }
        }
        pixels.withUnsafeBytes { hasher.update($0) }
        self = hasher.finalize()
    }
}

extension Box {
    /// Square pixels.
    var area: Int { width * height }

    /// Returns the part inside a `width` × `height` picture; nil if there is none.
    func clipped(width: Int, height: Int) -> Box? {
        let left = max(0, x)
        let top = max(0, y)
        let right = min(width, x + self.width)
        let bottom = min(height, y + self.height)
        guard right > left, bottom > top else { return nil }
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }
}
