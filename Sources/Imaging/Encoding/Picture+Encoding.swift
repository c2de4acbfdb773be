import CVips

extension Picture {
    /// The picture as PNG, with nothing in the file but pixels.
    ///
    /// - Throws: ``ImagingError`` where libvips fails.
    public func png() throws -> [UInt8] {
        try encoded(as: .png)
    }

    /// The picture as a camera would have stored it.
    ///
    /// - Parameters:
    ///   - format: anything but DNG; HEIC and AVIF only upright, since libvips does not write their own words for turned pictures.
    ///   - quality: 1…100 for the lossy ones; 100 makes WebP lossless.
    ///   - orientation: the EXIF tag, 1…8; the stored pixels are turned so that it turns them upright.
    ///   - captured: `YYYY:MM:DD HH:MM:SS`.
    public func encoded(
        as format: DecodedPhoto.Format, quality: Int = 90, orientation: Int = 1, captured: String? = nil,
        camera: String? = nil
    ) throws -> [UInt8] {
        guard format != .dng, orientation == 1 || format != .heic && format != .avif else {
            throw ImagingError(
                .failed, "no \(format.rawValue) is written with orientation \(orientation)", next: "please report this")
        }
        let stored = orientation == 1 ? self : try turned(for: orientation)
        return try Self.withTexts(format.rawValue, captured, camera) { format, captured, camera in
            let how = CurareEncoding(
                format: format, quality: Int32(quality), orientation: Int32(orientation), captured: captured,
                camera: camera)
            var bytes: UnsafeMutablePointer<UInt8>?
            var size = 0
            try Vips.call(.failed, "the picture could not be written", next: "please report this") {
                curare_vips_encode(stored.rgb, Int32(stored.width), Int32(stored.height), how, &bytes, &size, $0)
            }
            defer { curare_vips_free(bytes) }
            return Array(UnsafeBufferPointer(start: bytes, count: size))
        }
    }

    private func turned(for orientation: Int) throws -> Picture {
        Picture(
            try rgb.withUnsafeBufferPointer { rgb in
                try Vips.pixels(.failed, "the picture could not be turned", next: "please report this") {
                    curare_vips_unturn(rgb.baseAddress, Int32(width), Int32(height), Int32(orientation), $0, $1)
                }
            })
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

    /// Draws an SVG that the program itself has written; never one from outside.
    public init(drawing svg: String) throws {
        var svg = svg
        self.init(
            try svg.withUTF8 { text in
                try Vips.pixels(.failed, "the drawing could not be made", next: "please report this") { pixels, error in
                    text.withMemoryRebound(to: CChar.self) { curare_vips_draw($0.baseAddress, $0.count, pixels, error) }
                }
            })
    }
}

/// What made the pixels, for a version's provenance.
public enum ImagingLibraries {
    /// Names and versions; a codec that does not say its version is left out.
    public static var versions: [String: String] {
        let codecs = Vips.codecs.compactMap { codec in Vips.version(of: codec).map { (codec, $0) } }
        return Dictionary(uniqueKeysWithValues: codecs + [("libvips", Vips.version), ("dlib", Detector.version)])
    }
}
