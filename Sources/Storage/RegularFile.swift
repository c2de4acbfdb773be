import Core
import Foundation
import SystemPackage

/// An open file of unknown origin. The file may be a pipe or a device, may have any size, and may change while it is
/// read.
package final class RegularFile: Sendable {
    /// The path as the caller wrote it, for messages.
    package let path: String
    /// The size at the time of opening.
    package let size: Int
    private let descriptor: FileDescriptor

    /// Opens a file for reading.
    ///
    /// - Parameters:
    ///   - missing: the error code if the file does not exist.
    ///   - unreadable: the error code if the file cannot be opened for another reason.
    ///   - irregular: the error code if the file is a folder, a pipe or a device.
    package init(
        path: String, missing: CurareError.Code = .inputOutput, unreadable: CurareError.Code = .inputOutput,
        irregular: CurareError.Code = .inputOutput
    ) throws {
        self.path = path
        do throws(Errno) {
            // Without O_NONBLOCK, the call would wait until another process writes to a pipe.
            descriptor = try FileDescriptor.opening(path, .readOnly, options: [.nonBlocking, .closeOnExec])
        } catch {
            let isMissing = error == .noSuchFileOrDirectory || error == .notDirectory
            let code = isMissing ? missing : unreadable
            throw CurareError(code, "the file cannot be read: \(error)", at: path)
        }
        do {
            let status = try descriptor.stat()
            guard status.type == .regular else {
                throw CurareError(irregular, "this is not a regular file", at: path)
            }
            size = Int(status.size)
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    /// Opens a file for reading. The parameters are those of ``init(path:missing:unreadable:irregular:)``.
    package convenience init(
        _ url: URL, missing: CurareError.Code = .inputOutput, unreadable: CurareError.Code = .inputOutput,
        irregular: CurareError.Code = .inputOutput
    ) throws {
        try self.init(path: url.path, missing: missing, unreadable: unreadable, irregular: irregular)
    }

    deinit {
        // The file is only read, so closing cannot lose data.
        try? descriptor.close()
    }

    /// Checks that the file, if it exists, is a regular file or a link to one.
    ///
    /// - Throws: ``CurareError`` (65) if it is a folder, a pipe or a device; (74) if it cannot be opened.
    package static func requireRegular(_ file: URL) throws {
        do {
            _ = try RegularFile(file, missing: .missingInput, irregular: .badInput)
        } catch let error as CurareError where error.code == .missingInput {
            return
        }
    }

    /// Returns the size of a file without opening it.
    ///
    /// For a file of SQLite: closing any descriptor of a file releases all locks that this process has on the file (POSIX,
    /// `fcntl`). SQLite would then lose its locks, and another process could remove the WAL file.
    ///
    /// - Throws: ``CurareError`` (74) if the file is missing, is not a regular file, or may not be read.
    package static func sizeWithoutOpening(_ file: URL) throws -> Int {
        var status = stat()
        guard stat(file.path, &status) == 0, access(file.path, R_OK) == 0 else {
            throw CurareError(.inputOutput, "the file cannot be read: \(Errno(rawValue: errno))", at: file.path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CurareError(.inputOutput, "this is not a regular file", at: file.path)
        }
        return Int(status.st_size)
    }

    /// Returns the bytes of a file that a user named on the command line.
    ///
    /// - Throws: ``CurareError`` (66) if the file does not exist; (65) if it is not a regular file or has more than
    ///   `limit` bytes; (74) if it cannot be read.
    package static func contents(ofNamedFile path: String, limit: Int) throws -> [UInt8] {
        do {
            return try RegularFile(path: path, missing: .missingInput, irregular: .badInput).bytes(limit: limit)
        } catch let error as CurareError where error.code == .missingInput {
            throw MissingPath.error("the file does not exist", at: path, next: "check the path")
        }
    }

    /// Returns the bytes of a file of the workspace, or nil if the file does not exist.
    ///
    /// - Throws: ``CurareError`` (74) if the file exists and cannot be read.
    package static func contentsIfPresent(_ file: URL) throws -> [UInt8]? {
        do {
            return try RegularFile(file, missing: .missingInput).bytes(limit: .max - 1)
        } catch let error as CurareError where error.code == .missingInput {
            return nil
        }
    }

    /// Returns the bytes of a file of the workspace.
    ///
    /// - Throws: `missing` if the file does not exist; ``CurareError`` (74) if it exists and cannot be read.
    package static func contents(_ file: URL, orThrow missing: @autoclosure () -> CurareError) throws -> [UInt8] {
        guard let bytes = try contentsIfPresent(file) else { throw missing() }
        return bytes
    }

    /// Returns all bytes.
    ///
    /// - Throws: ``CurareError`` (65) if there are more than `limit` bytes; (74) if the file cannot be read.
    package func bytes(limit: Int) throws -> [UInt8] {
        guard size <= limit else {
            throw CurareError(.badInput, "the file has \(size) bytes, more than the limit of \(limit)", at: path)
        }
        // The additional byte shows whether the file has grown. A file that was truncated is returned as it is.
        return try [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let count = try read(into: rest, at: filled)
                guard count > 0 else { return }
                filled += count
            }
            throw CurareError(.badInput, "the file grew while it was read", at: path)
        }
    }

    /// Returns the SHA-256 of the bytes, which need not fit into memory.
    package func sha256<Of>() throws -> SHA256Digest<Of> {
        var hash = SHA256Hasher()
        try forEachPiece(size: 1 << 18) { hash.update($0) }
        return hash.finalize()
    }

    /// Calls `body` with the bytes in pieces of at most `size`.
    package func forEachPiece(size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { buffer.deallocate() }
        var offset = 0
        while case let count = try read(into: buffer, at: offset), count > 0 {
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
    }

    /// Calls `body` with the bytes of a part of the file in pieces of at most `size`.
    ///
    /// - Throws: ``CurareError`` (65) if the file ends before the part does; (74) if it cannot be read.
    package func forEachPiece(
        of range: Range<Int>, size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, min(size, range.count)), alignment: 8)
        defer { buffer.deallocate() }
        var offset = range.lowerBound
        while offset < range.upperBound {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, range.upperBound - offset)])
            let count = try read(into: part, at: offset)
            guard count > 0 else { throw CurareError(.badInput, "the file is cut off", at: path) }
            try body(UnsafeRawBufferPointer(rebasing: part[..<count]))
            offset += count
        }
    }

    /// Returns the bytes of a part of the file.
    ///
    /// - Throws: ``CurareError`` (65) if the file ends before the part does; (74) if it cannot be read.
    package func bytes(in range: Range<Int>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        // The range can come from the header of an archive, and be longer than the file.
        bytes.reserveCapacity(max(0, min(range.count, size - range.lowerBound)))
        try forEachPiece(of: range, size: 1 << 18) { bytes += $0 }
        return bytes
    }

    /// Reads at most as many bytes as fit into the buffer, and returns their number; 0 at the end of the file.
    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        do {
            return try descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
        } catch {
            throw CurareError(.inputOutput, "the file cannot be read: \(error)", at: path)
        }
    }
}

