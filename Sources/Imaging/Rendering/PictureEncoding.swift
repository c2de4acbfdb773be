import CVips

extension Picture {
    /// Returns the picture as a PNG that contains nothing but pixels.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func png() throws -> [UInt8] {
        try encoded(as: .png)
    }

    /// Returns the picture as a camera would store it.
    ///
    /// - Parameters:
    ///   - format: any format except DNG. HEIC and AVIF require orientation 1, because libvips cannot write their
    ///     rotation.
    ///   - quality: 1…100 for lossy formats; 100 makes WebP lossless.
    ///   - isProgressive: whether a JPEG has several scans. Other formats ignore this.
    ///   - orientation: the EXIF tag, 1…8. The stored pixels are rotated so that the tag makes them upright.
    ///   - captured: the capture time as `YYYY:MM:DD HH:MM:SS`.
    /// - Throws: ``ImagingError`` if libvips fails or does not support the combination.
    public func encoded(
        as format: DecodedPhoto.Format, quality: Int = 90, isProgressive: Bool = false, orientation: Int = 1,
        captured: String? = nil, camera: String? = nil
    ) throws -> [UInt8] {
        guard format != .dng, orientation == 1 || format != .heic && format != .avif else {
            throw ImagingError(
                .failed, "cannot write \(format.rawValue) with orientation \(orientation)",
                nextStep: "please report this")
        }
        let stored = orientation == 1 ? self : try rotated(for: orientation)
        return try Self.withTexts(format.rawValue, captured, camera) { format, captured, camera in
            let options = CurareEncoding(
                format: format, quality: Int32(quality), is_progressive: isProgressive ? 1 : 0,
                orientation: Int32(orientation), captured: captured, camera: camera)
            return try Vips.file("cannot encode the picture") {
                curare_vips_encode(stored.rgb, Int32(stored.width), Int32(stored.height), options, $0, $1, $2)
            }
        }
    }

    private func rotated(for orientation: Int) throws -> Picture {
        try rgb.withUnsafeBufferPointer { rgb in
            try Vips.picture(.failed, "cannot rotate the picture", nextStep: "please report this") {
                curare_vips_unrotate(rgb.baseAddress, Int32(width), Int32(height), Int32(orientation), $0, $1)
            }
        }
    }

    private static func withTexts<Result>(
        _ first: String, _ second: String?, _ third: String?,
        _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>?, UnsafePointer<CChar>?) throws -> Result
    ) rethrows -> Result {
        try first.withCString { first in
            try withOptionalText(second) { second in
                try withOptionalText(third) { third in try body(first, second, third) }
            }
        }
    }

    private static func withOptionalText<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) throws -> Result)
        rethrows -> Result
    {
        guard let text else { return try body(nil) }
        return try text.withCString { try body($0) }
    }

    /// Draws an SVG that this program wrote. Do not pass an SVG from another source.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public init(drawing svg: String) throws {
        var svg = svg
        self = try svg.withUTF8 { text in
            try Vips.picture(.failed, "cannot draw the SVG", nextStep: "please report this") { pixels, error in
                text.withMemoryRebound(to: CChar.self) { curare_vips_draw($0.baseAddress, $0.count, pixels, error) }
            }
        }
    }
}
