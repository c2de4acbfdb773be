import CVips
import Core

/// A picture with transparency that is drawn over photos: 8-bit sRGB and alpha, not premultiplied, row by row from the
/// top left.
public struct OverlayPicture: Hashable, Sendable {
    /// Allowed length of both sides in pixels.
    public static let sides = 1...1024
    /// Largest size of a PNG in bytes.
    public static let maximumBytes = 8_000_000

    public let width, height: Int
    /// 4 × width × height bytes.
    public let rgba: [UInt8]
    /// The smallest box around all pixels that are not fully transparent; nil if all pixels are fully transparent.
    let visibleBox: Box?

    /// - Returns: nil unless both sides are within ``sides`` and there are 4 × width × height bytes.
    public init?(width: Int, height: Int, rgba: [UInt8]) {
        guard Self.sides.contains(width), Self.sides.contains(height), rgba.count == 4 * width * height else {
            return nil
        }
        self.width = width
        self.height = height
        self.rgba = rgba
        visibleBox = Self.visibleBox(rgba, width: width, height: height)
    }

    private static func visibleBox(_ rgba: [UInt8], width: Int, height: Int) -> Box? {
        let visible = (0..<width * height).filter { rgba[4 * $0 + 3] > 0 }
        guard let first = visible.first, let last = visible.last else { return nil }
        let left = visible.reduce(width) { min($0, $1 % width) }
        let right = visible.reduce(0) { max($0, $1 % width) }
        return Box(
            x: left, y: first / width, width: right - left + 1, height: (last - first / width * width) / width + 1)
    }

    /// Decodes a PNG. Colours are converted to sRGB, and 16 bits are reduced to 8. A PNG without transparency is
    /// opaque.
    ///
    /// - Throws: ``ImagingError`` if the bytes are not a PNG, are damaged, or are larger than the limits. The size is
    ///   checked before a pixel is decoded.
    public init(png bytes: [UInt8]) throws {
        guard bytes.count <= Self.maximumBytes else {
            throw ImagingError(
                .tooManyBytes, "the overlay has \(bytes.count) bytes, more than \(Self.maximumBytes)",
                nextStep: "scale it down")
        }
        let reader = ByteReader(bytes)
        guard reader.big32(0) == 0x8950_4e47, reader.big32(4) == 0x0d0a_1a0a, reader.text(12, 4) == "IHDR",
            let width = reader.big32(16), let height = reader.big32(20)
        else {
            throw ImagingError(
                .notAPhoto, "the overlay is not a PNG",
                nextStep: "save it as PNG, with transparency around the object")
        }
        guard Self.sides.contains(width), Self.sides.contains(height) else {
            throw ImagingError(
                .tooManyPixels,
                "the overlay is \(width) × \(height); a side has at most \(Self.sides.upperBound) pixels",
                nextStep: "scale it down")
        }
        let decoded = try bytes.withUnsafeBytes { raw in
            try Vips.bytes(.damaged, "the overlay is cut off or damaged", nextStep: "save it as PNG again", bands: 4) {
                curare_vips_decode_overlay(raw.baseAddress, raw.count, $0, $1)
            }
        }
        guard let picture = OverlayPicture(width: decoded.width, height: decoded.height, rgba: decoded.bytes) else {
            throw ImagingError(
                .damaged, "the overlay does not have the size in its header", nextStep: "save it as PNG again")
        }
        self = picture
    }

    /// Returns the picture as a PNG that contains nothing but pixels. The decoded PNG is the same picture.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func png() throws -> [UInt8] {
        try Vips.file("cannot encode the overlay") {
            curare_vips_encode_overlay(rgba, Int32(width), Int32(height), $0, $1, $2)
        }
    }

    /// SHA-256 of width and height as two 32-bit big-endian numbers, followed by the RGBA bytes.
    public var digest: OverlayDigest { OverlayDigest(width: width, height: height, rgba) }
}
