import CExif
import CVips

/// A photo decoded once, whole or at a fraction of its size, with the facts in the header of its file.
public struct DecodedPhoto: Sendable {
    public let upright: UprightPhoto
    public let format: Format
    /// The EXIF orientation, 1…8, by which the picture was rotated. The value is 1 for HEIC and AVIF, because these
    /// formats store the rotation outside of EXIF.
    public let orientation: Int
    /// `YYYY-MM-DDTHH:MM:SS` by the camera's clock; nil if the file has no valid time.
    public let captured: String?
    /// Make and model; nil if the file has neither.
    public let camera: String?

    public var picture: Picture { upright.picture }

    /// Decodes `bytes` to an upright 8-bit sRGB picture on a white background.
    ///
    /// - Parameter reduction: returns the reduction for a photo of this upright width and height. An error of this
    ///   closure ends the decoding before a pixel is decoded.
    /// - Throws: ``ImagingError`` if the bytes do not give a complete picture within `limits`.
    public init(
        _ bytes: [UInt8], limits: DecodingLimits = DecodingLimits(),
        reduction: (Int, Int) throws -> Reduction = { _, _ in .whole }
    ) throws {
        try self.init(bytes, limits: limits, sandbox: SandboxedDecoder.enabled, reduction: reduction)
    }

    /// - Parameter sandbox: decodes all formats except JPEG, PNG and PNM in separate processes; nil decodes every
    ///   format in this process.
    init(
        _ bytes: [UInt8], limits: DecodingLimits, sandbox: SandboxedDecoder?,
        reduction: (Int, Int) throws -> Reduction = { _, _ in .whole }
    ) throws {
        try limits.check(byteCount: bytes.count)
        let container = ContainerInfo(bytes)
        guard container.kind != .raw else {
            throw ImagingError(
                .notAPhoto, "the file is a camera's raw file in a format that is not supported",
                nextStep: "convert it to DNG or JPEG")
        }
        // Codecs of the other formats may crash, or need much memory for a small file.
        let remote = container.isCommon ? nil : try sandbox?.open(bytes, limits)
        let header = try remote?.header ?? PhotoHeader(bytes, container)
        guard let format = Format(loader: header.loader, container.kind) else {
            throw ImagingError(
                .notAPhoto, "the file has a format that is not supported (\(header.loader))",
                nextStep: "convert it to JPEG or PNG")
        }
        try header.check(limits, container.kind)
        let isTransposed = header.orientation > 4
        let width = isTransposed ? header.height : header.width
        let height = isTransposed ? header.width : header.height
        let fraction = try reduction(width, height)
        let picture = try remote?.picture(fraction) ?? Picture(decoding: bytes, container, fraction)
        self.format = format
        orientation = header.orientation
        upright = UprightPhoto(picture, fraction, width: width, height: height, orientation: orientation)
        let isTIFF = format == .tiff || format == .dng
        let tags = EXIFTags(header.exif ?? (isTIFF ? Array("Exif\0\0".utf8) + bytes : []))
        captured = tags.captured
        camera = tags.camera
    }
}

extension Picture {
    /// Decodes the upright picture in `bytes` in this process.
    init(decoding bytes: [UInt8], _ container: ContainerInfo, _ reduction: Reduction) throws {
        self = try bytes.withUnsafeBytes { raw in
            try Vips.picture(
                .damaged, "the file is cut off or damaged", nextStep: "copy it from the camera again"
            ) { pixels, error in
                container.withReadOptions {
                    curare_vips_decode(raw.baseAddress, raw.count, $0, Int32(reduction.rawValue), pixels, error)
                }
            }
        }
    }
}

/// The largest file and the largest picture that are decoded.
public struct DecodingLimits: Hashable, Sendable {
    public let pixels: Int
    public let bytes: Int

    /// The default limits are 100 megapixels and 200 MB.
    public init(pixels: Int = 100_000_000, bytes: Int = 200_000_000) {
        self.pixels = pixels
        self.bytes = bytes
    }

    /// Checks the size of a file before its bytes are read.
    ///
    /// - Throws: ``ImagingError`` if the file is empty or larger than the limit.
    public func check(byteCount: Int) throws {
        guard byteCount > 0 else {
            throw ImagingError(.empty, "the file is empty", nextStep: "copy it from the camera again")
        }
        guard byteCount <= bytes else {
            throw ImagingError(
                .tooManyBytes, "the file has \(byteCount) bytes, more than the limit of \(bytes)",
                nextStep: "raise the limit with --max-bytes if it is a photo")
        }
    }

