import CVips
import Core

/// A decoded photo, and the facts from the header of its file. The picture has the full size of the photo, or a
/// fraction of this size.
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
    /// Why the orientation may be wrong; nil if there is no reason for doubt.
    public let orientationDoubt: OrientationDoubt?

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

    /// Decodes only the part of the photo that a face crop shows. This part needs little memory, also in a large photo.
    ///
    /// - Parameter size: pixels of both sides of the crop.
    init(
        _ bytes: [UInt8], limits: DecodingLimits, _ square: FaceSquare, size: Int,
        sandbox: SandboxedDecoder? = SandboxedDecoder.enabled, reduction: (Int, Int) throws -> Reduction
    ) throws {
        try self.init(bytes, limits: limits, sandbox: sandbox, reduction: reduction) {
            square.window(size: size, in: $0)
        }
    }

    /// - Parameter sandbox: decodes all photos except plain JPEGs and PNGs in separate processes; nil decodes every photo
    ///   in this process.
    init(
        _ bytes: [UInt8], limits: DecodingLimits, sandbox: SandboxedDecoder?,
        reduction: (Int, Int) throws -> Reduction = { _, _ in .whole }, window: (ReducedFrame) -> Box? = { _ in nil }
    ) throws {
        try limits.check(byteCount: bytes.count)
        let container = ContainerInfo(bytes)
        guard container.kind != .raw else {
            throw ImagingError(
                .notAPhoto, "the file is a camera's raw file in a format that is not supported",
                nextStep: "convert it to DNG or JPEG")
        }
        if let damage = container.damage {
            throw ImagingError(
                .damaged, "the file is cut off or damaged (\(damage))", nextStep: "copy it from the camera again")
        }
        // The codecs of all other photos may crash, or need much time or memory for a small file.
        let remote = container.isPlain ? nil : try sandbox?.open(bytes, limits)
        let header = try remote?.header ?? PhotoHeader(container)
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
        let frame = ReducedFrame(
            width: width, height: height, fraction, roundsDown: format == .jpeg, orientation: header.orientation)
        let part = window(frame)
        let picture = try remote?.picture(fraction, part) ?? Picture(decoding: container, fraction, part)
        self.format = format
        orientation = header.orientation
        upright =
            part.map { UprightPhoto(picture, frame, left: $0.x, top: $0.y) }
            ?? UprightPhoto(picture, fraction, width: width, height: height, orientation: orientation)
        captured = container.exif?.captured
        camera = container.exif?.camera
        orientationDoubt = container.orientationDoubt
    }
}

extension Picture {
    /// Decodes the upright picture of a file, or a part of the reduced picture, in this process.
    init(decoding container: ContainerInfo, _ reduction: Reduction, _ part: Box?) throws {
        self = try container.coded.withUnsafeBytes { raw in
            try Vips.picture(
                .damaged, "the file is cut off or damaged", nextStep: "copy it from the camera again"
            ) { pixels, error in
                container.withReadOptions {
                    curare_vips_decode(
                        raw.baseAddress, raw.count, $0, Int32(reduction.rawValue), CurareWindow(part), pixels, error)
                }
            }
        }
    }
}

extension CurareWindow {
    fileprivate init(_ part: Box?) {
        self.init()
        guard let part else { return }
        left = Int32(part.x)
        top = Int32(part.y)
        width = Int32(part.width)
        height = Int32(part.height)
    }
}

/// The largest file and the largest picture that are decoded.
public struct DecodingLimits: Hashable, Sendable {
    public let pixels: Int
    public let bytes: Int

    /// The default limits are 250 megapixels and 200 MB.
    public init(pixels: Int = 250_000_000, bytes: Int = 200_000_000) {
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

    /// The memory and the processor time that a process may use to decode a photo.
    var budget: DecodingBudget { DecodingBudget(pixelLimit: pixels) }
}

/// The properties of a picture in the header of its file.
struct PhotoHeader: Codable, Sendable {
    /// Size of the stored picture, before any rotation.
    let width, height: Int
    /// Number of channels, including alpha.
    let bands: Int
    /// EXIF orientation, 1…8; 1 if the decoder rotates the picture itself.
    let orientation: Int
    /// Name of the libvips class that reads the format.
    let loader: String

    /// Reads the header in this process.
    init(_ container: ContainerInfo) throws {
        var header = CurareHeader()
        let (code, message) = Self.failure(of: container)
        try container.coded.withUnsafeBytes { raw in
            try Vips.call(code, message, nextStep: "copy it from the camera again, or convert it to JPEG") { error in
                container.withReadOptions { curare_vips_header(raw.baseAddress, raw.count, $0, &header, error) }
            }
        }
        loader = withUnsafeBytes(of: header.loader) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        width = Int(header.width)
        height = Int(header.height)
        bands = Int(header.bands)
        orientation = Int(header.orientation)
    }

    /// Returns the error for a file of this container whose header cannot be read.
    private static func failure(of container: ContainerInfo) -> (ImagingError.Code, String) {
        if container.kind == .dng { return (.notAPhoto, "the DNG has no preview that can be decoded") }
        if container.hasKnownSignature {
            return (.damaged, "the file is cut off or damaged, or uses a rare variant of its format")
        }
        return (.notAPhoto, "the file is not a JPEG, HEIC, AVIF, PNG, TIFF, WebP, PNM or DNG")
    }

    /// The largest number of channels: four of CMYK, and transparency.
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
