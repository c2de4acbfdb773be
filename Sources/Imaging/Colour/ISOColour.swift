/// The colours that a HEIC or AVIF describes by numbers (`colr` of kind `nclx`, ISO 23091-2) instead of by a profile; libvips passes over them.
struct ISOColour {
    /// The profile that means the same; nil where the numbers say sRGB, nothing, something else than a screen's curve, or not all the same.
    let profile: [UInt8]?

    /// Boxes of properties stand before the pixels.
    private static let reach = 1 << 16
    private static let kinds: [Int: Chromaticities?] = [
        12: Chromaticities([0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060]),
        9: Chromaticities([0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046]),
    ]
    /// BT.709 and its like, sRGB: on a screen these are shown by the sRGB curve.
    private static let curves: Set<Int> = [1, 6, 13, 14, 15]

    init(_ reader: ByteReader) {
        var found: Set<[Int]> = []
        let end = min(reader.count, Self.reach)
        for place in stride(from: 0, to: end, by: 1)
        where reader.big32(place) == 0x636f_6c72 && reader.text(place + 4, 4) == "nclx" {
            if let primaries = reader.number(place + 8, 2, isLittle: false),
                let curve = reader.number(place + 10, 2, isLittle: false)
            {
                found.insert([primaries, curve])
            }
        }
        guard found.count == 1, let numbers = found.first, Self.curves.contains(numbers[1]),
            let primaries = Self.kinds[numbers[0]] ?? nil
        else {
            profile = nil
            return
        }
        profile = MatrixProfile(primaries: primaries, power: nil).bytes
    }
}
