import CVips

/// Pixels as libvips gives them.
struct VipsPixels {
    let width, height: Int
    let rgb: [UInt8]
}

extension VipsPixels {
    /// The upright picture in `bytes`, decoded in this process.
    init(decoding bytes: [UInt8], _ contents: Contents, _ reduction: Reduction) throws {
        self = try bytes.withUnsafeBytes { raw in
            try Vips.pixels(.damaged, "the file is cut off or damaged", next: "copy it from the camera again") {
                pixels, error in
                contents.withReading {
                    curare_vips_decode(raw.baseAddress, raw.count, $0, Int32(reduction.rawValue), pixels, error)
                }
            }
        }
    }
}

/// The one door to libvips: starts it at the first use, and turns its failures into errors.
enum Vips {
    /// Nil where it started; otherwise its own words.
    private static let startFailure: String? = {
        var error = [CChar](repeating: 0, count: Int(CURARE_ERROR_SIZE))
        return curare_vips_start(&error) == 0 ? nil : text(error)
    }()

    static var version: String {
        String(cString: curare_vips_version())
    }

    /// What libvips reads and colours photos with.
    static let codecs = ["dav1d", "lcms2", "libaom", "libde265", "libheif", "libjpeg", "libpng", "libtiff", "libwebp"]

    /// The version of one of ``codecs`` as it is loaded now; nil where it is not, or does not say.
    static func version(of codec: String) -> String? {
        guard startFailure == nil else { return nil }
        var version = [CChar](repeating: 0, count: 64)
        guard curare_vips_codec_version(codec, &version, version.count) != 0 else { return nil }
        let words = text(version)
        return words.isEmpty ? nil : words
    }

    /// Calls `body` with room for a message.
    static func call(
        _ code: ImagingError.Code, _ what: String, next: String, _ body: (UnsafeMutablePointer<CChar>) -> Int32
    ) throws {
        if let startFailure {
            throw ImagingError(.failed, "libvips did not start: \(startFailure)", next: "run make setup")
        }
        var error = [CChar](repeating: 0, count: Int(CURARE_ERROR_SIZE))
        guard body(&error) != 0 else { return }
        // libvips keeps one message for all threads: of a file that is refused it may say what is wrong with another one.
        let words = code == .failed ? text(error) : ""
        throw ImagingError(code, words.isEmpty ? what : "\(what) (\(words))", next: next)
    }

    /// Calls `body` for a picture's pixels.
    static func pixels(
        _ code: ImagingError.Code, _ what: String, next: String,
        _ body: (UnsafeMutablePointer<CurarePixels>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws -> VipsPixels {
        let (width, height, bytes) = try bytes(code, what, next: next, bands: 3, body)
        return VipsPixels(width: width, height: height, rgb: bytes)
    }

    /// Calls `body` for `bands` channels of pixels, and has them computed: whatever `body` hands to libvips must be there until this returns.
    static func bytes(
        _ code: ImagingError.Code, _ what: String, next: String, bands: Int,
        _ body: (UnsafeMutablePointer<CurarePixels>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws -> (width: Int, height: Int, bytes: [UInt8]) {
        var pixels = CurarePixels()
        try call(code, what, next: next) { body(&pixels, $0) }
        let (width, height) = (Int(pixels.width), Int(pixels.height))
        let bytes = try [UInt8](unsafeUninitializedCapacity: bands * width * height) { bytes, filled in
            try call(code, what, next: next) { curare_vips_take(&pixels, Int32(bands), bytes.baseAddress, $0) }
            filled = bands * width * height
        }
        return (width, height, bytes)
    }

    /// The first line of libvips' message that says something, without control characters.
    private static func text(_ message: [CChar]) -> String {
        let lines = message.prefix { $0 != 0 }.split(separator: 10).map { line in
            let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
        }
        // libheif looks one byte past the end to see where it is.
        return lines.first { !$0.hasPrefix("source: bad seek") } ?? ""
    }
}
