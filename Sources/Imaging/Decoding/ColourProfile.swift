import CColour

/// An ICC profile for a file that describes its colours by numbers instead of embedding a profile. libvips ignores
/// such descriptions; the decoder attaches this profile instead.
enum ColourProfile {
    /// Bytes of the profile of an RGB display.
    ///
    /// - Parameter gamma: the exponent of the tone curves; nil selects the sRGB curve.
    /// - Returns: nil if lcms2 rejects the chromaticities. The pixels are then read as sRGB, as with a damaged profile.
    static func rgb(_ chromaticities: Chromaticities, gamma: Double?) -> [UInt8]? {
        built { curare_colour_rgb_profile(chromaticities.coordinates, gamma ?? 0, $0) }
    }

    /// Bytes of the profile of a grey scale. Parameters and result are as in ``rgb(_:gamma:)``.
    static func grey(gamma: Double) -> [UInt8]? {
        built { curare_colour_grey_profile(gamma, $0) }
    }

    private static func built(_ write: (UnsafeMutablePointer<UInt8>?) -> Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(CURARE_PROFILE_CAPACITY)) { buffer, count in
            count = write(buffer.baseAddress)
        }
        return bytes.isEmpty ? nil : bytes
    }
}

extension ColourProfile {
    /// The profile that the chunks `cICP`, or `gAMA` and `cHRM`, of a PNG describe.
    ///
    /// A `cICP` chunk is ignored in a grey picture, or if its primaries are unknown, or if its curve is not that of a
    /// display.
    ///
    /// - Returns: `profile` is nil if the chunks describe sRGB or no profile, or if the embedded profile has priority.
    ///   `replacesEmbedded` is whether `cICP` describes the colours; an embedded profile is then ignored.
    static func ofPNG(_ reader: ByteReader, _ chunks: Chunks) -> (profile: [UInt8]?, replacesEmbedded: Bool) {
        guard let type = reader.number(25, 1, isLittle: false) else { return (nil, false) }
        let isGrey = type == 0 || type == 4
        let described = chunks.list.prefix { $0.name != "IDAT" }
        // The PNG standard, third edition, gives cICP priority over an embedded profile.
        if let body = described.first(where: { $0.name == "cICP" })?.body, !isGrey,
            let primaries = reader.number(body.lowerBound, 1, isLittle: false),
            let curve = reader.number(body.lowerBound + 1, 1, isLittle: false), displayCurves.contains(curve),
            let space = Chromaticities(codedAs: primaries)
        {
            return (space == .sRGB ? nil : rgb(space, gamma: nil), true)
        }
        var gammaChunk: Int?
        var primaries: Chromaticities?
        for chunk in described {
            switch chunk.name {
            // An embedded profile or a named colour space has priority over numbers.
            case "iCCP", "sRGB": return (nil, false)
            case "gAMA": gammaChunk = reader.big32(chunk.body.lowerBound)
            case "cHRM":
                let values = (0..<8).compactMap {
                    reader.big32(chunk.body.lowerBound + 4 * $0).map { Double($0) / 100_000 }
                }
                primaries = Chromaticities(values)
            default: break
            }
        }
        if primaries?.isNearly(.sRGB) == true { primaries = nil }
        let gamma = gammaChunk.flatMap(exponent)
        if isGrey { return (gamma.flatMap(grey), false) }
        if gamma == nil, primaries == nil { return (nil, false) }
        return (rgb(primaries ?? .sRGB, gamma: gamma), false)
    }

    /// The `gAMA` value that the PNG standard recommends for the sRGB curve: 1/2.2, in 1/100,000.
    private static let sRGBGamma = 45_455

    /// The exponent of the tone curve for a `gAMA` value; nil for the sRGB curve and for values that are not plausible.
    private static func exponent(ofGammaChunk gamma: Int) -> Double? {
        guard (10_000...500_000).contains(gamma), abs(gamma - sRGBGamma) > 500 else { return nil }
        return 100_000 / Double(gamma)
    }

    /// The profile that a `colr` box of type `nclx` (ISO 23091-2) in a HEIC or AVIF describes.
    ///
    /// - Returns: nil if the box describes sRGB, unknown primaries, or a curve that is not a display's. If the file has
    ///   several `colr` boxes that contradict each other, the box of the main picture counts; nil if the main picture
    ///   has no box of its own.
    static func ofISOMedia(_ reader: ByteReader, _ media: ISOMedia) -> [UInt8]? {
        var found: Set<[Int]> = []
        for position in 0..<min(reader.count, searchedBytes) where reader.big32(position) == 0x636f_6c72 {
            if let codes = ISOMedia.codes(reader, at: position) { found.insert(codes) }
        }
        guard let codes = found.count == 1 ? found.first : media.colours, displayCurves.contains(codes[1]),
            let space = Chromaticities(codedAs: codes[0]), space != .sRGB
        else { return nil }
        return rgb(space, gamma: nil)
    }

    /// Property boxes precede the pixels, so a search of the first bytes is enough.
    private static let searchedBytes = 1 << 16
    /// Transfer characteristics of BT.709, its equivalents, and sRGB. Displays show all of them with the sRGB curve.
    private static let displayCurves: Set<Int> = [1, 6, 13, 14, 15]
}

/// The white point and the three primaries of an RGB colour space in the CIE 1931 diagram.
struct Chromaticities: Equatable {
    /// x and y of white, red, green and blue.
    let coordinates: [Double]

    static let sRGB = Chromaticities(unchecked: [0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06])
    static let displayP3 = Chromaticities(unchecked: [0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060])
    static let bt2020 = Chromaticities(unchecked: [0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046])

    /// - Parameter code: a number of ISO/IEC 23091-2, section 8.1.
    /// - Returns: nil if the code is neither BT.709 (and sRGB), BT.2020 nor Display P3.
    init?(codedAs code: Int) {
        switch code {
        case 1: self = .sRGB
        case 9: self = .bt2020
        case 12: self = .displayP3
        default: return nil
        }
    }

    private init(unchecked coordinates: [Double]) {
        self.coordinates = coordinates
    }

    /// - Returns: nil unless there are eight coordinates, the primaries form a triangle, and white is inside it.
    init?(_ coordinates: [Double]) {
        guard coordinates.count == 8, coordinates.allSatisfy({ (0.0...1.0).contains($0) }),
            stride(from: 1, to: 8, by: 2).allSatisfy({ coordinates[$0] > 0.001 })
        else { return nil }
        self.init(unchecked: coordinates)
        let triangle = doubledArea(1, 2, 3)
        guard abs(triangle) > 1e-6,
            doubledArea(0, 2, 3) / triangle > 0, doubledArea(1, 0, 3) / triangle > 0,
            doubledArea(1, 2, 0) / triangle > 0
        else { return nil }
    }

    func isNearly(_ other: Chromaticities) -> Bool {
        zip(coordinates, other.coordinates).allSatisfy { abs($0 - $1) < 0.002 }
    }

    /// Twice the signed area of the triangle of three points, given by their indices.
    private func doubledArea(_ a: Int, _ b: Int, _ c: Int) -> Double {
        let x = (coordinates[2 * b] - coordinates[2 * a], coordinates[2 * c] - coordinates[2 * a])
        let y = (coordinates[2 * b + 1] - coordinates[2 * a + 1], coordinates[2 * c + 1] - coordinates[2 * a + 1])
        return x.0 * y.1 - x.1 * y.0
    }
}
