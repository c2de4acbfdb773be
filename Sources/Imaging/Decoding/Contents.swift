import CVips

/// What a file's bytes say of themselves beyond what libvips looks at: told from its first bytes, its size and nothing else, never
/// trusted further than that. Pure, and bounded by the number of directory entries or chunks.
struct Contents: Equatable {
    enum Kind: Equatable {
        /// Whatever libvips finds it to be.
        case usual
        case avif
        /// Adobe's raw format: its preview is the photo.
        case dng
        /// A camera maker's own raw format.
        case raw
    }

    let kind: Kind
    /// Colours that a PNG, HEIC or AVIF describes by numbers instead of a profile.
    let profile: [UInt8]?

    /// Whether it is of the family of HEIC and AVIF, which clips belong to as well.
    let isISOMedia: Bool
    /// JPEG, PNG and PNM, by their first bytes: what cameras write most, in codecs that are old and plain.
    let isCommon: Bool
    /// Whether a JPEG's four inks are stored as they are, without Adobe's marker.
    let hasPlainInks: Bool

    init(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes)
        isISOMedia = reader.text(4, 4) == "ftyp"
        isCommon =
            reader.number(0, 3, isLittle: false) == 0xff_d8ff || reader.big32(0) == 0x8950_4e47
            || reader.text(0, 1) == "P"
        hasPlainInks = JPEGStart(reader)?.hasPlainInks ?? false
        profile = isISOMedia ? ISOColour(reader).profile : PNGColour(reader)?.profile
        if let tiff = TIFFStart(reader) {
            kind = tiff.isDNG ? .dng : tiff.isRaw ? .raw : .usual
        } else {
            kind = Self.kind(ofBrands: reader)
        }
    }

    /// Calls `body` with what libvips must be told.
    func withReading(_ body: (CurareReading) -> Int32) -> Int32 {
        var reading = CurareReading(
            is_dng: kind == .dng ? 1 : 0, is_inverted: hasPlainInks ? 1 : 0, profile: nil, profile_size: 0)
        guard let profile else { return body(reading) }
        return profile.withUnsafeBufferPointer {
            (reading.profile, reading.profile_size) = ($0.baseAddress, $0.count)
            return body(reading)
        }
    }

    /// ISO media files begin with a box `ftyp` of four-letter brands: the major one, a version, then all that the file may be read as.
    private static func kind(ofBrands reader: ByteReader) -> Kind {
        guard reader.text(4, 4) == "ftyp", let length = reader.big32(0), let major = reader.text(8, 4) else {
            return .usual
        }
        let all = stride(from: 16, to: min(length, 256), by: 4).compactMap { reader.text($0, 4) }
        switch major {
        case "crx ": return .raw
        case "avif", "avis": return .avif
        case "mif1", "msf1": return all.contains("avif") && !all.contains("heic") ? .avif : .usual
        default: return .usual
        }
    }
}
