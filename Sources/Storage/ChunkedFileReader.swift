import Core
import Foundation

/// A file read a piece at a time, so that its size is nobody's memory.
package enum ChunkedFileReader {
    /// Hands over the file's bytes in pieces that end with a line, but for the last one where the file does not.
    ///
    /// - Throws: ``CurareError`` (66) where the file cannot be opened, (74) where it cannot be read; what `body` throws.
    package static func forEachOfLines(
        of file: URL, size: Int = 1 << 23, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest: [UInt8] = []
        try forEach(of: file, size: size) { piece in
            guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
                rest += piece
                return
            }
            let next = UnsafeRawBufferPointer(rebasing: piece[(end + 1)...])
            if rest.isEmpty {
                try body(UnsafeRawBufferPointer(rebasing: piece[...end]))
            } else {
                // The line that two pieces share goes first, then what is whole.
                let start = piece.firstIndex(of: UInt8(ascii: "\n"))! + 1
                rest += piece[..<start]
                try rest.withUnsafeBytes(body)
                if start <= end { try body(UnsafeRawBufferPointer(rebasing: piece[start...end])) }
            }
            rest = Array(next)
        }
        if !rest.isEmpty { try rest.withUnsafeBytes(body) }
    }

    /// The SHA-256 of the file's bytes.
    package static func digest(of file: URL) throws -> FileDigest {
        var hash = SHA256Hasher()
        try forEach(of: file, size: 1 << 20) { hash.update($0) }
        return hash.finalize()
    }

    private static func forEach(of file: URL, size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CurareError(
                .missingInput, "the file is missing or cannot be read: \(String(cString: strerror(errno)))",
                at: file.path)
        }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, size)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CurareError(
                    .inputOutput, "the file could not be read: \(String(cString: strerror(errno)))", at: file.path)
            }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
