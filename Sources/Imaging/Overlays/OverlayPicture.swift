import CVips
import Crypto

/// A picture with transparency that is drawn over photos: 8-bit sRGB and alpha, not multiplied with each other, row by row from the top left.
public struct OverlayPicture: Hashable, Sendable {
    /// Pixels that either side may have.
    public static let sides = 1...1024
    /// Bytes that a PNG may have.
    public static let mostBytes = 8_000_000

    public let width, height: Int
    /// 4 × width × height bytes.
    public let rgba: [UInt8]
    /// The smallest box around all pixels that are not wholly transparent; nil where all are.
    let shown: PixelBox?

    /// Nil unless both sides are within ``sides`` and there are 4 × width × height bytes.
    public init?(width: Int, height: Int, rgba: [UInt8]) {
        guard Self.sides.contains(width), Self.sides.contains(height), rgba.count == 4 * width * height else {
            return nil
        }
        (self.width, self.height, self.rgba) = (width, height, rgba)
        shown = Self.shown(rgba, width: width, height: height)
    }

    private static func shown(_ rgba: [UInt8], width: Int, height: Int) -> PixelBox? {
        let seen = (0..<width * height).filter { rgba[4 * $0 + 3] > 0 }
        guard let first = seen.first, let last = seen.last else { return nil }
        let left = seen.reduce(width) { min($0, $1 % width) }
        let right = seen.reduce(0) { max($0, $1 % width) }
        return PixelBox(
            left: left, top: first / width, width: right - left + 1, height: (last - first / width * width) / width + 1)
    }

    /// Decodes a PNG; colours are brought to sRGB, 16 bit are reduced to 8, and without transparency all of it is opaque.
    ///
    /// - Throws: ``ImagingError`` where the bytes are no PNG, where it is too large, which is told before a pixel is decoded, or damaged.
    public init(png bytes: [UInt8]) throws {
        guard bytes.count <= Self.mostBytes else {
            throw ImagingError(
                .tooManyBytes, "the overlay has \(bytes.count) bytes, more than \(Self.mostBytes)",
                next: "scale it down")
        }
        let reader = ByteReader(bytes)
        guard reader.big32(0) == 0x8950_4e47, reader.big32(4) == 0x0d0a_1a0a, reader.text(12, 4) == "IHDR",
            let width = reader.big32(16), let height = reader.big32(20)
        else {
            throw ImagingError(
                .notAPhoto, "the overlay is no PNG",
                next: "save it as PNG, with transparency around what is to be drawn")
        }
        guard Self.sides.contains(width), Self.sides.contains(height) else {
            throw ImagingError(
                .tooManyPixels,
                "the overlay is \(width) × \(height); a side has at most \(Self.sides.upperBound) pixels",
                next: "scale it down")
        }
        let decoded = try bytes.withUnsafeBytes { raw in
            try Vips.bytes(.damaged, "the overlay is cut off or damaged", next: "save it as PNG again", bands: 4) {
                curare_vips_decode_overlay(raw.baseAddress, raw.count, $0, $1)
            }
        }
        guard let picture = OverlayPicture(width: decoded.width, height: decoded.height, rgba: decoded.bytes) else {
            throw ImagingError(
                .damaged, "the overlay does not have the size that its header says", next: "save it as PNG again")
        }
        self = picture
    }

    /// As a PNG, with nothing in the file but pixels. Decoded, it is the same picture.
    ///
    /// - Throws: ``ImagingError`` where libvips fails.
    public func png() throws -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var size = 0
        try Vips.call(.failed, "the overlay could not be written", next: "please report this") {
            curare_vips_encode_overlay(rgba, Int32(width), Int32(height), &bytes, &size, $0)
        }
        defer { curare_vips_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: size))
    }

    /// SHA-256 of width and height as two 32-bit big-endian numbers, then the RGBA bytes.
    public var digest: PixelDigest {
        var hash = SHA256()
        for side in [width, height] {
            withUnsafeBytes(of: UInt32(side).bigEndian) { hash.update(bufferPointer: $0) }
        }
        rgba.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return PixelDigest(bytes: Array(hash.finalize()))
    }
}
