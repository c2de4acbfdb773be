import Crypto

/// Upright pixels in memory: 8-bit sRGB, interleaved, row by row from the top left.
public struct Picture: Hashable, Sendable {
    public let width, height: Int
    /// 3 × width × height bytes.
    public let rgb: [UInt8]

    /// Nil unless both sides are positive and there are 3 × width × height bytes.
    public init?(width: Int, height: Int, rgb: [UInt8]) {
        guard width > 0, height > 0, rgb.count == 3 * width * height else { return nil }
        (self.width, self.height, self.rgb) = (width, height, rgb)
    }

    init(_ pixels: VipsPixels) {
        (width, height, rgb) = (pixels.width, pixels.height, pixels.rgb)
    }

    /// SHA-256 of width and height as two 32-bit big-endian numbers, then the RGB bytes: it does not hang on any encoder.
    public var digest: PixelDigest {
        var hash = SHA256()
        for side in [width, height] {
            withUnsafeBytes(of: UInt32(side).bigEndian) { hash.update(bufferPointer: $0) }
        }
        rgb.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return PixelDigest(bytes: Array(hash.finalize()))
    }
}

/// SHA-256 over a picture's size and pixels.
public struct PixelDigest: Hashable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]
}
