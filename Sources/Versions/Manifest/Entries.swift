import Core
import Foundation
import Storage

/// A version's entries in their order (role, photo, overlay), with the three digests over them.
public struct Entries: Sendable {
    let parts: Parts
    /// Of ``parts``, in their order.
    private let images: [ImageDigest]
    /// Of ``parts``' copies, in their order.
    let drawn: [[OverlayPosition]]
    /// SHA-256 of `entries.jsonl`.
    public let digest: FileDigest
    public let imagesDigest: FileDigest
    public let selectionDigest: FileDigest

    /// The entries one by one.
    public var list: EntryList { EntryList(parts: parts, images: images, drawn: drawn) }

    /// - Parameters:
    ///   - photos: the image of each of `parts.photos`, in their order.
    ///   - copies: the image of each of `parts.copies`, in their order, and where its triggers lie.
    ///   - file: where the entries are written on the way, as `entries.jsonl`; nil where they are not.
    /// - Throws: ``CurareError`` (70) where an image is missing, (74) where the file cannot be written.
    init(_ parts: Parts, images photos: [ImageDigest?], copies: [DrawnImage] = [], writtenTo file: URL? = nil) throws {
        guard copies.count == parts.copies.count else {
            throw CurareError(
                .bug, "\(parts.copies.count) copies were selected, \(copies.count) have an image",
                next: "please report this")
        }
        let images = try parts.slots.map { slot in
            guard let image = slot.copy.map({ copies[$0].image }) ?? photos[Int(slot.number)] else {
                throw CurareError(
                    .bug, "photo \(parts.photos[Int(slot.number)].photo.short) was selected without an image",
                    next: "please report this")
            }
            return image
        }
        (self.parts, self.images, drawn) = (parts, images, copies.map(\.positions))
        let list = EntryList(parts: parts, images: images, drawn: drawn)
        // The lines of the file are as long as those of both others: each half on a processor of its own, where there are two.
        let halves = try ThreadBudget.shared.map(2) { half in
            Result {
                half == 0
                    ? [try Self.fileDigest(of: list, writtenTo: file)]
                    : [Self.imagesDigest(of: list), Self.digest(of: list) { $0.write(to: &$1, pixels: false) }]
            }
        }.map { try $0.get() }
        (digest, imagesDigest, selectionDigest) = (halves[0][0], halves[1][0], halves[1][1])
    }

    private static func fileDigest(of list: EntryList, writtenTo file: URL?) throws -> FileDigest {
        guard let file else { return digest(of: list) { $0.write(to: &$1) } }
        var hash = SHA256Hasher()
        try AtomicFile.write(to: file, mode: 0o400) { put in
            try forEachPiece(of: list, { $0.write(to: &$1) }) { piece in
                hash.update(piece)
                try put(piece)
            }
        }
        return hash.finalize()
    }

    /// The bytes of `entries.jsonl`: one canonical object a line.
    public var file: [UInt8] {
        var bytes: [UInt8] = []
        Self.forEachPiece(of: list, { $0.write(to: &$1) }) { bytes += $0 }
        return bytes
    }

    private static func imagesDigest(of list: EntryList) -> FileDigest {
        digest(of: list) { entry, line in
            line.put(entry.photo)
            line.put(" ")
            line.put(entry.image)
        }
    }

    /// The SHA-256 of a line for each entry.
    private static func digest(of list: EntryList, _ write: (Entry, inout LineWriter) -> Void) -> FileDigest {
        var hash = SHA256Hasher()
        forEachPiece(of: list, write) { hash.update($0) }
        return hash.finalize()
    }

    private static func forEachPiece(
        of list: EntryList, _ write: (Entry, inout LineWriter) -> Void, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var lines = LineWriter()
        for entry in list {
            write(entry, &lines)
            lines.put("\n")
            if lines.written.count > piece {
                try body(lines.written)
                lines.clear()
            }
        }
        try body(lines.written)
    }

    /// Bytes that are handed over at a time.
    private static let piece = 1 << 18
}

/// The image of a drawn copy, and where its triggers lie.
struct DrawnImage {
    let image: ImageDigest
    let positions: [OverlayPosition]
}

/// A version's entries, put together as they are asked for.
public struct EntryList: RandomAccessCollection, Equatable, Sendable {
    let parts: Parts
    let images: [ImageDigest]
    /// Where the triggers of each copy lie.
    let drawn: [[OverlayPosition]]

    public var startIndex: Int { 0 }
    public var endIndex: Int { images.count }

    public subscript(index: Int) -> Entry {
        Entry(part: parts[index], image: images[index], drawn: parts.slots[index].copy.map { drawn[$0] } ?? [])
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
}
