/// The first directory of a TIFF, of which only those entries are kept that tell a picture from a camera's raw file.
struct TIFFStart {
    /// A DNG says its version.
    let isDNG: Bool
    /// Other raw files begin with a thumbnail, or with their maker's mark. Read as a TIFF they would give that thumbnail.
    let isRaw: Bool

    private static let newSubfileType = 254, subDirectories = 330, dngVersion = 50_706

    /// Nil for whatever is no TIFF, or a cut-off one.
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
            if tag == Self.newSubfileType { isThumbnail = value & 1 == 1 }
        }
        isDNG = tags.contains(Self.dngVersion)
        isRaw = !isDNG && (reader.text(8, 2) == "CR" || isThumbnail && tags.contains(Self.subDirectories))
    }
}
