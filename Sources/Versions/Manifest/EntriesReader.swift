import Core
import Documents
import Foundation
import Storage

extension Entries {
    /// Reads the file `entries.jsonl`.
    ///
    /// - Throws: ``CurareError`` (65) with file and line; (66) when the file is missing.
    init(reading file: URL) throws {
        var reader = EntriesReader(file: file.path)
        do {
            try ChunkedFileReader.forEachOfLines(of: file) { try reader.read($0) }
        } catch let error as CurareError where error.code == .missingInput {
            throw VersionStore.missing(file)
        }
        self = try reader.entries()
    }

    /// Reads the bytes of `entries.jsonl`.
    ///
    /// - Parameter file: the name of the file in messages.
    /// - Throws: ``CurareError`` (65) with file and line.
    public init(_ bytes: [UInt8], file: String) throws {
        var reader = EntriesReader(file: file)
        try bytes.withUnsafeBytes { try reader.read($0) }
        self = try reader.entries()
    }

    /// Sorts entries.
    ///
    /// - Throws: ``CurareError`` (65) when a photo or a copy occurs twice, or a copy does not match its photo.
    init(_ entries: some Sequence<Entry>) throws {
        var reader = EntriesReader(file: "entries.jsonl")
        for entry in entries { reader.add(entry) }
        self = try reader.entries()
    }
}

/// Reads `entries.jsonl` in chunks of whole lines.
private struct EntriesReader {
    private var photos: [EligiblePhoto] = []
    private var rows: [Assignments.Row] = []
    private var images: [ImageDigest] = []
    private var copies: [Entry] = []
    private let file: String

    /// - Parameter file: the name of the file in messages.
    init(file: String) {
        self.file = file
    }

    /// Reads lines in parallel, and keeps their order.
    ///
    /// - Throws: ``CurareError`` (65) with file and line.
    mutating func read(_ lines: UnsafeRawBufferPointer) throws {
        let ranges = Self.chunks(of: lines)
        nonisolated(unsafe) let bytes = lines
        let chunks = ThreadBudget.shared.map(ranges.count) { number in
            Result { () throws(LineError) in
                try Self.entries(UnsafeRawBufferPointer(rebasing: bytes[ranges[number]]))
            }
        }
        for chunk in chunks {
            switch chunk {
            case .success(let entries): entries.forEach { add($0) }
            case .failure(let error):
                throw CurareError(
                    .badInput, error.message, at: "\(file):\(photos.count + copies.count + error.line)",
                    next: Self.nextStep)
            }
        }
    }

    mutating func add(_ entry: Entry) {
        guard entry.overlay == nil else { return copies.append(entry) }
        rows.append(Self.row(entry, photo: photos.count))
        photos.append(entry.eligiblePhoto)
        images.append(entry.image)
    }

    /// Returns all entries, sorted.
    ///
    /// - Throws: ``CurareError`` (65) when a photo or a copy occurs twice, or a copy does not match its photo.
    consuming func entries() throws -> Entries {
        let order = photos.map(\.photo).enumerated().sorted { $0.element < $1.element }.map(\.offset)
        guard !zip(order, order.dropFirst()).contains(where: { photos[$0].photo == photos[$1].photo }) else {
            throw CurareError(.badInput, "a photo occurs twice in the version", at: file, next: Self.nextStep)
        }
        photos = order.map { photos[$0] }
        rows = order.enumerated().map { index, line in
            let row = rows[line]
            return Assignments.Row(
                index, row.role, label: row.label, attackable: row.attackable, heldOut: row.heldOut)
        }
        images = order.map { images[$0] }
        // The order of ``Assignments``, so that the images have the order of the copies.
        let copies = copies.isEmpty ? [] : copies.sorted { $0.sampleID < $1.sampleID }
        guard !zip(copies, copies.dropFirst()).contains(where: { $0.sampleID == $1.sampleID }) else {
            throw CurareError(.badInput, "a copy of a photo occurs twice in the version", at: file, next: Self.nextStep)
        }
        return try Entries(
            Assignments(photos, rows, copies: Self.assignments(of: copies, photos, file)), images: images,
            copies: copies.map { Entries.CopyImage(image: $0.image, positions: $0.drawn) })
    }

