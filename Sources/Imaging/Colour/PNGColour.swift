/// The colours that a PNG describes by numbers (`gAMA`, `cHRM`) instead of by a profile or as sRGB; libvips passes over these chunks.
struct PNGColour {
    /// The profile that means the same; nil where the numbers say sRGB, or nothing.
    let profile: [UInt8]?

    /// A file's gamma that is the sRGB curve's by the PNG standard, 1/2.2, in 100,000ths.
    private static let usualGamma = 45_455

    /// Nil for whatever is no PNG.
    init?(_ reader: ByteReader) {
        guard reader.big32(0) == 0x8950_4e47, reader.text(12, 4) == "IHDR",
            let type = reader.number(25, 1, isLittle: false)
        else { return nil }
        var gamma: Int?
        var primaries: Chromaticities?
        var place = 8
        chunks: while let length = reader.big32(place), let name = reader.text(place + 4, 4) {
            switch name {
            // A profile, or sRGB by name, comes first.
            case "iCCP", "sRGB", "cICP":
                profile = nil
                return
            case "gAMA": gamma = reader.big32(place + 8)
            case "cHRM":
                let numbers = (0..<8).compactMap { reader.big32(place + 8 + 4 * $0).map { Double($0) / 100_000 } }
                primaries = Chromaticities(numbers)
            case "IDAT", "IEND": break chunks
            default: break
            }
            place += 12 + length
        }
        let isGrey = type == 0 || type == 4
        if primaries?.isNearly(.sRGB) == true { primaries = nil }
        let power: Double? = gamma.flatMap {
            (10_000...500_000).contains($0) && abs($0 - Self.usualGamma) > 500 ? 100_000 / Double($0) : nil
        }
        if power == nil, primaries == nil || isGrey {
            profile = nil
        } else {
            profile = MatrixProfile(primaries: isGrey ? nil : primaries ?? .sRGB, power: power).bytes
        }
    }
}
