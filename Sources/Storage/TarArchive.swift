import Core
import Foundation

/// The header of a regular file in a tar archive, in the `ustar` format of POSIX.1-1988.
///
/// Files have mode 0600, owner 0 and time 0, so that the same files give the same bytes on every machine. A header has
/// only one form: a block is a header only if it has exactly the bytes of ``bytes``. Links, devices, folders, other
/// owners and other times are therefore rejected.
struct TarHeader: Hashable {
    static let blockSize = 512
    /// Two empty blocks end an archive.
    static let endSize = 2 * blockSize
    /// The largest number with 11 octal digits.
    static let largestSize = (1 << 33) - 1

    /// ASCII without hidden characters, at most 100 bytes after the last slash that fits into the prefix.
    let path: String
    /// The number of bytes of the file.
    let size: Int
    private let prefix: String
    private let name: String

    /// - Throws: ``CurareError`` (65) if a header cannot have this path or size.
    init(path: String, size: Int) throws {
        guard let (prefix, name) = Self.split(path), (0...Self.largestSize).contains(size) else {
            throw CurareError(
                .badInput, "the file cannot be stored in a tar archive: its path is too long, or it has 8 GiB or more",
                at: path)
        }
        self.path = path
        self.size = size
        self.prefix = prefix
        self.name = name
    }