/// Reading of large files in pieces, so that the size of a file does not determine the use of memory.
package enum ChunkedFileReader {
    /// Calls `body` with the bytes of a file in pieces that end with a line feed. The last piece may end without a line
    /// feed.
    ///
    /// - Throws: ``CurareError`` (66) if the file cannot be opened; (74) if it cannot be read; the errors of `body`.
    package static func forEachOfLines(
        of file: URL, size: Int = 1 << 23, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let lineFeed = UInt8(ascii: "\n")
        var rest: [UInt8] = []
        try open(file).forEachPiece(size: size) { piece in
            guard let end = piece.lastIndex(of: lineFeed), let first = piece.firstIndex(of: lineFeed) else {
                rest += piece
                return
            }
            if rest.isEmpty {
                try body(UnsafeRawBufferPointer(rebasing: piece[...end]))
            } else {
                // First the line that started in the previous piece, then the other complete lines.
                rest += piece[...first]
                try rest.withUnsafeBytes(body)
                if first < end { try body(UnsafeRawBufferPointer(rebasing: piece[(first + 1)...end])) }
            }
            rest = Array(piece[(end + 1)...])
        }
        if !rest.isEmpty { try rest.withUnsafeBytes(body) }
    }

    /// Returns the SHA-256 of a file.
    ///
    /// - Throws: ``CurareError`` (66) if the file cannot be opened; (74) if it cannot be read.
    package static func digest(of file: URL) throws -> FileDigest {
        try open(file).sha256()
    }

    private static func open(_ file: URL) throws -> RegularFile {
        try RegularFile(file, missing: .missingInput, unreadable: .missingInput)
    }
}
