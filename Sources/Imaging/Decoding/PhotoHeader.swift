import CVips

/// What a file says of its picture before a pixel is decoded.
struct PhotoHeader: Codable, Sendable {
    /// As stored, before any turning.
    let width, height: Int
    /// Channels, alpha among them.
    let bands: Int
    /// EXIF, 1…8; 1 where the decoder turns the picture by itself.
    let orientation: Int
    /// libvips' name of the class that reads the bytes.
    let loader: String
    /// The EXIF block.
    let exif: [UInt8]?

    /// Reads it in this process.
    init(_ bytes: [UInt8], _ contents: Contents) throws {
        var header = CurareHeader()
        try bytes.withUnsafeBytes { raw in
            let what =
                contents.kind == .dng
                ? "the DNG has no preview that can be read"
                : "the file is no JPEG, HEIC, AVIF, PNG, TIFF, WebP, PNM or DNG, or its header is damaged"
            try Vips.call(.notAPhoto, what, next: "look at what it is; photos of other kinds must be converted") {
                error in
                contents.withReading { curare_vips_header(raw.baseAddress, raw.count, $0, &header, error) }
            }
        }
        defer { curare_vips_free(header.exif) }
        loader = withUnsafeBytes(of: header.loader) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        (width, height, bands, orientation) = (
            Int(header.width), Int(header.height), Int(header.bands), Int(header.orientation)
        )
        exif = header.exif.map { Array(UnsafeBufferPointer(start: $0, count: header.exif_size)) }
    }
}