    /// Bytes of memory that a decoding process may allocate: 1 GB, and more only if the pixel limit is above the
    /// default. Nil is no limit.
    var memory: UInt64? {
        let usual = DecodingLimits().pixels
        if pixels <= usual { return 1 << 30 }
        return pixels < 1 << 40 ? UInt64(pixels / usual + 1) << 30 : nil
    }
}

/// The properties of a picture in the header of its file.
struct PhotoHeader: Codable, Sendable {
    /// Size of the stored picture, before any rotation.
    let width, height: Int
    /// Number of channels, including alpha.
    let bands: Int
    /// EXIF orientation, 1…8; 1 if the decoder rotates the picture itself.
    let orientation: Int
    /// Name of the libvips class that reads the bytes.
    let loader: String
    /// The EXIF block.
    let exif: [UInt8]?

    /// Reads the header in this process.
    init(_ bytes: [UInt8], _ container: ContainerInfo) throws {
        var header = CurareHeader()
        let message =
            container.kind == .dng
            ? "the DNG has no preview that can be decoded"
            : "the file is not a JPEG, HEIC, AVIF, PNG, TIFF, WebP, PNM or DNG, or its header is damaged"
        try bytes.withUnsafeBytes { raw in
            try Vips.call(.notAPhoto, message, nextStep: "check the file; convert photos of other formats") { error in
                container.withReadOptions { curare_vips_header(raw.baseAddress, raw.count, $0, &header, error) }
            }
        }
        defer { curare_vips_free(header.exif) }
        loader = withUnsafeBytes(of: header.loader) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        width = Int(header.width)
        height = Int(header.height)
        bands = Int(header.bands)
        orientation = Int(header.orientation)
        exif = header.exif.map { Array(UnsafeBufferPointer(start: $0, count: header.exif_size)) }
    }

    /// CMYK and transparency.
    private static let maximumBands = 5
    /// Smallest longer side, in pixels, of a DNG's preview. A smaller preview is a thumbnail.
    private static let minimumPreviewSide = 512

    /// - Throws: ``ImagingError`` if the picture is larger than `limits`, or cannot be a photo.
    func check(_ limits: DecodingLimits, _ kind: ContainerInfo.Kind) throws {
        guard width > 0, height > 0, width <= limits.pixels / height else {
            throw ImagingError(
                .tooManyPixels,
                "the picture is \(width) × \(height), more than the limit of \(limits.pixels) pixels",
                nextStep: "raise the limit with --max-pixels if it is a photo")
        }
        guard bands <= Self.maximumBands else {
            throw ImagingError(
                .notAPhoto, "the picture has \(bands) channels",
                nextStep: "convert it to a photo with at most four colour channels and transparency")
        }
        guard kind != .dng || max(width, height) >= Self.minimumPreviewSide else {
            throw ImagingError(
                .notAPhoto, "the DNG's largest preview is \(width) × \(height), too small for a photo",
                nextStep: "convert it to JPEG")
        }
    }
}

/// Capture time and camera in an EXIF block. Values that do not have the form of the EXIF standard are ignored.
private struct EXIFTags {
    let captured, camera: String?

    init(_ exif: [UInt8]) {
        guard !exif.isEmpty else {
            captured = nil
            camera = nil
            return
        }
        var time = [CChar](repeating: 0, count: 32)
        var make = [CChar](repeating: 0, count: 64)
        var model = [CChar](repeating: 0, count: 64)
        curare_exif_read(exif, exif.count, &time, &make, &model)
        captured = Self.isoTime(Self.printable(time))
        let parts = [make, model].map(Self.printable).filter { !$0.isEmpty }
        camera = parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static func printable(_ text: [CChar]) -> String {
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter { (32...126).contains($0) }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }

    /// Converts `YYYY:MM:DD HH:MM:SS` to ISO 8601.
    private static func isoTime(_ text: String) -> String? {
        let ranges = [1826...9999, 1...12, 1...31, 0...23, 0...59, 0...60]
        let numbers = text.split(whereSeparator: { $0 == ":" || $0 == " " }).map { Int($0) }
        guard text.utf8.count == 19, numbers.count == ranges.count,
            zip(numbers, ranges).allSatisfy({ number, range in number.map(range.contains) ?? false })
        else { return nil }
        let characters = Array(text)
        let date = [characters[0..<4], characters[5..<7], characters[8..<10]].map { String($0) }
        return "\(date.joined(separator: "-"))T\(String(characters[11..<19]))"
    }
}
