/// The values of an EXIF block that Curare uses: orientation, capture time and camera.
///
/// The reader follows one pointer, from the first directory to the EXIF directory. It reads no thumbnail and no maker
/// note. Their pointers therefore do no harm, even if they lead outside the block, as in files of some phones. The work
/// is bounded by ``maximumEntries``.
struct EXIFBlock: Hashable {
    /// 1…8; nil if the block has no such value.
    let orientation: Int?
    /// `YYYY-MM-DDTHH:MM:SS` by the camera's clock; nil if the block has no valid time.
    let captured: String?
    /// Make and model; nil if the block has neither.
    let camera: String?
    /// Whether the whole first directory can be read and contains no invalid orientation.
    let isReadable: Bool
    /// The metadata that can identify a place, a device or a person.
    let identifying: Set<IdentifyingMetadata>

    /// A directory with more entries is read only in part.
    private static let maximumEntries = 1024

    private enum Tag {
        static let make = 0x010f
        static let model = 0x0110
        static let orientation = 0x0112
        static let modified = 0x0132
        static let exifDirectory = 0x8769
        static let captured = 0x9003
        static let artist = 0x013b
        static let positionDirectory = 0x8825
        static let ownerName = 0xa430
        static let bodySerialNumber = 0xa431
        static let lensSerialNumber = 0xa435
        /// Of a DNG.
        static let cameraSerialNumber = 0xc62f
    }

    /// Reads a block.
    ///
    /// - Parameter range: the block, from its byte order mark to its end.
    init(_ reader: ByteReader, in range: Range<Int>) {
        let directory = Directory.first(reader, in: range)
        let rotation = directory?.entry(Tag.orientation)
        let value = rotation?.integer
        orientation = value.flatMap { (1...8).contains($0) ? $0 : nil }
        // Programs write 0 for an unknown orientation.
        isReadable = directory?.isComplete == true && (rotation == nil || value == 0 || orientation != nil)
        let details = directory?.entry(Tag.exifDirectory)?.integer.flatMap {
            Directory(reader, at: $0, in: range, isLittle: directory?.isLittle == true)
        }
        func has(_ tag: Int) -> Bool { directory?.entry(tag) != nil || details?.entry(tag) != nil }
        var identifying: Set<IdentifyingMetadata> = directory?.isComplete == true ? [] : [.unreadable]
        if details?.isComplete == false { identifying.insert(.unreadable) }
        if has(Tag.positionDirectory) { identifying.insert(.position) }
        if has(Tag.artist) || has(Tag.ownerName) { identifying.insert(.owner) }
        let serialNumbers = [Tag.bodySerialNumber, Tag.lensSerialNumber, Tag.cameraSerialNumber]
        if serialNumbers.contains(where: has) { identifying.insert(.serialNumber) }
        self.identifying = identifying
        let taken = details?.text(Tag.captured, atMost: 31) ?? []
        captured = Self.isoTime(Self.printable(taken.isEmpty ? directory?.text(Tag.modified, atMost: 31) ?? [] : taken))
        let parts = [Tag.make, Tag.model].map { Self.printable(directory?.text($0, atMost: 63) ?? []) }
        let named = parts.filter { !$0.isEmpty }
        camera = named.isEmpty ? nil : named.joined(separator: " ")
    }

    /// Returns the first readable block, and otherwise the first block.
    static func best(of blocks: [EXIFBlock]) -> EXIFBlock? {
        blocks.first(where: \.isReadable) ?? blocks.first
    }

    /// A directory of tags. Entries may be in any order.
    private struct Directory {
        let isLittle: Bool
        /// Whether all entries that the directory declares are inside the block.
        let isComplete: Bool
        private let reader: ByteReader
        private let block: Range<Int>
        /// Positions of entries by tag. The first entry of a tag counts.
        private let entries: [Int: Int]

        static func first(_ reader: ByteReader, in block: Range<Int>) -> Directory? {
            let mark = block.count >= 8 ? reader.text(block.lowerBound, 2) : nil
            guard mark == "II" || mark == "MM" else { return nil }
            let isLittle = mark == "II"
            guard reader.number(block.lowerBound + 2, 2, isLittle: isLittle) == 42,
                let offset = reader.number(block.lowerBound + 4, 4, isLittle: isLittle)
            else { return nil }
            return Directory(reader, at: offset, in: block, isLittle: isLittle)
        }

