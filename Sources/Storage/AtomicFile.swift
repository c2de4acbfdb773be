import CLinux
import Core
import Foundation

/// Files that are either whole or not there: written beside, flushed, renamed. All are for the owner alone.
public enum AtomicFile {
    /// Writes `bytes` to `file`, replacing what was there, and makes missing folders.
    ///
    /// - Parameters:
    ///   - mode: 0600, or 0400 for what is never written again.
    ///   - isOneOfMany: leaves flushing to one ``flushAll(below:)`` for many files, which must come before anything that says they are there.
    /// - Throws: ``CurareError`` (74) naming the file.
    public static func write(
        _ bytes: some ContiguousBytes, to file: URL, mode: mode_t = 0o600, isOneOfMany: Bool = false
    ) throws {
        try write(to: file, mode: mode, isOneOfMany: isOneOfMany) { put in try bytes.withUnsafeBytes(put) }
    }

    /// Writes what `pieces` hands over, one piece behind the other, as ``write(_:to:mode:isOneOfMany:)`` does: for files that would fill memory.
    ///
    /// - Throws: ``CurareError`` (74) naming the file; what `pieces` throws. Nothing is put in place then.
    public static func write(
        to file: URL, mode: mode_t = 0o600, isOneOfMany: Bool = false,
        pieces: (_ put: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let folder = file.deletingLastPathComponent()
        try makeFolder(folder)
        let beside = folder.appending(path: ".\(file.lastPathComponent).\(UUID().uuidString).partial")
        do {
            try write(to: beside, mode: mode, flush: !isOneOfMany, pieces)
            guard rename(beside.path, file.path) == 0 else { throw failure("could not put the file in place", file) }
            if !isOneOfMany { try flushFolder(folder) }
        } catch {
            unlink(beside.path)
            throw error
        }
    }

    /// Flushes the file system that `folder` is on: one wait for the disk, where flushing file by file would be two a file.
    public static func flushAll(below folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("could not open the folder", folder) }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw failure("could not flush the folder to the disk", folder) }
    }

    /// Makes a folder and those above it, 0700.
    public static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CurareError(.inputOutput, "could not make the folder: \(error.localizedDescription)", at: folder.path)
        }
    }

    /// Puts a finished folder in place of nothing: after this it is whole under its name.
    public static func moveFolder(_ from: URL, to: URL) throws {
        try flushFolder(from)
        try makeFolder(to.deletingLastPathComponent())
        guard rename(from.path, to.path) == 0 else { throw failure("could not put the folder in place", to) }
        try flushFolder(to.deletingLastPathComponent())
    }

    /// Whether `name` is one of our files that a killed process left half-written.
    public static func isPartial(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(".partial")
    }

    private static func write(
        to file: URL, mode: mode_t, flush: Bool, _ pieces: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("could not make the file", file) }
        defer { close(descriptor) }
        var end = 0
        var begun = 0
        try pieces { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw failure("could not write the file", file) }
                written += count
            }
            end += bytes.count
            if flush, end - begun >= stretch {
                _ = sync_file_range(descriptor, Int64(begun), Int64(end - begun), beginWriting)
                begun = end
            }
        }
        if flush {
            guard fsync(descriptor) == 0 else { throw failure("could not flush the file to the disk", file) }
        } else {
            // The disk begins at once, so that ``flushAll(below:)`` need not wait for all of it. What fails here fails there again.
            _ = sync_file_range(descriptor, 0, 0, beginWriting)
        }
    }

    /// SYNC_FILE_RANGE_WRITE: the disk begins, and nobody waits. Whether it does is told by the flush at the end.
    private static let beginWriting: UInt32 = 2

    /// Bytes of a large file that are handed to the disk while the next ones are made.
    private static let stretch = 8 << 20

    private static func flushFolder(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("could not open the folder", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("could not flush the folder to the disk", folder) }
    }

    package static func failure(_ what: String, _ file: URL) -> CurareError {
        CurareError(
            .inputOutput, "\(what): \(String(cString: strerror(errno)))", at: file.path,
            next: "see that the disk has room and that you may write there, then run the command again")
    }
}
