/// The segments of a JPEG before its first scan.
struct JPEGSegments {
    /// Whether there are four channels and no Adobe marker. Adobe's programs store inks inverted; the standard does
    /// not.
    let hasPlainInks: Bool
    /// Whether decoding takes little work and memory, whatever the coded pixels are: one baseline scan with all one or
    /// three channels, in which each row is decoded once, and a short colour profile.
    let isPlain: Bool
    /// The EXIF blocks, without their signature.
    let exif: [Range<Int>]

    /// The largest number of segments that are read. Photos have about twenty.
    private static let maximumSegments = 4096
    private static let maximumBlocks = 8
    /// Largest total size, in bytes, of the segments that may hold a colour profile in a plain JPEG.
    private static let maximumProfile = 1 << 20

    private enum Marker {
        static let baseline = 0xc0
        static let extended = 0xc1
        static let startOfScan = 0xda
        static let exif = 0xe1
        static let profile = 0xe2
        static let adobe = 0xee
    }

    static func isJPEG(_ reader: ByteReader) -> Bool { reader.number(0, 3, isLittle: false) == 0xff_d8ff }

    /// - Returns: nil if the bytes are not a JPEG.
    init?(_ reader: ByteReader) {
        guard Self.isJPEG(reader) else { return nil }
        var channels = 0
        var hasAdobeMarker = false
        var isBaseline = false
        var isSingleScan = false
        var profile = 0
        var exif: [Range<Int>] = []
        var position = 2
        for _ in 0..<Self.maximumSegments {
            guard let (start, marker) = Self.marker(reader, from: position),
                let length = reader.number(start + 2, 2, isLittle: false), length >= 2
            else { break }
            let body = start + 4
            switch marker {
            case Marker.startOfScan: isSingleScan = reader.number(body, 1, isLittle: false) == channels
            case Marker.exif:
                let end = min(start + 2 + length, reader.count)
                if reader.text(body, 4) == "Exif", end > body + 6, exif.count < Self.maximumBlocks {
                    exif.append(body + 6..<end)
                }
            case Marker.profile: profile += length
            case Marker.adobe: hasAdobeMarker = hasAdobeMarker || reader.text(body, 5) == "Adobe"
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                channels = reader.number(body + 5, 1, isLittle: false) ?? 0
                isBaseline = marker == Marker.baseline || marker == Marker.extended
            default: break
            }
            if marker == Marker.startOfScan { break }
            position = start + 2 + length
        }
        hasPlainInks = channels == 4 && !hasAdobeMarker
        isPlain = isBaseline && isSingleScan && (channels == 1 || channels == 3) && profile <= Self.maximumProfile
        self.exif = exif
    }

    /// Returns the next marker that begins a segment, and the position of its last 0xff byte.
    ///
    /// Other bytes before a marker are skipped, as libjpeg skips them. Some programs pad segments with zeros.
    private static func marker(_ reader: ByteReader, from position: Int) -> (start: Int, marker: Int)? {
        var position = position
        while let byte = reader.number(position, 1, isLittle: false),
            let next = reader.number(position + 1, 1, isLittle: false)
        {
            // A marker may be preceded by any number of 0xff bytes. Some markers have no segment.
            let isSegment = byte == 0xff && next != 0xff && next != 0 && next != 1 && !(0xd0...0xd9).contains(next)
            if isSegment { return (position, next) }
            if byte == 0xff, next == 0xd9 { return nil }
            position += 1
        }
        return nil
    }
}
