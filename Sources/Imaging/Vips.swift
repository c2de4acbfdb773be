import CVips

/// Access to libvips. The first call starts libvips; every failure of libvips becomes an ``ImagingError``.
enum Vips {
    /// The message of libvips if the start failed; nil after a successful start.
    private static let startFailure: String? = {
        var error = [CChar](repeating: 0, count: Int(CURARE_ERROR_SIZE))
        return curare_vips_start(&error) == 0 ? nil : text(error)
    }()

    static var version: String {
        String(cString: curare_vips_version())
    }

    /// Libraries that libvips uses to decode photos and to convert colours.
    static let codecs = ["dav1d", "lcms2", "libaom", "libde265", "libheif", "libjpeg", "libpng", "libtiff", "libwebp"]

    /// Returns the version of one of ``codecs`` that is loaded now; nil if the codec is not loaded or has no version.
    static func version(of codec: String) -> String? {
        guard startFailure == nil else { return nil }
        var characters = [CChar](repeating: 0, count: 64)
        guard curare_vips_codec_version(codec, &characters, characters.count) != 0 else { return nil }
        let version = text(characters)
        return version.isEmpty ? nil : version
    }

    /// Calls `body` with a buffer for an error message.
    ///
    /// - Throws: ``ImagingError``. If `body` returns `CURARE_FAILED`, the error has `code` and `message`. Each other
    ///   status has its own error.
    static func call(
        _ code: ImagingError.Code, _ message: String, nextStep: String,
        _ body: (UnsafeMutablePointer<CChar>) -> Int32
    ) throws {
        if let startFailure {
            throw ImagingError(.failed, "libvips did not start: \(startFailure)", nextStep: "run make setup")
        }
        var error = [CChar](repeating: 0, count: Int(CURARE_ERROR_SIZE))
        let status = body(&error)
        if status == CURARE_OK { return }
        if let failure = ImagingError(status: status, detail: text(error)) { throw failure }
        // libvips keeps one message for all threads, so its message may describe another thread's file.
        let detail = code == .failed ? text(error) : ""
        throw ImagingError(code, detail.isEmpty ? message : "\(message) (\(detail))", nextStep: nextStep)
    }

    /// Calls `body` to define an image, and returns the computed pixels.
    static func picture(
        _ code: ImagingError.Code, _ message: String, nextStep: String,
        _ body: (UnsafeMutablePointer<CurarePixels>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws -> Picture {
        let (width, height, bytes) = try bytes(code, message, nextStep: nextStep, bands: 3, body)
        return Picture(uncheckedWidth: width, height: height, rgb: bytes)
    }

    /// Calls `body` to define an image of `bands` channels, and returns the computed pixels. Memory that `body` passes
    /// to libvips must remain valid until this function returns.
    static func bytes(
        _ code: ImagingError.Code, _ message: String, nextStep: String, bands: Int,
        _ body: (UnsafeMutablePointer<CurarePixels>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws -> (width: Int, height: Int, bytes: [UInt8]) {
        var pixels = CurarePixels()
        try call(code, message, nextStep: nextStep) { body(&pixels, $0) }
        let (width, height) = (Int(pixels.width), Int(pixels.height))
        let bytes = try [UInt8](unsafeUninitializedCapacity: bands * width * height) { bytes, count in
            try call(code, message, nextStep: nextStep) {
                curare_vips_take(&pixels, Int32(bands), bytes.baseAddress, $0)
            }
            count = bands * width * height
        }
        return (width, height, bytes)
    }

    /// Calls `body` to encode a file, and returns the bytes of the file.
    static func file(
        _ message: String,
        _ body: (
            UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<CChar>
        ) -> Int32
    ) throws -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var size = 0
        try call(.failed, message, nextStep: "please report this") { body(&bytes, &size, $0) }
        defer { curare_vips_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: size))
    }

    /// Returns the first relevant line of a message from libvips, without control characters.
    private static func text(_ message: [CChar]) -> String {
        let lines = message.prefix { $0 != 0 }.split(separator: 10).map { line in
            let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
        }
        // libheif seeks one byte beyond the end to find the size. This message is not an error of the file.
        return lines.first { !$0.hasPrefix("source: bad seek") } ?? ""
    }
}

extension ImagingError {
    /// Creates the error of a decoder that knows why it stopped.
    ///
    /// - Parameter detail: the decoder's message about this file.
    /// - Returns: nil for `CURARE_FAILED`.
    fileprivate init?(status: Int32, detail: String) {
        switch status {
        case CURARE_DAMAGED:
            self.init(
                .damaged, "the file is cut off or damaged (\(detail))", nextStep: "copy it from the camera again")
        case CURARE_UNSUPPORTED:
            self.init(
                .notAPhoto, "the file uses a variant of its format that is not supported (\(detail))",
                nextStep: "convert it to an ordinary JPEG")
        case CURARE_OVER_BUDGET:
            self.init(.overBudget, detail, nextStep: Self.overBudgetStep)
        default: return nil
        }
    }

    static let overBudgetStep = "open it in an image editor and save it as an ordinary JPEG"
}

/// The libraries that compute pixels, for the provenance of a dataset version.
public enum ImagingLibraries {
    /// Versions by library name. A codec without a known version is left out.
    public static var versions: [String: String] {
        let codecs = Vips.codecs.compactMap { codec in Vips.version(of: codec).map { (codec, $0) } }
        return Dictionary(
            uniqueKeysWithValues: codecs + [("libvips", Vips.version), ("dlib", FaceDetector.version)])
    }
}
