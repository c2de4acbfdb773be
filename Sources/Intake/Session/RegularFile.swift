import Catalog
import Crypto
import Foundation

/// A file on disk that is read without trusting its size, its kind, or that it stays the same.
struct RegularFile {
    let url: URL
    let size: Int
    private let handle: FileHandle

    /// - Throws: ``Refusal`` (74) where it cannot be opened or is no regular file.
    init(_ url: URL) throws {
        // Without O_NONBLOCK, opening a pipe would wait for ever.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal(.inputOutput, "the file cannot be read: \(String(cString: strerror(errno)))", at: url.path) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw Refusal(.inputOutput, "this is no regular file", at: url.path) }
        self.url = url
        size = Int(status.st_size)
    }

    /// All bytes.
    ///
    /// - Throws: ``Refusal`` (65) where there are more than `limit`, (74) where reading fails.
    func bytes(limit: Int) throws -> [UInt8] {
        guard size <= limit else { throw Refusal(.badInput, "the file has \(size) bytes, more than the limit of \(limit)", at: url.path) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        try forEachPiece { piece in
            bytes += piece
            guard bytes.count <= limit else { throw Refusal(.badInput, "the file grew past the limit of \(limit) bytes while it was read", at: url.path) }
        }
        return bytes
    }

    /// SHA-256 of the bytes, which need not fit into memory.
    func photoID() throws -> PhotoID {
        var hash = SHA256()
        try forEachPiece { hash.update(data: $0) }
        return PhotoID(finishing: hash)
    }

    private func forEachPiece(_ body: (Data) throws -> Void) throws {
        do {
            try handle.seek(toOffset: 0)
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { try body(piece) }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.inputOutput, "the file cannot be read: \(error.localizedDescription)", at: url.path)
        }
    }
}
