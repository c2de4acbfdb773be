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

/// Properties of a file that its codec does not report, read from the file's bytes without decoding.
///
/// The work is bounded by the number of directory entries, segments, boxes or chunks.
struct ContainerInfo {
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
    /// Whether the file is a JPEG or PNG whose decoder needs work in proportion to the pixels and memory for some rows,
    /// whatever the coded pixels are. Such a file is decoded in this process.
    let isPlain: Bool
    /// Whether the inks of a CMYK JPEG are stored without inversion, because Adobe's marker is missing.
    let hasPlainInks: Bool
    /// Whether the file begins with the signature of a supported format. If such a file has no readable header, the
    /// file is damaged.
    let hasKnownSignature: Bool
    /// A damage that the decoder does not report; nil if none is known.
    let damage: String?
    /// The EXIF block that counts; nil if the file has none.
    let exif: EXIFBlock?
    /// The identifying metadata of all EXIF blocks.
    let identifying: Set<IdentifyingMetadata>
    /// EXIF 1…8 by which the picture is rotated; nil if the loader reports the orientation.
    let orientation: Int?
    let orientationDoubt: OrientationDoubt?
    /// The bytes that the codec reads.
    let coded: [UInt8]

    init(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes)
        let tiff = TIFFDirectory(reader)
        kind = tiff.map { $0.isDNG ? .dng : $0.isRaw ? .raw : .usual } ?? Self.kind(ofBrands: reader)
        var blocks: [Range<Int>] = []
        var changed: [UInt8]?
        var isUpright = false
        var doubt: OrientationDoubt?
        var damage: String?
        var isPlainPNG = false
        let jpeg = JPEGSegments(reader)
        if let jpeg {
            blocks = jpeg.exif
            profile = nil
        } else if Chunks.isPNG(reader) {
            let chunks = Chunks(png: reader)
            blocks = chunks.first("eXIf").map { [Self.withoutSignature($0.body, reader)] } ?? []
            let described = ColourProfile.ofPNG(reader, chunks)
            profile = described.profile
            damage = chunks.first("IEND") == nil ? "the end of the file is missing" : nil
            isPlainPNG = chunks.isPlainPNG(reader)
            changed = chunks.leanPNG(bytes, hasOwnProfile: described.replacesEmbedded)
        } else if Chunks.isWebP(reader) {
            let chunks = Chunks(webP: reader)
            blocks = chunks.first("EXIF").map { [Self.withoutSignature($0.body, reader)] } ?? []
            changed = chunks.webPWithoutEXIF(bytes)
            damage = chunks.endsInZeros(webP: bytes) ? "a part of the coded pixels is zero" : nil
            profile = nil
        } else if ISOMedia.isISOMedia(reader) {
            let media = ISOMedia(reader)
            blocks = media.exif.map { [$0] } ?? []
            changed = media.readable(bytes)
            profile = ColourProfile.ofISOMedia(reader, media)
            isUpright = true
            let turn = media.exif.flatMap { EXIFBlock(reader, in: $0).orientation } ?? 1
            doubt = turn != 1 && !media.isTurned ? .notRotated : nil
        } else {
            if tiff != nil { blocks = [0..<bytes.count] }
            profile = nil
        }
        let read = blocks.map { EXIFBlock(reader, in: $0) }
        exif = EXIFBlock.best(of: read)
        identifying = read.reduce(into: []) { $0.formUnion($1.identifying) }
        // libtiff reads the orientation of a TIFF or DNG.
        orientation = isUpright ? 1 : tiff != nil ? nil : exif?.orientation ?? 1
        orientationDoubt = isUpright || tiff != nil ? doubt : Self.doubt(about: read)
        isPlain = jpeg?.isPlain ?? isPlainPNG
        hasPlainInks = jpeg?.hasPlainInks ?? false
        hasKnownSignature =
            jpeg != nil || Chunks.isPNG(reader) || Chunks.isWebP(reader)
            || (kind != .raw && (Self.isTIFF(reader) || Self.isPicture(ofBrands: reader)))
        coded = changed ?? bytes
        self.damage = damage
    }

    /// Calls `body` with the options for the decoder.
    func withReadOptions(_ body: (CurareReadOptions) -> Int32) -> Int32 {
        var options = CurareReadOptions()
        options.is_dng = kind == .dng ? 1 : 0
        options.is_inverted = hasPlainInks ? 1 : 0
        options.orientation = Int32(orientation ?? 0)
        guard let profile else { return body(options) }
        return profile.withUnsafeBufferPointer {
            options.profile = $0.baseAddress
            options.profile_size = $0.count
            return body(options)
        }
    }

    private static func doubt(about blocks: [EXIFBlock]) -> OrientationDoubt? {
        let readable = blocks.filter(\.isReadable)
        if readable.isEmpty { return blocks.isEmpty ? nil : .unreadableEXIF }
        return Set(readable.compactMap(\.orientation)).count > 1 ? .contradictoryEXIF : nil
    }

    /// Returns the EXIF block without the signature that JPEGs use, which some programs write to other formats too.
    private static func withoutSignature(_ range: Range<Int>, _ reader: ByteReader) -> Range<Int> {
        range.count > 6 && reader.text(range.lowerBound, 4) == "Exif"
            ? range.lowerBound + 6..<range.upperBound : range
    }

    private static func isTIFF(_ reader: ByteReader) -> Bool {
        ["II*\0", "MM\0*"].contains(reader.text(0, 4) ?? "")
    }

    /// Whether the brands of an ISO media file are brands of pictures that libheif reads.
    private static func isPicture(ofBrands reader: ByteReader) -> Bool {
        let brands = ["heic", "heix", "hevc", "heim", "heis", "hevm", "hevs", "mif1", "msf1", "avif", "avis"]
        return reader.text(4, 4) == "ftyp" && brands.contains(reader.text(8, 4) ?? "")
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
