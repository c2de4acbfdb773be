import CExif

/// A photo decoded once, whole or at a fraction of its sides: its upright picture, and what its file says of itself.
public struct DecodedPhoto: Sendable {
    public let upright: UprightPhoto
    public let format: Format
    /// The EXIF orientation, 1…8, that the picture was turned by; 1 for HEIC and AVIF, which say in their own words how they are turned.
    public let orientation: Int
    /// `YYYY-MM-DDTHH:MM:SS` by the camera's clock; nil where the file says nothing sensible.
    public let captured: String?
    /// Make and model; nil where the file says nothing sensible.
    public let camera: String?

    public var picture: Picture { upright.picture }

    /// Decodes `bytes`: upright, on white, 8-bit sRGB.
    ///
    /// - Parameter reduction: what a photo of this upright width and height is decoded at; whole unless said otherwise. What it throws refuses the photo before it is decoded.
    /// - Throws: ``ImagingError`` for whatever gives no whole picture within `limits`.
    public init(
        _ bytes: [UInt8], limits: DecodingLimits = DecodingLimits(),
        reduction: (Int, Int) throws -> Reduction = { _, _ in .whole }
    ) throws {
        try self.init(bytes, limits: limits, apart: ApartDecoding.offered, reduction: reduction)
    }

    /// - Parameter apart: decodes all but JPEG, PNG and PNM in processes of their own; nil decodes everything in this one.
    init(
        _ bytes: [UInt8], limits: DecodingLimits, apart: ApartDecoding?,
        reduction: (Int, Int) throws -> Reduction = { _, _ in .whole }
    ) throws {
        guard !bytes.isEmpty else {
            throw ImagingError(.empty, "the file is empty", next: "copy it from the camera again")
        }
        guard bytes.count <= limits.bytes else {
            throw ImagingError(
                .tooManyBytes, "the file has \(bytes.count) bytes, more than the limit of \(limits.bytes)",
                next: "raise the limit with --max-bytes if it is a photo")
        }
        let contents = Contents(bytes)
        guard contents.kind != .raw else {
            throw ImagingError(
                .notAPhoto, "the file is a camera's raw file, of a kind that is not read here",
                next: "convert it to DNG or JPEG")
        }
        // Other codecs may crash, or take a small file for a huge picture, without taking this process along.
        let apart = !contents.isCommon ? try apart?.open(bytes, limits) : nil
        let header = try apart?.header ?? PhotoHeader(bytes, contents)
        guard let format = Format(loader: header.loader, contents.kind) else {
            throw ImagingError(
                .notAPhoto, "the file is of a kind that is not read here (\(header.loader))",
                next: "convert it to JPEG or PNG")
        }
        guard header.width > 0, header.height > 0, header.width <= limits.pixels / header.height else {
            throw ImagingError(
                .tooManyPixels,
                "the picture is \(header.width) × \(header.height), more than the limit of \(limits.pixels) pixels",
                next: "raise the limit with --max-pixels if it is a photo")
        }
        guard header.bands <= Self.mostBands else {
            throw ImagingError(
                .notAPhoto, "the picture has \(header.bands) channels",
                next: "a photo has at most four and transparency; convert it")
        }
        guard contents.kind != .dng || max(header.width, header.height) >= Self.smallestPreview else {
            throw ImagingError(
                .notAPhoto, "the DNG's largest preview is \(header.width) × \(header.height), too small for a photo",
                next: "convert it to JPEG")
        }
        let (width, height) = header.orientation > 4 ? (header.height, header.width) : (header.width, header.height)
        let fraction = try reduction(width, height)
        let picture = Picture(try apart?.pixels(fraction) ?? VipsPixels(decoding: bytes, contents, fraction))
        self.format = format
        orientation = header.orientation
        upright = UprightPhoto(picture, fraction, width: width, height: height, orientation: orientation)
        (captured, camera) = Self.tags(
            header.exif ?? (format == .tiff || format == .dng ? Array("Exif\0\0".utf8) + bytes : []))
    }

    /// CMYK and transparency.
    private static let mostBands = 5
    /// Pixels of the longer side. A raw file's thumbnail is no photo.
    private static let smallestPreview = 512

    /// Capture time and camera out of an EXIF block, believed only where they have the right form.
    private static func tags(_ exif: [UInt8]) -> (captured: String?, camera: String?) {
        guard !exif.isEmpty else { return (nil, nil) }
        var captured = [CChar](repeating: 0, count: 32)
        var make = [CChar](repeating: 0, count: 64)
        var model = [CChar](repeating: 0, count: 64)
        curare_exif_read(exif, exif.count, &captured, &make, &model)
        let parts = [make, model].map(clean).filter { !$0.isEmpty }
        return (time(clean(captured)), parts.isEmpty ? nil : parts.joined(separator: " "))
    }

    private static func clean(_ text: [CChar]) -> String {
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter { (32...126).contains($0) }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }

    /// `YYYY:MM:DD HH:MM:SS` as ISO 8601.
    private static func time(_ text: String) -> String? {
        let numbers = text.split(whereSeparator: { $0 == ":" || $0 == " " }).map { Int($0) }
        guard text.utf8.count == 19, numbers.count == 6, let year = numbers[0], let month = numbers[1],
            let day = numbers[2],
            let hour = numbers[3], let minute = numbers[4], let second = numbers[5], (1826...9999).contains(year),
            (1...12).contains(month),
            (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let characters = Array(text)
        return
            "\(String(characters[0..<4]))-\(String(characters[5..<7]))-\(String(characters[8..<10]))T\(String(characters[11..<19]))"
    }
}
