import Core
import Foundation

/// A file on disk that is read without trusting its size, its kind, or that it stays the same.
package struct RegularFile {
    package let url: URL
    package let size: Int
    private let handle: FileHandle

    /// - Throws: ``CurareError`` (74) where it cannot be opened or is no regular file.
    package init(_ url: URL) throws {
        // Without O_NONBLOCK, opening a pipe would wait for ever.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CurareError(.inputOutput, "the file cannot be read: \(String(cString: strerror(errno)))", at: url.path)
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CurareError(.inputOutput, "this is no regular file", at: url.path)
        }
        self.url = url
        size = Int(status.st_size)
    }

    /// All bytes.
    ///
    /// - Throws: ``CurareError`` (65) where there are more than `limit`, (74) where reading fails.
    package func bytes(limit: Int) throws -> [UInt8] {
        guard size <= limit else {
            throw CurareError(.badInput, "the file has \(size) bytes, more than the limit of \(limit)", at: url.path)
        }
        // One byte more shows a file that grows; one that was cut is as long as it is.
        return try [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
            while filled < buffer.count {
                let count = try read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]),
                    at: filled)
                guard count > 0 else { return }
                filled += count
            }
            throw CurareError(.badInput, "the file grew while it was read", at: url.path)
        }
    }

    /// SHA-256 of the bytes, which need not fit into memory.
    package func photoID() throws -> PhotoID {
        var hash = SHA256Hasher()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var place = 0
        try piece.withUnsafeMutableBytes { piece in
            while case let count = try read(into: piece, at: place), count > 0 {
                hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                place += count
            }
        }
        return hash.finalize()
    }

    /// How many bytes there are at `place`, at most as many as fit; 0 at the end.
    private func read(into buffer: UnsafeMutableRawBufferPointer, at place: Int) throws -> Int {
        while true {
            let count = pread(handle.fileDescriptor, buffer.baseAddress!, buffer.count, off_t(place))
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw CurareError(
                    .inputOutput, "the file cannot be read: \(String(cString: strerror(errno)))", at: url.path)
            }
        }
    }
}
