import Core
import Foundation
import Storage

/// The entries of a version, sorted by role, then photo, then overlay, with their digests.
public struct Entries: Sendable {
    let assignments: Assignments
    /// The image of each assignment.
    private let images: [ImageDigest]
    /// The positions of the drawn triggers, for each copy of `assignments`.
    let drawn: [[OverlayPosition]]
    /// SHA-256 of `entries.jsonl`.
    public let digest: FileDigest
    public let imagesDigest: FileDigest
    public let selectionDigest: FileDigest

    /// The image of a copy, and the positions of its drawn triggers.
    struct CopyImage {
        let image: ImageDigest
        let positions: [OverlayPosition]
    }

    /// The entries one by one.
    public var list: EntryList { EntryList(assignments: assignments, images: images, drawn: drawn) }

    /// - Parameters:
    ///   - photos: the image of each of `assignments.photos`, in their order.
    ///   - copies: the image of each of `assignments.copies`, in their order.
    ///   - file: where the entries are written as `entries.jsonl`. Nil to write no file.
    /// - Throws: ``CurareError`` (70) when an image is missing; (74) when the file cannot be written.
    init(
        _ assignments: Assignments, images photos: [ImageDigest?], copies: [CopyImage] = [],
        writtenTo file: URL? = nil
    ) throws {
        guard copies.count == assignments.copies.count else {
            throw CurareError(
                .bug, "\(assignments.copies.count) copies were selected, but \(copies.count) have an image",
                next: "please report this")
        }
        let images = try assignments.rows.map { row in
            guard let image = row.copy.map({ copies[$0].image }) ?? photos[row.photoIndex] else {
                throw CurareError(
                    .bug, "photo \(assignments.photos[row.photoIndex].photo.short) was selected without an image",
                    next: "please report this")
            }
            return image
        }
        self.assignments = assignments
        self.images = images
        drawn = copies.map(\.positions)
        let list = EntryList(assignments: assignments, images: images, drawn: drawn)
        // The file's lines are about as long as those of both other digests together: two threads have equal work.
        let digests = try ThreadBudget.shared.map(2) { half in
            Result {
                half == 0
                    ? [try Self.fileDigest(of: list, writtenTo: file)]
                    : [
                        Self.digest(of: list) { $1.writeImageLine($0) },
                        Self.digest(of: list) { $1.write($0, withPixels: false) },
                    ]
            }
        }.map { try $0.get() }
        digest = digests[0][0]
        imagesDigest = digests[1][0]
        selectionDigest = digests[1][1]
    }

    /// The bytes of `entries.jsonl`: one canonical object a line.
    public var file: [UInt8] {
        var bytes: [UInt8] = []
        Self.forEachChunk(of: list, { $1.write($0) }) { bytes += $0 }
        return bytes
    }

    private static func fileDigest(of list: EntryList, writtenTo file: URL?) throws -> FileDigest {
        guard let file else { return digest(of: list) { $1.write($0) } }
        var hash = SHA256Hasher()
        try AtomicFile.write(to: file, mode: 0o400) { write in
            try forEachChunk(of: list, { $1.write($0) }) { chunk in
                hash.update(chunk)
                try write(chunk)
            }
        }
        return hash.finalize()
    }

    /// Returns the SHA-256 of one line for each entry.
    private static func digest(of list: EntryList, _ write: (Entry, inout EntryWriter) -> Void) -> FileDigest {
        var hash = SHA256Hasher()
        forEachChunk(of: list, write) { hash.update($0) }
        return hash.finalize()
    }

    private static func forEachChunk(
        of list: EntryList, _ write: (Entry, inout EntryWriter) -> Void, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var writer = EntryWriter()
        for entry in list {
            write(entry, &writer)
            writer.endLine()
            if writer.written.count > chunkSize {
                try body(writer.written)
                writer.clear()
            }
        }
        try body(writer.written)
    }

    /// The number of bytes that are hashed and written at once.
    private static let chunkSize = 1 << 18
}

/// The entries of a version, created on access.
public struct EntryList: RandomAccessCollection, Equatable, Sendable {
    let assignments: Assignments
    let images: [ImageDigest]
    /// The positions of the drawn triggers, for each copy.
    let drawn: [[OverlayPosition]]

    public var startIndex: Int { 0 }
    public var endIndex: Int { images.count }

    public subscript(index: Int) -> Entry {
        Entry(
            assignments[index], image: images[index],
            drawn: assignments.rows[index].copy.map { drawn[$0] } ?? [])
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
}
