/// The items of a HEIC or AVIF (ISO/IEC 23008-12) that libheif 1.15 refuses, or that Curare reads itself.
///
/// Since iOS 18 the metadata and the gain map of an iPhone's photo refer to two pictures: to the photo and to a
/// `tmap` item. libheif 1.15 stops at such a reference.
struct ISOMedia {
    /// The EXIF block of the main picture, from its byte order mark.
    let exif: Range<Int>?
    /// Whether the main picture has a box that rotates or mirrors it.
    let isTurned: Bool
    /// Codes of primaries and curve in the main picture's own `colr` box; nil if that has no such codes.
    let colours: [Int]?
    /// Positions of four-letter types that are replaced in the copy that libheif reads.
    private let hidden: [Int]

    private static let maximumItems = 20_000
    private static let maximumBoxes = 60_000

    static func isISOMedia(_ reader: ByteReader) -> Bool { reader.text(4, 4) == "ftyp" }

    init(_ reader: ByteReader) {
        let whole = 0..<reader.count
        guard let meta = Self.boxes(reader, in: whole).first(where: { $0.name == "meta" }) else {
            exif = nil
            isTurned = false
            colours = nil
            hidden = []
            return
        }
        let boxes = Self.boxes(reader, in: meta.afterVersion)
        func box(_ name: String) -> ISOBox? { boxes.first { $0.name == name } }
        let primary = box("pitm").flatMap { reader.number($0.body.lowerBound + 4, $0.version(reader) == 0 ? 2 : 4) }
        let references = box("iref").map { Self.references(reader, $0) } ?? []
        let entries = box("iinf").map { Self.exifItems(reader, $0) } ?? []
        let described = entries.first { entry in
            references.contains { reference in
                reference.name == "cdsc" && reference.from == entry.item
                    && primary.map(reference.targets.contains) ?? false
            }
        }
        exif = described.flatMap { entry in
            box("iloc").flatMap { Self.extent(of: entry.item, reader, $0, box("idat")) }
        }.flatMap { Self.block(reader, in: $0) }
        let properties = primary.map { Self.properties(of: $0, reader, box("iprp")) } ?? []
        // An `irot` of 0° does not rotate, but states that the picture is upright.
        isTurned = properties.contains { ["irot", "imir"].contains($0.name) }
        colours = properties.lazy.compactMap { ISOMedia.codes(reader, at: $0.namePosition) }.first
        let joint = references.filter { $0.targets.count > 1 && ["auxl", "cdsc", "thmb"].contains($0.name) }
        hidden = joint.map(\.namePosition) + entries.map(\.typePosition)
    }

    /// Returns the file as libheif is to read it: without references to several items, and without EXIF, which libvips
    /// would parse. Returns nil if nothing changes.
    func readable(_ bytes: [UInt8]) -> [UInt8]? {
        guard !hidden.isEmpty else { return nil }
        var copy = bytes
        for position in hidden { copy.replaceSubrange(position..<position + 4, with: Array("skip".utf8)) }
        return copy
    }

    // MARK: - Boxes

    private struct ISOBox {
        let name: String
        let namePosition: Int
        /// The content of the box, including version and flags if the box has them.
        let body: Range<Int>

        /// The content of a box with version and flags.
        var afterVersion: Range<Int> { min(body.lowerBound + 4, body.upperBound)..<body.upperBound }

        func version(_ reader: ByteReader) -> Int { reader.number(body.lowerBound, 1) ?? 0 }
    }

    /// Returns the boxes in a part of the file, up to the first box that is not completely inside this part.
    private static func boxes(_ reader: ByteReader, in range: Range<Int>) -> [ISOBox] {
        var boxes: [ISOBox] = []
        var position = range.lowerBound
        while boxes.count < maximumBoxes, position + 8 <= range.upperBound, let short = reader.big32(position),
            let name = reader.text(position + 4, 4)
        {
            var length = short
            var header = 8
            if short == 1 {
                guard let high = reader.big32(position + 8), high < 1 << 20, let low = reader.big32(position + 12)
                else {
                    break
                }
                length = (high << 32) | low
                header = 16
            } else if short == 0 {
                length = range.upperBound - position
            }
            guard length >= header, length <= range.upperBound - position else { break }
            boxes.append(ISOBox(name: name, namePosition: position + 4, body: position + header..<position + length))
            position += length
        }
        return boxes
    }

    // MARK: - References and items

    private struct Reference {
        let name: String
        let namePosition: Int
        let from: Int
        let targets: [Int]
    }

    private static func references(_ reader: ByteReader, _ iref: ISOBox) -> [Reference] {
        let size = iref.version(reader) == 0 ? 2 : 4
        return boxes(reader, in: iref.afterVersion).compactMap { box in
            let start = box.body.lowerBound
            guard let from = reader.number(start, size), let count = reader.number(start + size, 2) else { return nil }
            let targets = (0..<count).compactMap { index -> Int? in
                let position = start + size + 2 + size * index
                return position + size <= box.body.upperBound ? reader.number(position, size) : nil
            }
            return Reference(name: box.name, namePosition: box.namePosition, from: from, targets: targets)
        }
    }

