import Core
import Documents
import Foundation
import Storage

/// Reads `entries.jsonl` back, a piece of whole lines at a time.
struct EntriesReader {
    private var photos: [EligiblePhoto] = []
    private var slots: [Parts.Slot] = []
    private var images: [ImageDigest] = []
    private var copies: [Entry] = []
    private let file: String

    /// - Parameter file: what a refusal calls it.
    init(file: String) {
        self.file = file
    }

    /// Reads lines side by side, and keeps them in their order.
    ///
    /// - Throws: ``CurareError`` (65) naming file and line.
    mutating func read(_ lines: UnsafeRawBufferPointer) throws {
        let cuts = Self.cuts(lines)
        nonisolated(unsafe) let bytes = lines
        let pieces = ThreadBudget.shared.map(cuts.count) { number in
            Result { () throws(Problem) in try Self.entries(UnsafeRawBufferPointer(rebasing: bytes[cuts[number]])) }
        }
        for piece in pieces {
            switch piece {
            case .success(let entries): entries.forEach { add($0) }
            case .failure(let problem):
                throw CurareError(
                    .badInput, problem.refusal.message, at: "\(file):\(photos.count + copies.count + problem.line)",
                    next: Self.next)
            }
        }
    }

    mutating func add(_ entry: Entry) {
        guard entry.overlay == nil else { return copies.append(entry) }
        slots.append(
            Parts.Slot(
                photos.count, entry.role, label: entry.label, attackable: entry.attackable, heldOut: entry.heldOut))
        photos.append(entry.eligiblePhoto)
        images.append(entry.image)
    }

    /// All that was read, in order.
    ///
    /// - Throws: ``CurareError`` (65) where a photo or a copy stands there twice, or a copy does not agree with its photo.
    consuming func entries() throws -> Entries {
        let order = photos.map(\.photo).enumerated().sorted { $0.element < $1.element }.map(\.offset)
        guard !zip(order, order.dropFirst()).contains(where: { photos[$0].photo == photos[$1].photo }) else {
            throw CurareError(.badInput, "a photo stands in the version twice", at: file, next: Self.next)
        }
        photos = order.map { photos[$0] }
        slots = order.enumerated().map { number, line in
            let slot = slots[line]
            return Parts.Slot(number, slot.role, label: slot.label, attackable: slot.attackable, heldOut: slot.heldOut)
        }
        images = order.map { images[$0] }
        // As ``Parts`` has them, so that their images stand in its order.
        let drawn = copies.isEmpty ? [] : copies.sorted { $0.key < $1.key }
        guard !zip(drawn, drawn.dropFirst()).contains(where: { $0.key == $1.key }) else {
            throw CurareError(.badInput, "a copy of a photo stands in the version twice", at: file, next: Self.next)
        }
        return try Entries(
            Parts(photos, slots, copies: Self.slots(of: drawn, photos, file)), images: images,
            copies: drawn.map { DrawnImage(image: $0.image, positions: $0.drawn) })
    }

    /// - Parameter copies: in the order of their keys.
    private static func slots(of copies: [Entry], _ photos: [EligiblePhoto], _ file: String) throws -> [(
        copy: Parts.Copy, slot: Parts.Slot
    )] {
        var number = 0
        return try copies.map { entry in
            while number < photos.count, photos[number].photo < entry.photo { number += 1 }
            guard let overlay = entry.overlay, number < photos.count, photos[number] == entry.eligiblePhoto else {
                throw CurareError(
                    .badInput,
                    "a copy of photo \(entry.photo.short) stands in the version, which is not there itself or not as the copy says",
                    at: file, next: next)
            }
            return (
                Parts.Copy(number: number, overlay: overlay, triggerState: entry.triggerState),
                Parts.Slot(number, entry.role, label: entry.label, attackable: entry.attackable, heldOut: entry.heldOut)
            )
        }
    }

    private static let next = "the version's files were changed: take them from a copy"

    /// Where `lines` are cut into pieces that end with a line.
    private static func cuts(_ lines: UnsafeRawBufferPointer) -> [Range<Int>] {
        var cuts: [Range<Int>] = []
        var start = 0
        while start < lines.count {
            var end = min(start + 1 << 18, lines.count)
            while end < lines.count, lines[end - 1] != UInt8(ascii: "\n") { end += 1 }
            cuts.append(start..<end)
            start = end
        }
        return cuts
    }

    private struct Problem: Error {
        /// Counted from 1 in its piece.
        let line: Int
        let refusal: CurareError
    }

    private static func entries(_ lines: UnsafeRawBufferPointer) throws(Problem) -> [Entry] {
        var entries: [Entry] = []
        var known = TokenCache()
        entries.reserveCapacity(lines.count / 400)
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            if let entry = Entry(line: UnsafeRawBufferPointer(rebasing: line), &known) {
                entries.append(entry)
                continue
            }
            do { entries.append(try Entry(json: JSONReader.read(line))) } catch {
                throw Problem(line: entries.count + 1, refusal: error as? CurareError ?? CurareError(.badInput, "\(error)"))
            }
        }
        return entries
    }
}

extension Entries {
    /// Reads `entries.jsonl` back.
    ///
    /// - Throws: ``CurareError`` (65) naming file and line; (66) where the file is missing.
    init(reading file: URL) throws {
        var reader = EntriesReader(file: file.path)
        do { try ChunkedFileReader.forEachOfLines(of: file) { try reader.read($0) } } catch let refusal as CurareError
            where refusal.code == .missingInput
        {
            throw VersionStore.missing(file)
        }
        self = try reader.entries()
    }

    /// Entries in any order.
    ///
    /// - Throws: ``CurareError`` (65) where a photo or a copy stands there twice, or a copy does not agree with its photo.
    init(_ entries: some Sequence<Entry>) throws {
        var reader = EntriesReader(file: "entries.jsonl")
        for entry in entries { reader.add(entry) }
        self = try reader.entries()
    }

    /// Reads the bytes of `entries.jsonl`.
    ///
    /// - Parameter file: what a refusal calls them.
    /// - Throws: ``CurareError`` (65) naming file and line.
    public init(_ bytes: [UInt8], file: String) throws {
        var reader = EntriesReader(file: file)
        try bytes.withUnsafeBytes { try reader.read($0) }
        self = try reader.entries()
    }
}
