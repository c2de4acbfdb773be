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
    public var digest: PixelDigest { PixelDigest(width: width, height: height, rgb) }
}

/// SHA-256 of a picture's size and pixels.
public struct PixelDigest: Hashable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]

    init(width: Int, height: Int, _ pixels: [UInt8]) {
        var hasher = SHA256Hasher()
        for side in [width, height] {
            withUnsafeBytes(of: UInt32(side).bigEndian) { hasher.update($0) }
        }
        pixels.withUnsafeBytes { hasher.update($0) }
        let digest: ImageDigest = hasher.finalize()
        bytes = digest.bytes
    }
}

/// A pixel of a picture, counted from the top left.
public struct PixelPoint: Hashable, Sendable {
    public let x, y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle in whole pixels of a picture.
public struct PixelBox: Hashable, Sendable {
    public let left, top, width, height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// Square pixels.
    public var area: Int { width * height }

    /// Returns the part inside a `width` × `height` picture; nil if there is none.
    func clipped(width: Int, height: Int) -> PixelBox? {
        let left = max(0, self.left)
        let top = max(0, self.top)
        let right = min(width, self.left + self.width)
        let bottom = min(height, self.top + self.height)
        guard right > left, bottom > top else { return nil }
        return PixelBox(left: left, top: top, width: right - left, height: bottom - top)
    }
}