    private static func exifItems(_ reader: ByteReader, _ iinf: ISOBox) -> [(item: Int, typePosition: Int)] {
        let countSize = iinf.version(reader) == 0 ? 2 : 4
        let entries = min(iinf.body.lowerBound + 4 + countSize, iinf.body.upperBound)..<iinf.body.upperBound
        return boxes(reader, in: entries).compactMap { box in
            guard box.name == "infe" else { return nil }
            let idSize = box.version(reader) == 2 ? 2 : 4
            let type = box.body.lowerBound + 4 + idSize + 2
            guard box.version(reader) >= 2, type + 4 <= box.body.upperBound, reader.text(type, 4) == "Exif",
                let item = reader.number(box.body.lowerBound + 4, idSize)
            else { return nil }
            return (item, type)
        }
    }

    /// Returns the bytes of an item that is stored in one piece.
    private static func extent(of item: Int, _ reader: ByteReader, _ iloc: ISOBox, _ idat: ISOBox?) -> Range<Int>? {
        let version = iloc.version(reader)
        var position = iloc.body.lowerBound + 4
        guard let sizes = reader.number(position, 2) else { return nil }
        let (offsetSize, lengthSize, baseSize) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15)
        let indexSize = version > 0 ? sizes & 15 : 0
        let idSize = version < 2 ? 2 : 4
        position += 2
        guard [offsetSize, lengthSize, baseSize, indexSize].allSatisfy({ [0, 4, 8].contains($0) }),
            let count = reader.number(position, idSize)
        else { return nil }
        position += idSize
        for _ in 0..<min(count, maximumItems) {
            guard let id = reader.number(position, idSize) else { return nil }
            position += idSize
            var method = 0
            if version > 0 {
                method = (reader.number(position, 2) ?? 0) & 15
                position += 2
            }
            let base = reader.number(position + 2, baseSize) ?? 0
            guard let extents = reader.number(position + 2 + baseSize, 2) else { return nil }
            position += 4 + baseSize
            let extentSize = indexSize + offsetSize + lengthSize
            if id == item {
                guard extents == 1, let offset = reader.number(position + indexSize, offsetSize),
                    let length = reader.number(position + indexSize + offsetSize, lengthSize)
                else { return nil }
                return range(at: base, offset, length, method: method, reader, idat)
            }
            position += extents * extentSize
        }
        return nil
    }

    private static func range(
        at base: Int, _ offset: Int, _ length: Int, method: Int, _ reader: ByteReader, _ idat: ISOBox?
    ) -> Range<Int>? {
        let container: Range<Int>
        switch method {
        case 0: container = 0..<reader.count
        case 1:
            guard let idat else { return nil }
            container = idat.body
        default: return nil
        }
        guard base >= 0, offset >= 0, length >= 0, base <= container.count, offset <= container.count - base,
            length <= container.count - base - offset
        else { return nil }
        let start = container.lowerBound + base + offset
        return start..<(length == 0 ? container.upperBound : start + length)
    }

    /// Returns the block in an EXIF item, which begins with the number of bytes before the byte order mark.
    private static func block(_ reader: ByteReader, in item: Range<Int>) -> Range<Int>? {
        guard item.count > 4, let offset = reader.big32(item.lowerBound) else { return nil }
        let starts = [4 + offset, 4, 10].filter { $0 >= 0 && $0 < item.count }.map { item.lowerBound + $0 }
        let start = starts.first { ["II", "MM"].contains(reader.text($0, 2) ?? "") } ?? item.lowerBound + 4
        return start..<item.upperBound
    }

    // MARK: - Properties

    /// Returns the codes of primaries and curve in a `colr` box of kind `nclx` (ISO/IEC 23091-2).
    ///
    /// - Parameter position: the position of the box's name.
    static func codes(_ reader: ByteReader, at position: Int) -> [Int]? {
        guard reader.text(position, 4) == "colr", reader.text(position + 4, 4) == "nclx",
            let primaries = reader.number(position + 8, 2), let curve = reader.number(position + 10, 2)
        else { return nil }
        return [primaries, curve]
    }

    private static func properties(of item: Int, _ reader: ByteReader, _ iprp: ISOBox?) -> [ISOBox] {
        guard let iprp else { return [] }
        let boxes = boxes(reader, in: iprp.body)
        guard let ipco = boxes.first(where: { $0.name == "ipco" }) else { return [] }
        let all = Self.boxes(reader, in: ipco.body)
        return boxes.filter { $0.name == "ipma" }.flatMap { numbers(of: item, reader, $0) }.compactMap {
            all.indices.contains($0 - 1) ? all[$0 - 1] : nil
        }
    }

    /// Returns the numbers, from 1, of the properties of an item.
    private static func numbers(of item: Int, _ reader: ByteReader, _ ipma: ISOBox) -> [Int] {
        let idSize = ipma.version(reader) == 0 ? 2 : 4
        let isWide = ((reader.number(ipma.body.lowerBound + 1, 3) ?? 0) & 1) == 1
        var position = ipma.body.lowerBound + 8
        for _ in 0..<min(reader.big32(ipma.body.lowerBound + 4) ?? 0, maximumItems) {
            guard let id = reader.number(position, idSize), let count = reader.number(position + idSize, 1) else {
                return []
            }
            position += idSize + 1
            let size = isWide ? 2 : 1
            if id == item {
                return (0..<count).compactMap { index in
                    reader.number(position + size * index, size).map { $0 & (isWide ? 0x7fff : 0x7f) }
                }
            }
            position += size * count
        }
        return []
    }
}

extension ByteReader {
    /// Returns a big-endian number; 0 for a size of 0.
    fileprivate func number(_ offset: Int, _ size: Int) -> Int? { number(offset, size, isLittle: false) }
}