    /// - Parameters:
    ///   - copies: in the order of their sample ids.
    ///   - photos: in the order of their ids.
    private static func assignments(of copies: [Entry], _ photos: [EligiblePhoto], _ file: String) throws -> [(
        copy: Assignments.Copy, row: Assignments.Row
    )] {
        var index = 0
        return try copies.map { entry in
            while index < photos.count, photos[index].photo < entry.photo { index += 1 }
            guard let overlay = entry.overlay, index < photos.count, photos[index] == entry.eligiblePhoto else {
                throw CurareError(
                    .badInput,
                    "the version has a copy of photo \(entry.photo.short), but not the photo itself with the same "
                        + "facts",
                    at: file, next: nextStep)
            }
            return (
                Assignments.Copy(index: index, overlay: overlay, triggerState: entry.triggerState),
                row(entry, photo: index)
            )
        }
    }

    private static func row(_ entry: Entry, photo index: Int) -> Assignments.Row {
        Assignments.Row(
            index, entry.role, label: entry.label, attackable: entry.attackable, heldOut: entry.heldOut)
    }

    private static let nextStep = "the version's files were changed: restore them from a copy"

    /// Returns ranges of whole lines of about 256 KiB.
    private static func chunks(of lines: UnsafeRawBufferPointer) -> [Range<Int>] {
        var chunks: [Range<Int>] = []
        var start = 0
        while start < lines.count {
            var end = min(start + (1 << 18), lines.count)
            while end < lines.count, lines[end - 1] != UInt8(ascii: "\n") { end += 1 }
            chunks.append(start..<end)
            start = end
        }
        return chunks
    }

    private struct LineError: Error {
        /// The number of the line in its chunk, from 1.
        let line: Int
        let message: String
    }

    private static func entries(_ lines: UnsafeRawBufferPointer) throws(LineError) -> [Entry] {
        var entries: [Entry] = []
        var tokens = TokenCache()
        entries.reserveCapacity(lines.count / 400)
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            if let entry = Entry(line: UnsafeRawBufferPointer(rebasing: line), &tokens) {
                entries.append(entry)
                continue
            }
            do {
                entries.append(try Entry(json: JSONReader.read(line)))
            } catch {
                throw LineError(line: entries.count + 1, message: (error as? CurareError)?.message ?? "\(error)")
            }
        }
        return entries
    }
}

/// A fast reader for lines of photos without drawn triggers, in exactly the form that this program writes. For a
/// million entries, this reader takes a fraction of the time of the JSON reader (`make bench-scale`).
extension Entry {
    /// Nil when the line does not have exactly the form that this program writes. In that case the JSON reader reads
    /// the line or reports its error.
    fileprivate init?(line bytes: UnsafeRawBufferPointer, _ tokens: inout TokenCache) {
        var line = LineScanner(bytes)
        guard line.skip("{\"attackable\":"), let attackable = line.boolOrNull(), line.skip(",\"face\":"),
            let face = line.faceOrNull(), line.skip(",\"group\":\""), let group: PhotoID = line.digest(),
            line.skip("\",\"held_out\":"), let heldOut = line.boolOrNull(), line.skip(",\"image\":\""),
            let image: ImageDigest = line.digest(), line.skip("\",\"kind\":\""), let kind = tokens.kind(line.text()),
            line.skip("\",\"label\":\""), let label = tokens.volunteer(line.text()), line.skip("\",\"location\":\"")
        else { return nil }
        let location = line.text()
        guard line.skip("\",\"perceptual_hash\":"), let perceptualHash = line.perceptualHashOrNull(),
            line.skip(",\"photo\":\""), let photo: PhotoID = line.digest(), line.skip("\",\"role\":\""),
            let role = tokens.role(line.text()), line.skip("\",\"session\":\""),
            let session = tokens.session(line.text()), line.skip("\",\"size\":["), let width = line.number(),
            line.skip(","), let height = line.number(), line.skip("],\"source\":\"physical\",\"trigger\":\""),
            let triggerState = tokens.triggerState(line.text(), location), line.skip("\",\"volunteer\":\""),
            let name = tokens.volunteer(line.text()), line.skip("\"}"), line.isAtEnd
        else { return nil }
        let eligible = EligiblePhoto(
            photo: photo, volunteer: Volunteer(name: name, kind: kind), triggerState: triggerState, session: session,
            group: group, perceptualHash: perceptualHash.value, width: width, height: height, face: face.value)
        let assignment = Assignment(
            photo: eligible, role: role, label: label, attackable: attackable.value, heldOut: heldOut.value,
            overlay: nil, triggerState: triggerState)
        self.init(assignment, image: image)
    }
}

