/// A PNG or a WebP as a list of chunks.
struct Chunks {
    struct Chunk {
        let name: String
        /// The whole chunk, with its name, length and checksum or padding.
        let range: Range<Int>
        let body: Range<Int>
    }

    let list: [Chunk]
    /// The position after the last whole chunk.
    private let end: Int

    static func isPNG(_ reader: ByteReader) -> Bool { reader.big32(0) == 0x8950_4e47 }

    static func isWebP(_ reader: ByteReader) -> Bool { reader.text(0, 4) == "RIFF" && reader.text(8, 4) == "WEBP" }

    /// The chunks of a PNG up to IEND. A chunk that the end of the file cuts off is not in the list.
    init(png reader: ByteReader) {
        var list: [Chunk] = []
        var position = 8
        while let length = reader.big32(position), let name = reader.text(position + 4, 4),
            position + 12 + length <= reader.count
        {
            list.append(
                Chunk(
                    name: name, range: position..<position + 12 + length, body: position + 8..<position + 8 + length))
            position += 12 + length
            if name == "IEND" { break }
        }
        self.list = list
        end = position
    }

    /// The chunks of a WebP.
    init(webP reader: ByteReader) {
        var list: [Chunk] = []
        var position = 12
        while let name = reader.text(position, 4), let length = reader.number(position + 4, 4, isLittle: true),
            position + 8 + length <= reader.count
        {
            let padded = min(reader.count, position + 8 + length + (length & 1))
            list.append(Chunk(name: name, range: position..<padded, body: position + 8..<position + 8 + length))
            position += 8 + length + (length & 1)
        }
        self.list = list
        end = min(position, reader.count)
    }

    func first(_ name: String) -> Chunk? { list.first { $0.name == name } }

    /// Chunks of a PNG that affect its pixels. libpng would decompress texts of any size, and libvips would parse EXIF.
    private static let pixelChunks: Set<String> = ["tRNS", "iCCP", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD"]

    /// Returns the PNG without the chunks that do not affect its pixels; nil if the PNG has no such chunk.
    ///
    /// - Parameter hasOwnProfile: whether another profile replaces the profile in the file.
    func leanPNG(_ bytes: [UInt8], hasOwnProfile: Bool) -> [UInt8]? {
        func isKept(_ chunk: Chunk) -> Bool {
            let isCritical = chunk.name.utf8.first.map { (65...90).contains($0) } ?? false
            return isCritical || (Self.pixelChunks.contains(chunk.name) && !(hasOwnProfile && chunk.name == "iCCP"))
        }
        guard !list.allSatisfy(isKept) else { return nil }
        var lean: [UInt8] = []
        lean.reserveCapacity(bytes.count)
        lean += bytes[0..<8]
        for chunk in list where isKept(chunk) { lean += bytes[chunk.range] }
        // The rest of a file that is cut off stays, so that it is found to be cut off.
        lean += bytes[end...]
        return lean
    }

    /// Largest compressed colour profile of a plain PNG, in bytes.
    private static let maximumProfile = 1 << 16

    /// Whether a PNG is decoded row by row, and has at most one profile, which is short.
    func isPlainPNG(_ reader: ByteReader) -> Bool {
        guard let header = list.first, header.name == "IHDR", header.body.count == 13 else { return false }
        let isInterlaced = reader.number(header.body.upperBound - 1, 1, isLittle: false) != 0
        let profiles = list.filter { $0.name == "iCCP" }
        return !isInterlaced && profiles.count <= 1 && profiles.allSatisfy { $0.body.count <= Self.maximumProfile }
    }

    /// Whether the last third of the pixels of a lossy WebP, or more, is zero, as after a copy that was interrupted.
    ///
    /// The decoder notices nothing: zeros continue the picture smoothly. The coded pixels of a picture of one colour
    /// also end with zeros, but at most a quarter of these pixels is zero.
    func endsInZeros(webP bytes: [UInt8]) -> Bool {
        guard let body = first("VP8 ")?.body, let last = bytes[body].lastIndex(where: { $0 != 0 }) else { return false }
        let zeros = body.upperBound - 1 - last
        return zeros >= 128 && 3 * zeros >= body.count
    }

    /// Returns the WebP with its EXIF chunk renamed, so that libvips does not parse it; nil without such a chunk.
    func webPWithoutEXIF(_ bytes: [UInt8]) -> [UInt8]? {
        guard let exif = first("EXIF") else { return nil }
        var copy = bytes
        copy.replaceSubrange(exif.range.lowerBound..<exif.range.lowerBound + 4, with: Array("SKIP".utf8))
        // Bit 3 of the first byte of VP8X announces EXIF.
        if let flags = first("VP8X")?.body, !flags.isEmpty { copy[flags.lowerBound] &= ~8 }
        return copy
    }
}
