import CVips

extension DecodedPhoto {
    /// The format of a photo, determined from the bytes and not from the file name. The raw value is the suffix of the
    /// stored file in a workspace, except that `jpeg` is stored as `jpg`.
    public enum Format: String, CaseIterable, Sendable {
        case jpeg, png, tiff, webp, pnm, heic, avif, dng

        /// - Parameter loader: the name of the libvips class that reads the bytes.
        init?(loader: String, _ kind: ContainerInfo.Kind) {
            let loaders = [
                ("Jpeg", Format.jpeg), ("Png", .png), ("Tiff", kind == .dng ? .dng : .tiff), ("Webp", .webp),
                ("Ppm", .pnm), ("Heif", kind == .avif ? .avif : .heic),
            ]
            for (name, format) in loaders where loader.hasPrefix("VipsForeignLoad\(name)") {
                self = format
                return
            }
            return nil
        }

        /// File name suffixes of this format in lower case; the first is the usual one.
        public var suffixes: [String] {
            switch self {
            case .jpeg: ["jpg", "jpeg", "jpe", "jfif", "jif", "mpo"]
            case .png: ["png", "apng"]
            case .tiff: ["tif", "tiff"]
            case .webp: ["webp"]
            case .pnm: ["ppm", "pnm", "pgm", "pbm", "pam", "pfm"]
            case .heic: ["heic", "heif", "hif", "heics", "heifs"]
            case .avif: ["avif", "avifs", "heif", "hif"]
            case .dng: ["dng"]
            }
        }

        /// Returns whether the suffix of a file name fits this format. A name without a suffix fits every format.
        public func matchesSuffix(of file: String) -> Bool {
            let name = file.split(separator: "/").last ?? ""
            guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name.index(after: dot) != name.endIndex
            else { return true }
            return suffixes.contains(name[name.index(after: dot)...].lowercased())
        }
    }
}

/// Properties of a file that libvips does not report, read from the file's first bytes without decoding.
///
/// The work is bounded by the number of directory entries or chunks.
struct ContainerInfo: Equatable {
    enum Kind: Equatable {
        /// The loader that libvips chooses decides the format.
        case usual
        case avif
        /// Adobe's raw format. The largest preview in the file is the photo.
        case dng
        /// The raw format of a camera manufacturer, which is not supported.
        case raw
    }

    let kind: Kind
    /// An ICC profile for colours that a PNG, HEIC or AVIF describes by numbers.
    let profile: [UInt8]?
    /// Whether the format is JPEG, PNG or PNM. Their codecs are mature, so such files are decoded in this process.
    let isCommon: Bool
    /// Whether the inks of a CMYK JPEG are stored without inversion, because Adobe's marker is missing.
    let hasPlainInks: Bool

    init(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes)
        let isISOMedia = reader.text(4, 4) == "ftyp"
        isCommon =
            reader.number(0, 3, isLittle: false) == 0xff_d8ff || reader.big32(0) == 0x8950_4e47
            || reader.text(0, 1) == "P"
        hasPlainInks = JPEGSegments(reader)?.hasPlainInks ?? false
        profile = isISOMedia ? ColourProfile.ofISOMedia(reader) : ColourProfile.ofPNG(reader)
        if let tiff = TIFFDirectory(reader) {
            kind = tiff.isDNG ? .dng : tiff.isRaw ? .raw : .usual
        } else {
            kind = Self.kind(ofBrands: reader)
        }
    }

    /// Calls `body` with the options for libvips.
    func withReadOptions(_ body: (CurareReadOptions) -> Int32) -> Int32 {
        var options = CurareReadOptions(
            is_dng: kind == .dng ? 1 : 0, is_inverted: hasPlainInks ? 1 : 0, profile: nil, profile_size: 0)
        guard let profile else { return body(options) }
        return profile.withUnsafeBufferPointer {
            options.profile = $0.baseAddress
            options.profile_size = $0.count
            return body(options)
        }
    }

    /// Returns the kind of an ISO media file. Its first box, `ftyp`, lists four-letter brands: the major brand, a
    /// version, and all compatible brands.
    private static func kind(ofBrands reader: ByteReader) -> Kind {
        guard reader.text(4, 4) == "ftyp", let length = reader.big32(0), let major = reader.text(8, 4) else {
            return .usual
        }
        let compatible = stride(from: 16, to: min(length, 256), by: 4).compactMap { reader.text($0, 4) }
        switch major {
        case "crx ": return .raw
        case "avif", "avis": return .avif
        case "mif1", "msf1": return compatible.contains("avif") && !compatible.contains("heic") ? .avif : .usual
        default: return .usual
        }
    }
}