        /// - Returns: nil if not even the number of entries is inside the block.
        init?(_ reader: ByteReader, at offset: Int, in block: Range<Int>, isLittle: Bool) {
            let start = block.lowerBound + offset
            guard offset > 0, start + 2 <= block.upperBound, let count = reader.number(start, 2, isLittle: isLittle)
            else { return nil }
            let readable = min(count, EXIFBlock.maximumEntries, (block.upperBound - start - 2) / 12)
            var entries: [Int: Int] = [:]
            for position in stride(from: start + 2, to: start + 2 + 12 * readable, by: 12) {
                guard let tag = reader.number(position, 2, isLittle: isLittle) else { break }
                if entries[tag] == nil { entries[tag] = position }
            }
            self.reader = reader
            self.block = block
            self.isLittle = isLittle
            self.entries = entries
            isComplete = readable == count
        }

        func entry(_ tag: Int) -> Entry? {
            entries[tag].map { Entry(reader: reader, position: $0, isLittle: isLittle) }
        }

        /// Returns the bytes of a text before its end mark; none if the tag has no text inside the block.
        func text(_ tag: Int, atMost limit: Int) -> [UInt8] {
            guard let entry = entry(tag), entry.type == 2, let count = entry.count, let value = entry.value else {
                return []
            }
            let start = count <= 4 ? entry.position + 8 : block.lowerBound + value
            guard start + count <= block.upperBound else { return [] }
            return Array(reader.bytes(start, min(count, limit)).prefix { $0 != 0 })
        }
    }

    private struct Entry {
        let reader: ByteReader
        let position: Int
        let isLittle: Bool

        var type: Int? { reader.number(position + 2, 2, isLittle: isLittle) }
        var count: Int? { reader.number(position + 4, 4, isLittle: isLittle) }
        /// The value as a 32-bit number, or the offset of a longer value.
        var value: Int? { reader.number(position + 8, 4, isLittle: isLittle) }
        /// The first value of a byte, short or long tag.
        var integer: Int? {
            guard let count, count > 0 else { return nil }
            switch type {
            case 1: return reader.number(position + 8, 1, isLittle: isLittle)
            case 3: return count <= 2 ? reader.number(position + 8, 2, isLittle: isLittle) : nil
            case 4, 13: return count == 1 ? value : nil
            default: return nil
            }
        }
    }

    private static func printable(_ text: [UInt8]) -> String {
        String(decoding: text.filter { (32...126).contains($0) }, as: UTF8.self).split(separator: " ")
            .joined(separator: " ")
    }

    /// Converts `YYYY:MM:DD HH:MM:SS` to ISO 8601.
    private static func isoTime(_ text: String) -> String? {
        let ranges = [1826...9999, 1...12, 1...31, 0...23, 0...59, 0...60]
        let numbers = text.split(whereSeparator: { $0 == ":" || $0 == " " }).map { Int($0) }
        guard text.utf8.count == 19, numbers.count == ranges.count,
            zip(numbers, ranges).allSatisfy({ number, range in number.map(range.contains) ?? false })
        else { return nil }
        let characters = Array(text)
        let date = [characters[0..<4], characters[5..<7], characters[8..<10]].map { String($0) }
        return "\(date.joined(separator: "-"))T\(String(characters[11..<19]))"
    }
}

/// Why the orientation of a photo may be wrong. The photo is used as it is.
public enum OrientationDoubt: String, Sendable {
    /// The file has EXIF data whose orientation cannot be read reliably.
    case unreadableEXIF = "exif-unreadable"
    /// The file has several EXIF blocks with different orientations. The first one counts.
    case contradictoryEXIF = "exif-contradictory"
    /// A HEIC or AVIF has an EXIF orientation, but the boxes that rotate the picture are missing. The picture is not
    /// rotated.
    case notRotated = "exif-not-applied"
}