    /// Reads a block of an archive. Nil if the block does not have exactly the bytes of a header.
    init?(block: [UInt8]) {
        func text(_ range: Range<Int>) -> String { String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self) }
        guard block.count == Self.blockSize, let size = Int(text(124..<135), radix: 8) else { return nil }
        let prefix = text(345..<500)
        let path = prefix.isEmpty ? text(0..<100) : "\(prefix)/\(text(0..<100))"
        guard let header = Self(validating: path, size: size), header.bytes == block else { return nil }
        self = header
    }

    private init?(validating path: String, size: Int) {
        do { try self.init(path: path, size: size) } catch { return nil }
    }

    /// Splits a path into the fields prefix (155 bytes) and name (100 bytes). Nil if the path does not fit.
    private static func split(_ path: String) -> (prefix: String, name: String)? {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ (33...126).contains($0) }) else { return nil }
        if bytes.count <= 100 { return ("", path) }
        guard let slash = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "/") && bytes.count - $0 - 1 <= 100 }),
            (1...155).contains(slash), slash < bytes.count - 1
        else { return nil }
        return (
            String(decoding: bytes[..<slash], as: UTF8.self), String(decoding: bytes[(slash + 1)...], as: UTF8.self)
        )
    }

    /// The block. Field offsets: name 0, mode 100, owner 108, group 116, size 124, time 136, checksum 148, type 156,
    /// magic and version 257, prefix 345.
    var bytes: [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(Self.octal(0o600, digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        put(Self.octal(0, digits: 11), at: 136)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(prefix, at: 345)
        // The sum of all bytes of the header, with the checksum field as eight spaces.
        put(Self.octal(header.reduce(8 * 32) { $0 + Int($1) }, digits: 6) + "\u{0} ", at: 148)
        return header
    }

    /// The number of zero bytes between a file and the next header.
    var padding: Int { (Self.blockSize - size % Self.blockSize) % Self.blockSize }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// Writes a tar archive of regular files piece by piece, so that an archive need not fit into memory.
package struct TarWriter {
    /// The size and the digest of a finished archive.
    package struct Summary: Hashable, Sendable {
        package let bytes: Int
        package let digest: FileDigest
    }

    /// The number of bytes written so far.
    package private(set) var count = 0
    private var hash = SHA256Hasher()
    private let output: (UnsafeRawBufferPointer) throws -> Void

    private init(_ output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.output = output
    }

    /// Writes an archive with the files that `body` adds. The archive is complete or absent.
    ///
    /// - Parameters:
    ///   - replaces: as in ``AtomicFile/write(to:mode:replaces:isOneOfMany:pieces:)``.
    ///   - isOneOfMany: as there.
    /// - Throws: ``CurareError`` (74) if the archive cannot be written; (65) if it exists and is not replaced; the errors
    ///   of `body`.
    @discardableResult
    package static func write(
        to file: URL, replaces: Bool = true, isOneOfMany: Bool = false, _ body: (inout TarWriter) throws -> Void
    ) throws -> Summary {
        var summary: Summary?
        try AtomicFile.write(to: file, replaces: replaces, isOneOfMany: isOneOfMany) { write in
            summary = try withoutActuallyEscaping(write) { write in
                var archive = TarWriter(write)
                try body(&archive)
                return try archive.finish()
            }
        }
        return try summary.orThrow(CurareError(.bug, "the archive was not written", at: file.path))
    }

    /// Adds a file.
    ///
    /// - Throws: ``CurareError`` (65) if the path is longer than tar allows.
    package mutating func add(_ path: String, _ bytes: some ContiguousBytes) throws {
        try bytes.withUnsafeBytes { bytes in
            let header = try TarHeader(path: path, size: bytes.count)
            try append(header.bytes)
            try append(bytes)
            try append([UInt8](repeating: 0, count: header.padding))
        }
    }

    /// Adds a file of any size from the disk.
    ///
    /// - Returns: the digest of the file's bytes.
    /// - Throws: ``CurareError`` (65) if the file changes while it is read; (66) if it does not exist.
    package mutating func add(_ path: String, from source: URL) throws -> FileDigest {
        let file = try RegularFile(source, missing: .missingInput, unreadable: .missingInput)
        let header = try TarHeader(path: path, size: file.size)
        try append(header.bytes)
        var hash = SHA256Hasher()
        try file.forEachPiece(of: 0..<file.size, size: 1 << 18) { piece in
            hash.update(piece)
            try append(piece)
        }
        try append([UInt8](repeating: 0, count: header.padding))
        return hash.finalize()
    }

    private mutating func finish() throws -> Summary {
        try append([UInt8](repeating: 0, count: TarHeader.endSize))
        return Summary(bytes: count, digest: hash.finalize())
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try append($0) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        hash.update(bytes)
        count += bytes.count
        try output(bytes)
    }
}

/// Reads a tar archive that ``TarWriter`` wrote, file by file. Any other archive is rejected at the first difference.
///
/// The size of a file in an archive is limited by the size of the archive, because nothing is compressed.
package final class TarReader {
    /// A file of the archive.
    package struct Entry: Hashable, Sendable {
        package let path: String
        package let size: Int
    }

    private let file: RegularFile
    /// The position of the next header.
    private var next = 0
    private var current: (header: TarHeader, start: Int)?

    /// - Throws: ``CurareError`` (66) if the file does not exist; (65) if it is not a regular file.
    package init(_ url: URL) throws {
        do {
            file = try RegularFile(url, missing: .missingInput, irregular: .badInput)
        } catch let error as CurareError where error.code == .missingInput {
            throw MissingPath.error("the archive does not exist", at: url.path, next: "check the path")
        }
    }

    /// Moves to the next file. Returns nil at the end of the archive.
    ///
    /// - Throws: ``CurareError`` (65) if the archive does not have the form that ``TarWriter`` writes.
    package func nextEntry() throws -> Entry? {
        current = nil
        guard next <= file.size - TarHeader.endSize else { throw damaged("the end is missing") }
        let block = try file.bytes(in: next..<next + TarHeader.blockSize)
        if block.allSatisfy({ $0 == 0 }) {
            let end = try file.bytes(in: next..<next + TarHeader.endSize)
            guard end.allSatisfy({ $0 == 0 }) else { throw damaged("there are bytes after the end") }
            guard next + TarHeader.endSize == file.size else { throw damaged("there are bytes after the end") }
            return nil
        }
        guard let header = TarHeader(block: block) else { throw noHeader }
        let start = next + TarHeader.blockSize
        guard header.size + header.padding <= file.size - TarHeader.endSize - start else {
            throw damaged("the end is missing")
        }
        let padding = try file.bytes(in: start + header.size..<start + header.size + header.padding)
        guard padding.allSatisfy({ $0 == 0 }) else { throw damaged("there are bytes after a file") }
        next = start + header.size + header.padding
        current = (header, start)
        return Entry(path: header.path, size: header.size)
    }

    /// Calls `body` with the bytes of the current file in pieces.
    ///
    /// - Throws: ``CurareError`` (65) if the archive was cut off meanwhile; the errors of `body`.
    package func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let (header, start) = current else { return }
        try file.forEachPiece(of: start..<start + header.size, size: 1 << 18, body)
    }

    /// Returns the bytes of the current file.
    ///
    /// - Throws: ``CurareError`` (65) if there are more than `limit` bytes.
    package func bytes(limit: Int) throws -> [UInt8] {
        guard let (header, start) = current else { return [] }
        guard header.size <= limit else {
            throw damaged("\(header.path) has \(header.size) bytes, more than the limit of \(limit)")
        }
        return try file.bytes(in: start..<start + header.size)
    }

    /// Returns the paths of all files in an archive. The archive can be cut off, as after a process was killed: a file
    /// counts if its header is complete.
    ///
    /// - Throws: ``CurareError`` (65) if a block is not a header; (66, 74) if the archive cannot be read.
    package static func paths(in file: URL) throws -> [String] {
        let archive = try TarReader(file)
        var paths: [String] = []
        var next = 0
        while next <= archive.file.size - TarHeader.blockSize {
            let block = try archive.file.bytes(in: next..<next + TarHeader.blockSize)
            if block.allSatisfy({ $0 == 0 }) { break }
            guard let header = TarHeader(block: block) else { throw archive.noHeader }
            paths.append(header.path)
            next += TarHeader.blockSize + header.size + header.padding
        }
        return paths
    }

    private var noHeader: CurareError {
        damaged("a header describes something other than a plain file as Curare writes it")
    }

    private func damaged(_ reason: String) -> CurareError {
        CurareError(
            .badInput, "this is not an archive that Curare wrote, or it is damaged: \(reason)", at: file.path,
            next: "copy the file again, and compare its SHA-256 with the one that its sender has")
    }
}
