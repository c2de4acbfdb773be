/// The segments of a JPEG before its first scan, as far as they tell how inks are stored.
struct JPEGStart {
    /// Four channels and no marker of Adobe's: the standard then means inks as they are, where Adobe's programs store them inverted.
    let hasPlainInks: Bool

    /// Nil for whatever is no JPEG.
    init?(_ reader: ByteReader) {
        guard reader.number(0, 3, isLittle: false) == 0xff_d8ff else { return nil }
        var place = 2
        var channels = 0
        var isAdobes = false
        while reader.number(place, 1, isLittle: false) == 0xff,
            let marker = reader.number(place + 1, 1, isLittle: false)
        {
            // Any number of 0xff may stand before a marker.
            if marker == 0xff {
                place += 1
                continue
            }
            guard marker != 0xda, let length = reader.number(place + 2, 2, isLittle: false) else { break }
            switch marker {
            case 0xee: isAdobes = isAdobes || reader.text(place + 4, 5) == "Adobe"
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                channels = reader.number(place + 9, 1, isLittle: false) ?? 0
            default: break
            }
            place += 2 + length
        }
        hasPlainInks = channels == 4 && !isAdobes
    }
}