/// A JSON value that was read: a value or null.
private enum Nullable<Value> {
    case null
    case value(Value)

    var value: Value? {
        switch self {
        case .null: nil
        case .value(let value): value
        }
    }
}

/// Scans the bytes of a line from left to right. Every function returns nil, or false, when the next bytes have another
/// form.
private struct LineScanner {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count, memcmp(bytes.baseAddress! + index, text.utf8Start, count) == 0 else {
            return false
        }
        index += count
        return true
    }

    /// Returns the bytes before the next quotation mark. Escapes need no decoding, because no name has one.
    mutating func text() -> UnsafeRawBufferPointer {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    }

    mutating func digest<Of>() -> SHA256Digest<Of>? {
        guard index + 64 <= bytes.count,
            let digest = SHA256Digest<Of>(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[index..<index + 64]))
        else { return nil }
        index += 64
        return digest
    }

    mutating func perceptualHashOrNull() -> Nullable<PerceptualHash>? {
        if skip("null") { return .null }
        guard skip("\""), index + 16 <= bytes.count,
            let hash = PerceptualHash(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[index..<index + 16]))
        else { return nil }
        index += 16
        return skip("\"") ? .value(hash) : nil
    }

    mutating func faceOrNull() -> Nullable<PhotoFace>? {
        if skip("null") { return .null }
        guard skip("{\"box\":["), let box = fourNumbers(), skip("],\"eyes\":["), let eyes = fourNumbers(),
            skip("]}"), box.2 > 0, box.3 > 0
        else { return nil }
        return .value(
            PhotoFace(
                box: Box(x: box.0, y: box.1, width: box.2, height: box.3),
                leftEye: PixelPoint(x: eyes.0, y: eyes.1), rightEye: PixelPoint(x: eyes.2, y: eyes.3)))
    }

    mutating func boolOrNull() -> Nullable<Bool>? {
        if skip("null") { return .null }
        if skip("true") { return .value(true) }
        return skip("false") ? .value(false) : nil
    }

    /// Returns a number of at most nine digits without leading zeros.
    mutating func number() -> Int? {
        var value = 0
        var digits = 0
        while index < bytes.count, case let digit = Int(bytes[index]) - 48, (0...9).contains(digit) {
            value = 10 * value + digit
            digits += 1
            index += 1
            if digits > 1, value < 10 || digits > 9 { return nil }
        }
        return digits == 0 ? nil : value
    }

    private mutating func fourNumbers() -> (Int, Int, Int, Int)? {
        guard let first = number(), skip(","), let second = number(), skip(","), let third = number(), skip(","),
            let fourth = number()
        else { return nil }
        return (first, second, third, fourth)
    }
}

/// The parsed values of texts that occur in many lines.
private struct TokenCache {
    private var volunteers = ByteKeyedCache<VolunteerName?>()
    private var sessions = ByteKeyedCache<SessionName?>()
    private var triggerStates = ByteKeyedCache<TriggerState?>()
    private var roles = ByteKeyedCache<Role?>()
    private var kinds = ByteKeyedCache<VolunteerKind?>()

    mutating func volunteer(_ text: UnsafeRawBufferPointer) -> VolunteerName? {
        volunteers.value(of: text) { VolunteerName(String(decoding: text, as: UTF8.self)) }
    }

    mutating func session(_ text: UnsafeRawBufferPointer) -> SessionName? {
        sessions.value(of: text) { SessionName(String(decoding: text, as: UTF8.self)) }
    }

    mutating func role(_ text: UnsafeRawBufferPointer) -> Role? {
        roles.value(of: text) { Role(rawValue: String(decoding: text, as: UTF8.self)) }
    }

    mutating func kind(_ text: UnsafeRawBufferPointer) -> VolunteerKind? {
        kinds.value(of: text) { VolunteerKind(rawValue: String(decoding: text, as: UTF8.self)) }
    }

    mutating func triggerState(_ triggers: UnsafeRawBufferPointer, _ locations: UnsafeRawBufferPointer)
        -> TriggerState?
    {
        let both = Array(triggers) + [UInt8(ascii: " ")] + Array(locations)
        return both.withUnsafeBytes { both in
            triggerStates.value(of: both) {
                TriggerState(
                    triggerText: String(decoding: triggers, as: UTF8.self),
                    locationText: String(decoding: locations, as: UTF8.self))
            }
        }
    }
}