/// The segments of a JPEG before its first scan, which show how the inks of a CMYK picture are stored.
struct JPEGSegments {
    /// Whether there are four channels and no Adobe marker. Adobe's programs store inks inverted; the standard does
    /// not.
    let hasPlainInks: Bool

    /// - Returns: nil if the bytes are not a JPEG.
    init?(_ reader: ByteReader) {
        guard reader.number(0, 3, isLittle: false) == 0xff_d8ff else { return nil }
        var position = 2
        var channels = 0
        var hasAdobeMarker = false
        while reader.number(position, 1, isLittle: false) == 0xff,
            let marker = reader.number(position + 1, 1, isLittle: false)
        {
            // A marker may be preceded by any number of 0xff bytes.
            if marker == 0xff {
                position += 1
                continue
            }
            guard marker != 0xda, let length = reader.number(position + 2, 2, isLittle: false) else { break }
            switch marker {
            case 0xee: hasAdobeMarker = hasAdobeMarker || reader.text(position + 4, 5) == "Adobe"
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                channels = reader.number(position + 9, 1, isLittle: false) ?? 0
            default: break
            }
            position += 2 + length
        }
        hasPlainInks = channels == 4 && !hasAdobeMarker
    }
}

/// The entries of a TIFF's first directory that distinguish a picture from a camera's raw file.
struct TIFFDirectory {
    /// Whether the directory contains the tag DNGVersion.
    let isDNG: Bool
    /// Whether the file is a raw file other than DNG. Such a file begins with a thumbnail or has a manufacturer's mark.
    /// A TIFF decoder would return only the thumbnail.
    let isRaw: Bool

    private static let newSubfileType = 254
    private static let subDirectories = 330
    private static let dngVersion = 50_706

    /// - Returns: nil if the bytes are not a TIFF, or end before the directory.
    init?(_ reader: ByteReader) {
        guard let mark = reader.text(0, 2), mark == "II" || mark == "MM" else { return nil }
        let isLittle = mark == "II"
        guard reader.number(2, 2, isLittle: isLittle) == 42, let start = reader.number(4, 4, isLittle: isLittle),
            let count = reader.number(start, 2, isLittle: isLittle)
        else { return nil }
        var tags: Set<Int> = []
        var isThumbnail = false
        for index in 0..<count {
            let entry = start + 2 + 12 * index
            guard let tag = reader.number(entry, 2, isLittle: isLittle),
                let value = reader.number(entry + 8, 4, isLittle: isLittle)
            else { break }
            tags.insert(tag)
            if tag == Self.newSubfileType { isThumbnail = (value & 1) == 1 }
        }
        isDNG = tags.contains(Self.dngVersion)
        isRaw = !isDNG && (reader.text(8, 2) == "CR" || isThumbnail && tags.contains(Self.subDirectories))
    }
}

/// A reader of numbers and texts at offsets in a byte array. Every function returns nil beyond the end.
struct ByteReader {
    private let bytes: [UInt8]
    var count: Int { bytes.count }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func number(_ offset: Int, _ size: Int, isLittle: Bool) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let part = bytes[offset..<offset + size]
        return isLittle ? part.reversed().reduce(0) { ($0 << 8) | Int($1) } : part.reduce(0) { ($0 << 8) | Int($1) }
    }

    func big32(_ offset: Int) -> Int? { number(offset, 4, isLittle: false) }

    func text(_ offset: Int, _ size: Int) -> String? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        return String(decoding: bytes[offset..<offset + size], as: UTF8.self)
    }
}
